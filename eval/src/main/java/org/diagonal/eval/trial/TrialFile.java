package org.diagonal.eval.trial;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.diagonal.eval.measure.accuracy.TaskEvaluation;
import org.diagonal.eval.record.Form;
import org.diagonal.eval.record.Records;
import org.diagonal.plugin.files.AtomicFiles;
import org.diagonal.plugin.files.FileFault;

/**
 * {@code trials/HASH.json}: a trial's configuration, its result, and what it ran with.
 *
 * <p>The file is whole or absent. One that cannot be read was damaged by something else, so it is
 * refused by its name and never overwritten: whoever deletes it has the trial run again.
 *
 * @param version of the file's form
 * @param trial {@link Trial#json}
 * @param taskText the task file of its task; absent in files of earlier versions
 * @param testTaskText that of another task that it was measured on
 * @param versions what it ran with, by name
 */
public record TrialFile(
        int version,
        ObjectNode trial,
        Optional<String> taskText,
        Optional<String> testTaskText,
        Result result,
        Map<String, String> versions) {

    /** Version 2 also holds the task's text and the training loss; version 1 has neither. */
    private static final Form<TrialFile> FORM =
            Form.of("trial.json", TrialFile.class, 2, Map.of(1, root -> {}));

    /**
     * What a trial found; see {@link TrialResult}.
     *
     * @param testLoss the loss on unseen symbols once more
     */
    record Result(
            int bestEpoch,
            double validLoss,
            OptionalDouble trainLoss,
            double testLoss,
            TaskEvaluation unseen,
            TaskEvaluation seen,
            double seconds) {}

    /**
     * All that a file says of its trial.
     *
     * @param trial with its task's text, where the file has it
     */
    record Whole(Trial trial, TrialResult result) {}

    /** Where a trial's file is, in a folder of trials. */
    public static Path of(Path trials, Trial trial) {
        return trials.resolve(trial.hash() + ".json");
    }

    /**
     * The result of a finished trial.
     *
     * @return empty if the trial has no file
     * @throws FileSystemException that names the file and what is wrong with it
     */
    public static Optional<TrialResult> read(Path trials, Trial trial) throws IOException {
        Path file = of(trials, trial);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            TrialFile found = FORM.readFile(file);
            Optional<Records.Difference> other = Records.difference(trial.json(), found.trial);
            if (other.isPresent()) {
                throw FileFault.of(file, "is another trial: " + other.get().expected());
            }
            return Optional.of(found.toResult());
        } catch (NoSuchFileException e) {
            return Optional.empty(); // somebody has just deleted it
        } catch (IllegalArgumentException e) {
            throw damaged(file, e.getMessage(), e);
        } catch (FileSystemException e) {
            if (e.getReason() == null) {
                throw e; // no permission, say: the file may be whole
            }
            throw damaged(file, e.getReason(), e);
        }
    }

    /**
     * Reads a file of which the trial is not known.
     *
     * @throws IOException in one line, if it is missing or no file of a trial of this version
     */
    static Whole read(Path file) throws IOException {
        TrialFile found = FORM.readFile(file);
        try {
            return new Whole(
                    Trial.parse(found.trial, found.taskText, found.testTaskText), found.toResult());
        } catch (IllegalArgumentException e) {
            throw FileFault.of(file, e.getMessage(), e);
        }
    }

    /** The first key, but time and versions, at which a trial's results differ. */
    static Optional<Records.Difference> difference(TrialResult first, TrialResult second) {
        // Files of earlier versions have no training loss.
        boolean both = first.trainLoss().isPresent() && second.trainLoss().isPresent();
        return Records.difference(found(first, both, 0), found(second, both, 0));
    }

    private static Result found(TrialResult result, boolean withTrainLoss, double seconds) {
        return new Result(
                result.bestEpoch(),
                result.validLoss(),
                withTrainLoss ? result.trainLoss() : OptionalDouble.empty(),
                result.unseen().loss(),
                result.unseen(),
                result.seen(),
                seconds);
    }

    private static FileSystemException damaged(Path file, String why, Throwable cause) {
        return FileFault.of(file, why + "; delete it to have the trial done again", cause);
    }

    private TrialResult toResult() {
        return new TrialResult(
                result.bestEpoch,
                result.validLoss,
                result.trainLoss,
                result.unseen,
                result.seen,
                result.seconds,
                versions);
    }

    /** Writes a finished trial. */
    public static void write(Path trials, Trial trial, TrialResult result) throws IOException {
        writeTo(of(trials, trial), trial, result);
    }

    /** Writes the same text under another name. */
    static void writeTo(Path file, Trial trial, TrialResult result) throws IOException {
        AtomicFiles.writeString(file, text(trial, result));
    }

    /** The text of a finished trial's file. */
    public static String text(Trial trial, TrialResult result) {
        TrialFile file =
                new TrialFile(
                        FORM.version(),
                        trial.json(),
                        trial.task().text(),
                        trial.testTask().flatMap(Trial.Task::text),
                        found(result, true, result.seconds()),
                        new TreeMap<>(result.versions()));
        return FORM.text(file);
    }
}
