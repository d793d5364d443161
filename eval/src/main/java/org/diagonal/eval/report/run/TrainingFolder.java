package org.diagonal.eval.report.run;

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
import org.diagonal.eval.job.TrainedRun;
import org.diagonal.plugin.checkpoint.TextFile;
import org.diagonal.plugin.finetune.RunFolder;

/**
 * The folder of a finished training.
 *
 * @param started when, as {@code run.json} has it
 * @param settings of {@code run.json}, in its order
 * @param versions what it ran with
 * @param result how it ended
 * @param steps of {@code metrics.csv}
 */
record TrainingFolder(
        Path folder,
        String started,
        Map<String, String> settings,
        Map<String, String> versions,
        TrainedRun result,
        List<Step> steps) {

    private static final String METRICS = "metrics.csv";
    private static final long VERSION = 1;

    /** One optimizer step. */
    record Step(long step, double loss, OptionalDouble validLoss) {}

    /** What {@code run.json} says. */
    private record Begun(
            String started, Map<String, String> settings, Map<String, String> versions) {}

    /** Whether a folder is a training's, finished or not. */
    static boolean isOne(Path folder) {
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
                        VERSION,
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
                String valid = row.get("valid_loss");
                steps.add(
                        new Step(
                                Long.parseLong(row.get("step")),
                                Double.parseDouble(row.get("loss")),
                                valid.isEmpty()
                                        ? OptionalDouble.empty()
                                        : OptionalDouble.of(Double.parseDouble(valid))));
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

    /** {@code none}, {@code qk}, {@code ov} or {@code both}. */
    String scalings() {
        return settings.getOrDefault("scalings", "none");
    }

    /** Evaluations on validation. */
    List<Step> evaluations() {
        return steps.stream().filter(step -> step.validLoss.isPresent()).toList();
    }
}
