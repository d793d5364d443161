package org.diagonal.eval.train;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.diagonal.eval.source.Workplace;
import org.diagonal.eval.task.SampleExamples;
import org.diagonal.eval.task.TaskHash;
import org.diagonal.eval.task.TaskSetting;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.tokenizer.ModelTokenizer;
import org.diagonal.templates.alphabet.Alphabets;
import org.diagonal.templates.alphabet.Role;
import org.diagonal.templates.alphabet.Samples;
import org.diagonal.templates.task.LabelKind;
import org.diagonal.templates.task.LabelledTemplate;
import org.diagonal.templates.task.Task;

/**
 * A template task, as strings that a GPT-2's tokenizer can render.
 *
 * @param name the task's name or file, as the user gave it
 * @param task the task
 * @param setting how strings are drawn
 * @param samples strings to train on
 * @param validSamples strings to choose the best step on
 */
public record TaskData(String name, Task task, TaskSetting setting, int samples, int validSamples)
        implements TrainingData {

    /** What {@code run.json} says of a task, beside its setting. */
    record Keys(
            String data,
            String dataSha256,
            String validDataSha256,
            String taskSha256,
            String tokenizerSha256,
            int samples,
            int validSamples) {}

    @Override
    public boolean validates() {
        return true;
    }

    @Override
    public Gpt2Config fit(Gpt2Config config) {
        if (task.kind() == LabelKind.REAL) {
            return config.regression() ? config : config.withRegression();
        }
        if (config.regression()) {
            throw new IllegalArgumentException(
                    name + " has symbolic labels, and the model's head reads out a real number");
        }
        return config;
    }

    @Override
    public Optional<ModelTokenizer> tokenizer(Start start) throws IOException {
        return Optional.of(tokenizer(name, start.tokenizer(List.of())));
    }

    public static ModelTokenizer tokenizer(String name, Optional<ModelTokenizer> tokenizer) {
        return tokenizer.orElseThrow(
                () ->
                        new IllegalArgumentException(
                                name
                                        + " needs a model with a tokenizer: its folder has no"
                                        + " tokenizer.json, and no vocab.json with merges.txt"));
    }

    @Override
    public Lesson lesson(Workplace place, Gpt2Config config, Optional<ModelTokenizer> tokenizer) {
        ModelTokenizer words = tokenizer.orElseThrow();
        Alphabets alphabets = alphabets(task, setting, config, words);
        Samples train = Samples.draw(alphabets, Role.TRAINING, samples, setting.seed());
        Samples valid = Samples.draw(alphabets, Role.VALIDATION, validSamples, setting.seed());
        Keys keys =
                new Keys(
                        name,
                        train.sha256(),
                        valid.sha256(),
                        TaskHash.of(task),
                        words.sha256(),
                        samples,
                        validSamples);
        return new Lesson(
                new SampleExamples(train),
                Optional.of(new SampleExamples(valid)),
                RunRecord.settings(keys, setting.keys()));
    }

    /**
     * The alphabets in a model's vocabulary.
     *
     * @throws IllegalArgumentException if the task cannot be rendered, its strings are longer than
     *     the context, or its templates differ in their number of tokens
     */
    public static Alphabets alphabets(
            Task task, TaskSetting setting, Gpt2Config config, ModelTokenizer tokenizer) {
        Alphabets alphabets =
                Alphabets.inVocabulary(
                        task,
                        tokenizer.tokenizer(),
                        config.vocabSize(),
                        setting.symbols(),
                        setting.alphabets(),
                        setting.seed());
        return fitting(task, alphabets, config);
    }

    /**
     * The same symbols for strings of another task, which a model is measured on.
     *
     * @param trained the training task's
     * @throws IllegalArgumentException if its labels are none of the training task's, it cannot be
     *     rendered with these symbols, its strings are longer than the context, or its templates
     *     differ in their number of tokens
     */
    public static Alphabets tested(
            Alphabets trained,
            Task other,
            TaskSetting setting,
            Gpt2Config config,
            ModelTokenizer tokenizer) {
        Alphabets alphabets = trained.with(other, tokenizer.tokenizer(), setting.symbols());
        return fitting(other, alphabets, config);
    }

    /** Alphabets whose strings fit, and end together: the last position of a batch is read out. */
    private static Alphabets fitting(Task task, Alphabets alphabets, Gpt2Config config) {
        if (alphabets.length() > config.nPositions()) {
            throw new IllegalArgumentException(
                    "%s: strings of %d tokens do not fit into the model's n_positions: %d"
                            .formatted(task.name(), alphabets.length(), config.nPositions()));
        }
        for (int i = 0; i < task.templates().size(); i++) {
            if (alphabets.length(i) != alphabets.length(0)) {
                LabelledTemplate first = task.templates().get(0);
                LabelledTemplate other = task.templates().get(i);
                throw new IllegalArgumentException(
                        "%s: templates must be equally long in the model's tokens: \"%s\" has %d, \"%s\" has %d"
                                .formatted(
                                        task.name(),
                                        first.text(),
                                        alphabets.length(0),
                                        other.text(),
                                        alphabets.length(i)));
            }
        }
        return alphabets;
    }
}
