package org.diagonal.eval.trial;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.diagonal.eval.evaluate.LoadedModel;
import org.diagonal.eval.measure.MeasuredModel;
import org.diagonal.eval.measure.accuracy.TaskEvaluation;
import org.diagonal.eval.measure.accuracy.TaskScores;
import org.diagonal.eval.record.Records;
import org.diagonal.eval.source.Workplace;
import org.diagonal.plugin.checkpoint.Checkpoint;
import org.diagonal.plugin.files.FileFault;
import org.diagonal.plugin.files.JsonFile;
import org.diagonal.plugin.kernels.Denormals;
import org.diagonal.plugin.network.Network;

/**
 * A network that a trial kept: the one that was measured, in a folder with {@code config.json},
 * {@code model.safetensors} and {@code trial.json}, which is the trial's file once more. A GPT-2's
 * folder also holds its tokenizer.
 *
 * @param folder the network's folder
 * @param trial how it was trained, and how its test samples are drawn
 * @param result what was measured then
 */
public record KeptNetwork(Path folder, Trial trial, TrialResult result) {

    /** The file with the trial. */
    public static final String FILE = "trial.json";

    private static final String CONFIG = "config.json";
    private static final String SMALL = "template_";

    /** Whether a folder is, or once was, a network that a trial kept. */
    public static boolean isIn(Path folder) {
        return Files.exists(folder.resolve(FILE)) || isSmall(folder);
    }

    /** Whether a configuration is that of a small network, of which only trials make folders. */
    private static boolean isSmall(Path folder) {
        Path config = folder.resolve(CONFIG);
        try {
            return Files.isRegularFile(config)
                    && JsonFile.read(config).path("model_type").asText("").startsWith(SMALL);
        } catch (IOException e) {
            return false; // whoever reads it as something else says what is wrong
        }
    }

    /** The same network, to be measured on another task than its trial was. */
    public KeptNetwork on(Trial.Task other) throws IOException {
        Trial tested = trial.testedOn(Optional.of(other));
        TemplateTrials.requireFit(tested);
        return new KeptNetwork(folder, tested, result);
    }

    /**
     * Reads what a folder says of its network; the weights are not looked at.
     *
     * @throws IOException in one line, if a file is missing or the trial cannot be read
     */
    public static KeptNetwork read(Path folder) throws IOException {
        if (!Files.exists(folder.resolve(FILE))) {
            throw missing(folder, FILE);
        }
        TrialFile.Whole whole = TrialFile.read(folder.resolve(FILE));
        if (!Files.exists(folder.resolve(CONFIG))) {
            throw missing(folder, CONFIG);
        }
        if (!Checkpoint.isIn(folder)) {
            throw missing(folder, "model.safetensors");
        }
        return new KeptNetwork(folder, whole.trial(), whole.result());
    }

    private static NoSuchFileException missing(Path folder, String file) {
        return new NoSuchFileException(
                folder.toString(), null, "is not a network that a trial kept: it holds no " + file);
    }

    /**
     * Opens the network, ready for the precision of its training.
     *
     * @param manager owns the parameters
     * @throws IOException in one line, if a file is damaged or the network is not the trial's
     */
    public Network open(NDManager manager) throws IOException {
        return learner(manager).network();
    }

    private TrialNetwork learner(NDManager manager) throws IOException {
        try {
            TrialNetwork learner = TrialNetwork.kept(folder, trial, manager);
            learner.network().prepare(trial.training().precision());
            return learner;
        } catch (IllegalArgumentException e) {
            throw FileFault.of(folder, e.getMessage(), e);
        }
    }

    /**
     * Measures the network as its trial did, if count and seed are the trial's.
     *
     * @param name of the model in the result
     * @param count strings of seen and of unseen symbols each; the first are the trial's own
     * @param seed of the strings
     * @throws IOException in one line, if a file is damaged or the network is not the trial's
     */
    public TaskScores measure(Workplace place, String name, int count, long seed)
            throws IOException {
        return with(place, name, count, seed, loaded -> loaded.measure(place));
    }

    /**
     * Loads the network, to measure it as often as wanted.
     *
     * @param count strings of seen and of unseen symbols each; the first are the trial's own
     * @param seed of the strings
     */
    public <R> R with(
            Workplace place, String name, int count, long seed, LoadedModel.Use<TaskScores, R> use)
            throws IOException {
        Denormals flushed = Denormals.flushed();
        try (NDManager manager = place.manager()) {
            TrialNetwork learner = learner(manager);
            return use.of(
                    new LoadedModel<>(
                            MeasuredModel.of(name).computed(trial.training().precision()),
                            learner.network(),
                            (where, named) -> learner.scores(trial, named, count, seed, manager)));
        } finally {
            flushed.close();
        }
    }

    /** The first number of the trial's own measurement that another one does not have. */
    public Optional<Records.Difference> difference(TaskScores scores) {
        return Records.difference(
                numbers(result.unseen(), result.seen()), numbers(scores.unseen(), scores.seen()));
    }

    /** What a measurement says, in the order of its importance. */
    private static Map<String, Double> numbers(TaskEvaluation unseen, TaskEvaluation seen) {
        Map<String, Double> numbers = new LinkedHashMap<>();
        numbers.put("test_loss", unseen.loss());
        numbers.put("test_accuracy", unseen.accuracy().proportion().value());
        numbers.put("seen_loss", seen.loss());
        numbers.put("seen_accuracy", seen.accuracy().proportion().value());
        return numbers;
    }
}
