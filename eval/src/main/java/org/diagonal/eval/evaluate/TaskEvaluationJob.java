package org.diagonal.eval.evaluate;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.diagonal.eval.measure.MeasuredModel;
import org.diagonal.eval.measure.accuracy.TaskScores;
import org.diagonal.eval.source.Backend;
import org.diagonal.eval.source.ModelSource;
import org.diagonal.eval.source.Workplace;
import org.diagonal.eval.task.TaskSetting;
import org.diagonal.eval.train.Start;
import org.diagonal.eval.train.TaskData;
import org.diagonal.eval.train.TrainingJob;
import org.diagonal.plugin.gpt2.Gpt2;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.kernels.Precision;
import org.diagonal.plugin.onnx.run.OnnxModel;
import org.diagonal.plugin.tokenizer.ModelTokenizer;
import org.diagonal.templates.alphabet.Alphabets;
import org.diagonal.templates.task.LabelKind;
import org.diagonal.templates.task.Task;
import org.diagonal.templates.task.Transfer;

/**
 * The accuracy of a GPT-2 on a template task.
 *
 * @param name the task's name or file, as the user gave it
 * @param task the task
 * @param setting how strings are drawn
 * @param samples strings of seen and of unseen symbols each
 * @param precision of the operands of products in DJL
 * @param tested what the strings that are measured on are of, if that is another task than the one
 *     that the model was trained on
 */
public record TaskEvaluationJob(
        String name,
        Task task,
        TaskSetting setting,
        int samples,
        Precision precision,
        Optional<Tested> tested) {

    /**
     * Another task.
     *
     * @param name its name or file, as the user gave it
     */
    public record Tested(String name, Task task) {}

    /** Checks that the task tested asks for answers that the training gives. */
    public TaskEvaluationJob {
        tested.ifPresent(other -> Transfer.requireAnswers(task, other.task));
    }

    /** What strings are measured on. */
    public Task measured() {
        return tested.map(Tested::task).orElse(task);
    }

    private String measuredName() {
        return tested.map(Tested::name).orElse(name);
    }

    /** The alphabets of the training, for strings of what is measured on. */
    private Alphabets alphabets(Gpt2Config config, ModelTokenizer words) {
        Alphabets trained = TaskData.alphabets(task, setting, config, words);
        return tested.map(other -> TaskData.tested(trained, other.task, setting, config, words))
                .orElse(trained);
    }

    /**
     * Measures a model.
     *
     * @param backend what computes it
     * @throws IllegalArgumentException if its head does not fit the labels, or it was trained with
     *     other alphabets, whose symbols would be taken for unseen ones
     */
    public TaskScores run(Workplace place, ModelSource model, Backend backend) throws IOException {
        return switch (backend) {
            case DJL -> with(place, model, loaded -> loaded.measure(place));
            case ONNX -> onnx(place, model, alphabets(model));
        };
    }

    /** Loads a model in DJL, to measure it as often as wanted. */
    public <R> R with(Workplace place, ModelSource model, LoadedModel.Use<TaskScores, R> use)
            throws IOException {
        Alphabets alphabets = alphabets(model);
        try (NDManager manager = place.manager()) {
            Gpt2 network = model.load(model.config(), manager);
            network.prepare(precision);
            Readout readout = Readout.of(network, manager);
            return use.of(
                    new LoadedModel<>(
                            model.measured().computed(precision),
                            network,
                            (where, named) -> scores(readout, named, alphabets)));
        }
    }

    private Alphabets alphabets(ModelSource model) throws IOException {
        Gpt2Config config = model.config();
        requireHead(model, config);
        requireAlphabets(model);
        Optional<ModelTokenizer> tokenizer = Workplace.tokenizer(model, List.of());
        try {
            ModelTokenizer words = TaskData.tokenizer(name, tokenizer);
            return alphabets(config, words);
        } finally {
            tokenizer.ifPresent(ModelTokenizer::close);
        }
    }

    /**
     * Measures what a training begins with: a head for real labels, which only the training gives
     * the model, is the one that is drawn for it.
     */
    public TaskScores run(Workplace place, TrainingJob training) throws IOException {
        Start start = training.start();
        ModelTokenizer words = TaskData.tokenizer(name, start.tokenizer(List.of()));
        try (NDManager manager = place.manager()) {
            Gpt2Config config = training.data().fit(start.config());
            Alphabets alphabets = alphabets(config, words);
            Gpt2 network = start.network(config, training.plan().settings().seed(), manager);
            network.prepare(precision);
            return scores(
                    Readout.of(network, manager),
                    MeasuredModel.of(start.name()).computed(precision),
                    alphabets);
        } finally {
            words.close();
        }
    }

    private TaskScores onnx(Workplace place, ModelSource model, Alphabets alphabets)
            throws IOException {
        try (OnnxModel exported = model.open(place.threads())) {
            return scores(Readout.of(exported), model.measured(), alphabets);
        }
    }

    private TaskScores scores(Readout readout, MeasuredModel model, Alphabets alphabets) {
        return new TaskScorer(readout, model, measuredName(), Optional.empty())
                .scores(alphabets, samples, setting.seed());
    }

    private void requireHead(ModelSource model, Gpt2Config config) {
        boolean real = task.kind() == LabelKind.REAL;
        if (real != config.regression()) {
            throw new IllegalArgumentException(
                    real
                            ? "%s has real labels, and %s has no head for them: fine-tune it on the task first"
                                    .formatted(name, model.name())
                            : "%s has symbolic labels, and the head of %s reads out a real number"
                                    .formatted(name, model.name()));
        }
    }

    private void requireAlphabets(ModelSource model) throws IOException {
        Optional<TaskSetting> trained = TaskSetting.of(model.folder());
        if (trained.isPresent() && !trained.get().equals(setting)) {
            throw new IllegalArgumentException(
                    "%s was trained with %s, so that with %s seen symbols would count as unseen"
                            .formatted(model.name(), trained.get(), setting));
        }
    }
}
