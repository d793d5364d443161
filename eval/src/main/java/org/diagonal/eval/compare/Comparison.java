package org.diagonal.eval.compare;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.diagonal.eval.evaluate.Yardstick;
import org.diagonal.eval.measure.effect.Effect;
import org.diagonal.eval.measure.statistics.Interval;
import org.diagonal.eval.task.TaskSetting;
import org.diagonal.plugin.identity.Arm;

/**
 * Arms side by side on a text or a task, and the model before any training: what {@code
 * compare.json} holds, see {@link ComparisonFile}.
 *
 * @param version of the file's form
 * @param model what was trained; empty where two models were given
 * @param measured on what, and how
 * @param seeds trainings of each arm
 * @param settings that all trainings share, as their {@code run.json} has them; empty where two
 *     models were given, and in old files
 * @param before the model untouched; empty where two models were given, and in old files
 * @param arms the first is what the others are compared with
 * @param versions what it ran with
 */
public record Comparison(
        int version,
        Optional<String> model,
        Measured measured,
        int seeds,
        Optional<Map<String, String>> settings,
        Optional<Before> before,
        List<Arm> arms,
        Map<String, String> versions) {

    /** On what models were measured, and how. */
    public sealed interface Measured permits OnText, OnTask {}

    /** Perplexity on a text; see {@link Yardstick} for the components. */
    public record OnText(
            String protocol,
            int blockSize,
            OptionalInt stride,
            String data,
            String dataSha256,
            String tokenizerSha256)
            implements Measured {}

    /**
     * Accuracy on strings of a template task; see {@link TaskSetting} for how they are drawn.
     *
     * @param trainedTask the task that models were trained on, if that is another one
     * @param trainedTaskSha256 its hash
     */
    public record OnTask(
            String task,
            String taskSha256,
            String labels,
            int samples,
            String samplesSha256,
            String symbols,
            int trainAlphabet,
            int validAlphabet,
            int testAlphabet,
            long dataSeed,
            Optional<String> trainedTask,
            Optional<String> trainedTaskSha256)
            implements Measured {

        /** The tasks in words: {@code task:a}, or {@code task:a, tested on task:b}. */
        public String tasks() {
            return trainedTask.map(trained -> trained + ", tested on " + task).orElse(task);
        }

        /** Whether labels are tokens and not numbers. */
        public boolean symbolic() {
            return labels.equals("symbolic");
        }
    }

    /** What a model, or the trainings of an arm, reached. */
    public sealed interface Scores permits Perplexities, Accuracies {}

    /**
     * Perplexity.
     *
     * @param perplexity exp(nats / targets)
     * @param nats Σ nats over all targets, the mean over seeds
     * @param targets scored in one measurement
     */
    public record Perplexities(double perplexity, double nats, long targets) implements Scores {}

    /**
     * Accuracy on strings, the mean over seeds, each with its 95 % interval.
     *
     * @param accuracyUnseenAmongSymbols the likeliest of the symbols in the string, for symbolic
     *     labels
     * @param lossUnseen mean over seeds
     */
    public record Accuracies(
            double accuracyUnseen,
            Interval accuracyUnseenCi95,
            double accuracySeen,
            Interval accuracySeenCi95,
            OptionalDouble accuracyUnseenAmongSymbols,
            Optional<Interval> accuracyUnseenAmongSymbolsCi95,
            double lossUnseen,
            List<Double> accuracyUnseenPerSeed)
            implements Scores {}

    /**
     * The model before any training, measured as the arms are.
     *
     * @param model its name
     * @param init whether its weights are {@code pretrained}, {@code random} or {@code mimetic}; of
     *     drawn weights those of the first seed
     */
    public record Before(String model, String init, Scores scores) {}

    /**
     * One arm.
     *
     * @param scalings the circuits with scalings
     * @param scores of all its seeds
     * @param trainableParameters numbers that moved; empty where the training is not known
     * @param seconds of training, all seeds; empty where it is not known
     * @param folders of its models
     * @param steps after which the measured models were saved, by seed; empty where not known
     * @param effect against the first arm; empty for that
     * @param againstBefore what its training did; empty where there is no model before
     */
    public record Arm(
            String name,
            org.diagonal.plugin.identity.Arm scalings,
            Scores scores,
            OptionalLong trainableParameters,
            OptionalDouble seconds,
            List<String> folders,
            List<Long> steps,
            Optional<Effect> effect,
            Optional<Effect> againstBefore) {

        /** Copies the lists. */
        public Arm {
            folders = List.copyOf(folders);
            steps = List.copyOf(steps);
        }

        /** The folders as paths. */
        public List<Path> paths() {
            return folders.stream().map(Path::of).toList();
        }
    }

    /** Copies list and map, and refuses fewer than two arms. */
    public Comparison {
        arms = List.copyOf(arms);
        versions = Collections.unmodifiableMap(new TreeMap<>(versions));
        if (arms.size() < 2) {
            throw new IllegalArgumentException(
                    "key arms: expected two or more, found " + arms.size());
        }
    }

    /** What the others are compared with. */
    public Arm first() {
        return arms.get(0);
    }

    /** All arms but the first. */
    public List<Arm> compared() {
        return arms.subList(1, arms.size());
    }

    /**
     * What the comparison says, each finding a sentence: first what training itself did, as one
     * that made the model worse takes the meaning from all the rest.
     */
    public List<String> findings() {
        List<String> findings = new java.util.ArrayList<>();
        if (before.isPresent()) {
            findings.add(new TrainingFinding(this).sentence());
        }
        for (Arm arm : compared()) {
            Effect effect = arm.effect().orElseThrow();
            findings.add(
                    model.isPresent()
                            ? effect.sentence(arm.name(), first().name())
                            : effect.sentenceOfModels(arm.name(), first().name()));
        }
        return findings;
    }
}
