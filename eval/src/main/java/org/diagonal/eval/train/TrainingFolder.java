package org.diagonal.eval.train;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Function;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.diagonal.eval.record.Records;
import org.diagonal.plugin.files.FileFault;
import org.diagonal.plugin.files.TextFile;
import org.diagonal.plugin.finetune.TrainingResult;
import org.diagonal.plugin.identity.Arm;
import org.diagonal.plugin.network.Loss;
import org.diagonal.plugin.run.RunFolder;

/**
 * The folder of a finished training.
 *
 * @param started when, as {@code run.json} has it
 * @param scalings the circuits with scalings
 * @param settings of {@code run.json}, in its order
 * @param versions what it ran with
 * @param result how it ended
 * @param steps rows of {@code metrics.csv}
 */
public record TrainingFolder(
        Path folder,
        String started,
        Arm scalings,
        Map<String, String> settings,
        Map<String, String> versions,
        TrainedRun result,
        List<Step> steps) {

    private static final String METRICS = "metrics.csv";

    /** One optimizer step, or the evaluation before the first, step 0, which has no loss. */
    public record Step(long step, OptionalDouble loss, OptionalDouble validLoss) {}

    /** Whether a folder is a training's, finished or not. */
    public static boolean isOne(Path folder) {
        return Files.exists(folder.resolve(RunFolder.RUN));
    }

    /**
     * Reads a folder.
     *
     * @throws FileSystemException in one line, if the training is not finished, is of another
     *     version, or a file is damaged
     */
    public static TrainingFolder read(Path folder) throws IOException {
        RunRecord begun = RunRecord.FORM.read(folder);
        if (!Files.exists(folder.resolve(RunFolder.RESULT))) {
            throw new NoSuchFileException(
                    folder.toString(),
                    null,
                    "is not finished: it has no %s; run the same command again to resume it"
                            .formatted(RunFolder.RESULT));
        }
        return of(folder, begun, TrainedRun.read(folder), steps(folder.resolve(METRICS)));
    }

    private static TrainingFolder of(
            Path folder, RunRecord begun, TrainedRun result, List<Step> steps)
            throws FileSystemException {
        return new TrainingFolder(
                folder,
                begun.started(),
                scalings(folder, begun.settings()),
                Records.words(begun.settings()),
                begun.versions(),
                result,
                steps);
    }

    /**
     * Reads the folder of a training that may not be finished: then its result is what its metrics
     * say so far.
     */
    public static TrainingFolder sofar(Path folder) throws IOException {
        if (Files.exists(folder.resolve(RunFolder.RESULT))) {
            return read(folder);
        }
        RunRecord begun = RunRecord.FORM.read(folder);
        List<Step> steps = steps(folder.resolve(METRICS));
        boolean nats = hasPerplexity(folder.resolve(METRICS));
        Optional<Step> best =
                steps.stream()
                        .filter(step -> step.step() > 0 && step.validLoss().isPresent())
                        .min(Comparator.comparingDouble(step -> step.validLoss().getAsDouble()));
        TrainedRun result =
                new TrainedRun(
                        folder,
                        TrainingResult.Outcome.INTERRUPTED,
                        steps.get(steps.size() - 1).step(),
                        0,
                        best.map(step -> OptionalLong.of(step.step())).orElse(OptionalLong.empty()),
                        best.map(Step::validLoss).orElse(OptionalDouble.empty()),
                        nats ? Loss.NATS : Loss.SQUARED_ERROR,
                        0,
                        0,
                        0);
        return of(folder, begun, result, steps);
    }

    /** The settings in which trainings do not differ, in the order of the first. */
    public static Map<String, String> shared(List<TrainingFolder> trainings) {
        Map<String, String> shared = new LinkedHashMap<>(trainings.get(0).settings);
        trainings.forEach(one -> shared.entrySet().retainAll(one.settings.entrySet()));
        return shared;
    }

    private static Arm scalings(Path folder, ObjectNode settings) throws FileSystemException {
        try {
            return Arm.named(settings.path("control").asText(settings.path("scalings").asText()));
        } catch (IllegalArgumentException e) {
            throw FileFault.of(
                    folder.resolve(RunFolder.RUN), "key settings.scalings: " + e.getMessage(), e);
        }
    }

    /** Whether the validation loss is in nats, so that a perplexity stands beside it. */
    private static boolean hasPerplexity(Path file) throws IOException {
        List<String> lines = TextFile.read(file).lines().toList();
        int loss = List.of(lines.get(0).split(",", -1)).indexOf("valid_loss");
        return lines.stream()
                .skip(1)
                .map(line -> line.split(",", -1))
                .filter(row -> loss >= 0 && loss + 1 < row.length && !row[loss].isEmpty())
                .allMatch(row -> !row[loss + 1].isEmpty());
    }

    private static List<Step> steps(Path file) throws IOException {
        CSVFormat format = CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).get();
        List<Step> steps = new ArrayList<>();
        try (Reader reader = new StringReader(TextFile.read(file))) {
            for (CSVRecord row : format.parse(reader)) {
                steps.add(
                        new Step(
                                value(row, "step", Long::parseLong).orElseThrow(),
                                number(row, "loss"),
                                number(row, "valid_loss")));
            }
        } catch (IllegalArgumentException | UncheckedIOException e) {
            String reason = e instanceof UncheckedIOException ? "is cut off" : e.getMessage();
            throw FileFault.of(file, "is not the metrics of a training: " + reason, e);
        }
        if (steps.isEmpty()) {
            throw FileFault.of(file, "has no row of any step");
        }
        return steps;
    }

    private static OptionalDouble number(CSVRecord row, String column) {
        Optional<Double> value = value(row, column, Double::parseDouble);
        return value.isPresent() ? OptionalDouble.of(value.get()) : OptionalDouble.empty();
    }

    /** A field of a row; empty for an empty one, which a step must not have. */
    private static <T> Optional<T> value(CSVRecord row, String column, Function<String, T> parser) {
        if (!row.isMapped(column) || !row.isSet(column)) {
            throw new IllegalArgumentException(
                    "row %d has no %s".formatted(row.getRecordNumber(), column));
        }
        String field = row.get(column);
        try {
            return field.isEmpty() && !column.equals("step")
                    ? Optional.empty()
                    : Optional.of(parser.apply(field));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "row %d: %s is not a number: '%s'"
                            .formatted(row.getRecordNumber(), column, field),
                    e);
        }
    }

    /** What it trained on what, as pages are called. */
    public String title() {
        return "%s on %s, scalings %s"
                .formatted(
                        settings.getOrDefault("model", "A model"),
                        settings.getOrDefault("data", "a text"),
                        scalings);
    }

    /** Optimizer steps alone. */
    List<Step> trained() {
        return steps.stream().filter(step -> step.loss.isPresent()).toList();
    }

    /** Evaluations on validation, the one before the first step included. */
    public List<Step> evaluations() {
        return steps.stream().filter(step -> step.validLoss.isPresent()).toList();
    }
}
