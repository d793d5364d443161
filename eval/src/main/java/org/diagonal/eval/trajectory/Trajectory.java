package org.diagonal.eval.trajectory;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.diagonal.plugin.files.FileFault;
import org.diagonal.plugin.files.TextFile;
import org.diagonal.plugin.identity.Circuit;
import org.diagonal.plugin.identity.Head;
import org.diagonal.plugin.run.RunFolder;

/**
 * a and b of every head over a training, as {@code scalings.csv} of its folder keeps them.
 *
 * @param values for every circuit that has scalings, by head: its moments in the order of steps
 */
record Trajectory(Map<Circuit, Map<Head, List<Moment>>> values) {

    /** A scaling after a step. */
    record Moment(long step, double value) {}

    /**
     * Reads a run's; a last row that is being written is left out.
     *
     * @return without a circuit where there is no file: the training has no scalings, or an older
     *     version did it
     * @throws FileSystemException in one line, if the file holds something else
     */
    static Trajectory read(Path run) throws IOException {
        Map<Circuit, Map<Head, List<Moment>>> values = new EnumMap<>(Circuit.class);
        Path file = run.resolve(RunFolder.SCALINGS);
        if (!Files.exists(file)) {
            return new Trajectory(values);
        }
        String text = TextFile.read(file);
        CSVFormat format = CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).get();
        try (StringReader whole = new StringReader(text.substring(0, text.lastIndexOf('\n') + 1))) {
            for (CSVRecord row : format.parse(whole)) {
                long step = Long.parseLong(row.get("step"));
                Head head =
                        new Head(
                                Integer.parseInt(row.get("layer")),
                                Integer.parseInt(row.get("head")));
                for (Circuit circuit : Circuit.values()) {
                    String field = row.get(circuit.letter());
                    if (!field.isEmpty()) {
                        values.computeIfAbsent(circuit, any -> new TreeMap<>())
                                .computeIfAbsent(head, any -> new ArrayList<>())
                                .add(new Moment(step, Double.parseDouble(field)));
                    }
                }
            }
            values.values().forEach(Trajectory::completed);
        } catch (IllegalArgumentException | UncheckedIOException e) {
            throw FileFault.of(file, "is not the scalings of a training: " + e.getMessage(), e);
        }
        return new Trajectory(values);
    }

    /** Leaves out a last step that is being written; refuses heads with other steps. */
    private static void completed(Map<Head, List<Moment>> heads) {
        List<Long> steps = steps(heads.values().iterator().next());
        List<Long> before = steps.subList(0, steps.size() - 1);
        boolean isCut = heads.values().stream().anyMatch(one -> steps(one).equals(before));
        heads.forEach(
                (head, moments) -> {
                    if (isCut && steps(moments).equals(steps)) {
                        moments.remove(moments.size() - 1);
                    }
                    if (!steps(moments).equals(isCut ? before : steps)) {
                        throw new IllegalArgumentException("head " + head + " has other steps");
                    }
                });
    }

    private static List<Long> steps(List<Moment> moments) {
        return moments.stream().map(Moment::step).toList();
    }

    /** The heads of a circuit, those with the largest last values first. */
    List<Map.Entry<Head, List<Moment>>> byStrength(Circuit circuit) {
        return values.getOrDefault(circuit, Map.of()).entrySet().stream()
                .sorted((one, other) -> Double.compare(last(other), last(one)))
                .toList();
    }

    private static double last(Map.Entry<Head, List<Moment>> head) {
        return Math.abs(head.getValue().get(head.getValue().size() - 1).value());
    }
}
