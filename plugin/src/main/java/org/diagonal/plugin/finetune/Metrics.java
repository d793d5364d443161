package org.diagonal.plugin.finetune;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;
import org.diagonal.plugin.checkpoint.AtomicFiles;

/**
 * {@code metrics.csv}: one row an optimizer step.
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

    private Metrics(Path file, boolean perplexity) {
        this.file = file;
        this.perplexity = perplexity;
    }

    /**
     * Opens the file of a training that has done some steps, and cuts off what comes after.
     *
     * @param perplexity whether the validation loss is in nats, so that it has a perplexity
     */
    static Metrics open(Path file, long stepsDone, boolean perplexity) throws IOException {
        StringBuilder kept = new StringBuilder(row(HEADER.toArray()));
        if (Files.exists(file)) {
            String text = Files.readString(file);
            String whole =
                    text.substring(0, text.lastIndexOf('\n') + 1); // a last row cut by a kill
            try (StringReader reader = new StringReader(whole)) {
                CSVFormat read = FORMAT.builder().setHeader().setSkipHeaderRecord(true).get();
                for (CSVRecord record : read.parse(reader)) {
                    if (Long.parseLong(record.get("step")) <= stepsDone) {
                        kept.append(row((Object[]) record.values()));
                    }
                }
            } catch (IllegalArgumentException | UncheckedIOException e) {
                throw new IOException(file + ": not the metrics of a training", e);
            }
        }
        AtomicFiles.writeString(file, kept.toString());
        return new Metrics(file, perplexity);
    }

    /**
     * Appends a step's row; an absent evaluation is an empty field.
     *
     * @throws FileSystemException if it cannot be written
     */
    void append(TrainingStep step) throws IOException {
        Object[] values = {
            step.step(),
            step.epoch(),
            step.tokens(),
            step.lr(),
            step.loss(),
            step.gradNorm(),
            step.validLoss().isPresent() ? step.validLoss().getAsDouble() : "",
            perplexity && step.validLoss().isPresent()
                    ? Math.exp(step.validLoss().getAsDouble())
                    : "",
            Math.round(step.tokensPerSecond() * 10) / 10.0,
        };
        try {
            Files.writeString(file, row(values), StandardOpenOption.APPEND);
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException e) { // a full disk's own message does not say where
            FileSystemException named =
                    new FileSystemException(
                            file.toString(), null, "could not be written: " + e.getMessage());
            named.initCause(e);
            throw named;
        }
    }

    private static String row(Object... values) throws IOException {
        StringWriter text = new StringWriter();
        try (CSVPrinter printer = new CSVPrinter(text, FORMAT)) {
            printer.printRecord(values);
        }
        return text.toString();
    }
}
