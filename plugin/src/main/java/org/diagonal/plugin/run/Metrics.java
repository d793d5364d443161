package org.diagonal.plugin.run;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;
import org.diagonal.plugin.files.AtomicFiles;
import org.diagonal.plugin.files.TextFile;
import org.diagonal.plugin.finetune.TrainingStep;

/**
 * {@code metrics.csv}: one row an optimizer step, and before them a row {@code 0} with the loss on
 * validation that the network began with.
 *
 * <p>A row is appended whole. Before a training goes on, rows beyond its checkpoint are cut off, so
 * that the file is that of a training which was never interrupted (but for the speed).
 */
final class Metrics {

    private static final List<String> HEADER =
            List.of(
                    "step",
                    "epoch",
                    "tokens",
                    "lr",
                    "loss",
                    "grad_norm",
                    "valid_loss",
                    "valid_perplexity",
                    "tokens_per_second");

    private static final CSVFormat FORMAT =
            CSVFormat.DEFAULT.builder().setRecordSeparator('\n').get();

    private final Path file;
    private final boolean perplexity;
    private final Map<Long, Double> validLosses;

    private Metrics(Path file, boolean perplexity, Map<Long, Double> validLosses) {
        this.file = file;
        this.perplexity = perplexity;
        this.validLosses = validLosses;
    }

    /**
     * Opens the file of a training that has done some steps, and cuts off what comes after.
     *
     * @param stepsDone the last step whose row stays; −1 for a training that begins
     * @param perplexity whether the validation loss is in nats, so that it has a perplexity
     * @throws FileSystemException if a row of these steps is missing
     */
    static Metrics open(Path file, long stepsDone, boolean perplexity) throws IOException {
        StringBuilder kept = new StringBuilder(row(HEADER));
        Map<Long, Double> validLosses = new HashMap<>();
        long step = -1; // the last that stays
        for (Map<String, String> row : rows(file)) {
            boolean unevaluated =
                    step == -1 && row.get("step").equals("1"); // nothing to evaluate on
            long next = unevaluated ? 1 : step + 1;
            if (next > stepsDone) {
                break;
            }
            if (!row.get("step").equals(Long.toString(next))) {
                throw lacks(file, next, stepsDone);
            }
            step = next;
            kept.append(row(row.values()));
            if (!row.get("valid_loss").isEmpty()) {
                validLosses.put(step, Double.valueOf(row.get("valid_loss")));
            }
        }
        if (step < stepsDone) {
            throw lacks(file, Math.max(step, 0) + 1, stepsDone);
        }
        if (!validLosses.isEmpty() && !validLosses.containsKey(0L)) {
            throw lacks(file, 0, stepsDone);
        }
        AtomicFiles.writeString(file, kept.toString());
        return new Metrics(file, perplexity, validLosses);
    }

    private static FileSystemException lacks(Path file, long first, long stepsDone) {
        return new FileSystemException(
                file.toString(),
                null,
                "lacks the row of step %d, and the last checkpoint is of step %d: put the file back, or remove the checkpoints from that step on"
                        .formatted(first, stepsDone));
    }

    /** Brings the rows to disk, before a checkpoint that counts on them is. */
    void sync() throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    /**
     * The rows of a file, fields by their columns; a last row that a kill has cut is left out.
     *
     * @return empty if there is no file
     * @throws IOException if it holds something else
     */
    static List<Map<String, String>> rows(Path file) throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        String text = TextFile.read(file);
        String whole = text.substring(0, text.lastIndexOf('\n') + 1);
        List<Map<String, String>> rows = new ArrayList<>();
        try (StringReader reader = new StringReader(whole)) {
            CSVFormat read = FORMAT.builder().setHeader().setSkipHeaderRecord(true).get();
            for (CSVRecord record : read.parse(reader)) {
                Map<String, String> row = new LinkedHashMap<>();
                HEADER.forEach(column -> row.put(column, record.get(column)));
                Long.parseLong(row.get("step"));
                rows.add(row);
            }
        } catch (IllegalArgumentException | UncheckedIOException e) {
            throw new IOException(file + ": not the metrics of a training", e);
        }
        return rows;
    }

    /** The loss on validation after a step, if it was measured. */
    OptionalDouble validLoss(long step) {
        return validLosses.containsKey(step)
                ? OptionalDouble.of(validLosses.get(step))
                : OptionalDouble.empty();
    }

    /**
     * Appends a step's row; an absent evaluation is an empty field.
     *
     * @return the row, fields by their columns
     * @throws FileSystemException if it cannot be written
     */
    Map<String, String> append(TrainingStep step) throws IOException {
        step.validLoss().ifPresent(loss -> validLosses.put(step.step(), loss));
        return append(
                step.step(),
                step.epoch(),
                step.tokens(),
                step.lr(),
                step.loss(),
                step.gradNorm(),
                step.validLoss().isPresent() ? step.validLoss().getAsDouble() : "",
                step.validLoss().isPresent() ? perplexity(step.validLoss().getAsDouble()) : "",
                Math.round(step.tokensPerSecond() * 10) / 10.0);
    }

    /**
     * Appends the row of step 0: what the network's loss on validation is before any step.
     *
     * @return the row, fields by their columns
     * @throws FileSystemException if it cannot be written
     */
    Map<String, String> begin(double validLoss) throws IOException {
        return append(0, 0.0, 0, "", "", "", validLoss, perplexity(validLoss), "");
    }

    private Object perplexity(double validLoss) {
        return perplexity ? Math.exp(validLoss) : "";
    }

    private Map<String, String> append(Object... values) throws IOException {
        Map<String, String> row = new LinkedHashMap<>();
        for (int i = 0; i < values.length; i++) {
            row.put(HEADER.get(i), values[i].toString());
        }
        append(file, row(row.values()).getBytes(StandardCharsets.UTF_8));
        return row;
    }

    /**
     * Appends to a file.
     *
     * @throws FileSystemException if it cannot be written; a full disk's own message does not say
     *     where
     */
    static void append(Path file, byte[] bytes) throws FileSystemException {
        try {
            Files.write(file, bytes, StandardOpenOption.APPEND);
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException e) {
            FileSystemException named =
                    new FileSystemException(
                            file.toString(), null, "could not be written: " + e.getMessage());
            named.initCause(e);
            throw named;
        }
    }

    private static String row(Collection<String> values) throws IOException {
        StringWriter text = new StringWriter();
        try (CSVPrinter printer = new CSVPrinter(text, FORMAT)) {
            printer.printRecord(values);
        }
        return text.toString();
    }
}
