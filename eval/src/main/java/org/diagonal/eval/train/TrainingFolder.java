package org.diagonal.eval.train;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.diagonal.eval.record.ResultFile;
import org.diagonal.plugin.files.TextFile;
import org.diagonal.plugin.run.RunFolder;

/**
 * The folder of a finished training.
 *
 * @param started when, as {@code run.json} has it
 * @param settings of {@code run.json}, in its order
 * @param versions what it ran with
 * @param result how it ended
 * @param steps rows of {@code metrics.csv}
 */
public record TrainingFolder(
        Path folder,
        String started,
        Map<String, String> settings,
        Map<String, String> versions,
        TrainedRun result,
        List<Step> steps) {

    private static final String METRICS = "metrics.csv";
    private static final long OLDEST = 1;
    private static final long NEWEST = 2;

    /** One optimizer step, or the evaluation before the first, step 0, which has no loss. */
    record Step(long step, OptionalDouble loss, OptionalDouble validLoss) {}

    /** What {@code run.json} says. */
    private record Begun(
            String started, Map<String, String> settings, Map<String, String> versions) {}

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
    static TrainingFolder read(Path folder) throws IOException {
        Begun begun =
                ResultFile.read(
                        folder.resolve(RunFolder.RUN),
                        "run",
                        OLDEST,
                        NEWEST,
                        keys ->
                                new Begun(
                                        keys.text("started"),
                                        ResultFile.words(keys.value("settings")),
                                        ResultFile.words(keys.value("versions"))));
        if (!Files.exists(folder.resolve(RunFolder.RESULT))) {
            throw new NoSuchFileException(
                    folder.toString(),
                    null,
                    "is not finished: it has no %s; the command that began it goes on with it"
                            .formatted(RunFolder.RESULT));
        }
        return new TrainingFolder(
                folder,
                begun.started,
                begun.settings,
                begun.versions,
                TrainedRun.read(folder),
                steps(folder.resolve(METRICS)));
    }

    private static List<Step> steps(Path file) throws IOException {
        CSVFormat format = CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).get();
        List<Step> steps = new ArrayList<>();
        try (Reader reader = new StringReader(TextFile.read(file))) {
            for (CSVRecord row : format.parse(reader)) {
                steps.add(
                        new Step(
                                Long.parseLong(row.get("step")),
                                number(row.get("loss")),
                                number(row.get("valid_loss"))));
            }
        } catch (IllegalArgumentException | UncheckedIOException e) {
            FileSystemException named =
                    new FileSystemException(
                            file.toString(),
                            null,
                            "is not the metrics of a training: " + e.getMessage());
            named.initCause(e);
            throw named;
        }
        if (steps.isEmpty()) {
            throw new FileSystemException(file.toString(), null, "has no row of any step");
        }
        return steps;
    }

    private static OptionalDouble number(String field) {
        return field.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(Double.parseDouble(field));
    }

    /** Optimizer steps alone. */
    List<Step> trained() {
        return steps.stream().filter(step -> step.loss.isPresent()).toList();
    }

    /** {@code none}, {@code qk}, {@code ov} or {@code both}. */
    String scalings() {
        return settings.getOrDefault("scalings", "none");
    }

    /** Evaluations on validation, the one before the first step included. */
    List<Step> evaluations() {
        return steps.stream().filter(step -> step.validLoss.isPresent()).toList();
    }
}
