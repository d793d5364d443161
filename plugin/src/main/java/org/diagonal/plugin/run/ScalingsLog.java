package org.diagonal.plugin.run;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.diagonal.plugin.files.AtomicFiles;
import org.diagonal.plugin.files.TextFile;
import org.diagonal.plugin.identity.Circuit;
import org.diagonal.plugin.identity.Head;
import org.diagonal.plugin.identity.ScalingTensors;
import org.diagonal.plugin.network.Network;

/**
 * {@code scalings.csv}: a and b of every head over a training, one row for each step and head, a
 * field empty where the circuit has no scalings.
 *
 * <p>A step's rows are appended together. Before a training goes on, rows beyond its checkpoint are
 * cut off. A run that an older version began has no rows of its first steps.
 */
final class ScalingsLog {

    private static final String HEADER = "step,layer,head,a,b\n";

    private static final int COLUMNS = 5;

    private static final CSVFormat FORMAT =
            CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).get();

    private final Path file;
    private final Network network;
    private final ScalingTensors tensors;

    private ScalingsLog(Path file, Network network, ScalingTensors tensors) {
        this.file = file;
        this.network = network;
        this.tensors = tensors;
    }

    /**
     * Opens the file of a training that has done some steps, and cuts off what comes after. A
     * network without scalings gets no file.
     *
     * @param stepsDone the last step whose rows stay; −1 for a training that begins
     * @throws IOException if the file holds something else
     */
    static ScalingsLog open(Path file, long stepsDone, Network network) throws IOException {
        ScalingTensors tensors = ScalingTensors.of(network.scalings());
        ScalingsLog log = new ScalingsLog(file, network, tensors);
        if (!tensors.isEmpty()) {
            AtomicFiles.writeString(file, HEADER + log.kept(stepsDone));
        }
        return log;
    }

    /** The rows up to a step, as they are; all heads of each step, in order. */
    private String kept(long stepsDone) throws IOException {
        if (!Files.exists(file)) {
            return "";
        }
        String text = TextFile.read(file);
        String whole = text.substring(0, text.lastIndexOf('\n') + 1);
        List<Head> heads = heads();
        StringBuilder kept = new StringBuilder();
        long last = -1;
        int rows = 0;
        try (StringReader reader = new StringReader(whole)) {
            for (CSVRecord row : FORMAT.parse(reader)) {
                long step = Long.parseLong(row.get("step"));
                boolean next = rows % heads.size() == 0;
                if (next && step > stepsDone) {
                    break;
                }
                Head head = heads.get(rows % heads.size());
                boolean inOrder =
                        (next ? step > last : step == last)
                                && row.get("layer").equals(Integer.toString(head.layer()))
                                && row.get("head").equals(Integer.toString(head.head()))
                                && row.size() == COLUMNS;
                if (!inOrder) {
                    throw damaged();
                }
                last = step;
                rows++;
                kept.append(String.join(",", row.values())).append('\n');
            }
        } catch (IllegalArgumentException | UncheckedIOException e) {
            throw damaged();
        }
        if (rows % heads.size() != 0) {
            throw damaged();
        }
        return kept.toString();
    }

    private FileSystemException damaged() {
        return new FileSystemException(
                file.toString(),
                null,
                "is not the scalings of this training; without it the run resumes, too");
    }

    /** The heads of a step's rows, in their order. */
    private List<Head> heads() {
        List<Head> heads = new ArrayList<>();
        for (int layer : layers()) {
            int count =
                    Math.max(
                            values(tensors.of(Circuit.QK), layer).length,
                            values(tensors.of(Circuit.OV), layer).length);
            for (int head = 0; head < count; head++) {
                heads.add(new Head(layer, head));
            }
        }
        return heads;
    }

    private SortedSet<Integer> layers() {
        TreeSet<Integer> layers = new TreeSet<>(tensors.of(Circuit.QK).keySet());
        layers.addAll(tensors.of(Circuit.OV).keySet());
        return layers;
    }

    /**
     * Appends the scalings as they are after a step.
     *
     * @throws FileSystemException if they cannot be written
     */
    void append(long step) throws IOException {
        if (tensors.isEmpty()) {
            return;
        }
        NavigableMap<Integer, String> a = tensors.of(Circuit.QK);
        NavigableMap<Integer, String> b = tensors.of(Circuit.OV);
        StringBuilder rows = new StringBuilder();
        for (int layer : layers()) {
            float[] as = values(a, layer);
            float[] bs = values(b, layer);
            for (int head = 0; head < Math.max(as.length, bs.length); head++) {
                rows.append(step).append(',').append(layer).append(',').append(head);
                rows.append(',').append(field(as, head));
                rows.append(',').append(field(bs, head)).append('\n');
            }
        }
        Metrics.append(file, rows.toString().getBytes(StandardCharsets.UTF_8));
    }

    private float[] values(NavigableMap<Integer, String> names, int layer) {
        return names.containsKey(layer)
                ? network.parameters().get(names.get(layer)).getArray().toFloatArray()
                : new float[0];
    }

    private static String field(float[] heads, int head) {
        return head < heads.length ? Float.toString(heads[head]) : "";
    }

    /** Brings the rows to disk, before a checkpoint that counts on them is. */
    void sync() throws IOException {
        if (!tensors.isEmpty()) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
        }
    }
}
