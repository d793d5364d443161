package org.diagonal.eval.measure.accuracy;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.diagonal.eval.measure.MeasuredModel;
import org.diagonal.eval.measure.statistics.Proportion;
import org.diagonal.eval.record.Form;

/**
 * One measurement on strings of a template task, with what pairs it with another one.
 *
 * @param subject what was measured
 * @param labels what the task asks for
 * @param samplesSha256 hash of the strings and their labels, in their order
 * @param loss mean squared error, or mean cross-entropy in nats
 * @param accuracy of the nearest label, or over the whole vocabulary
 * @param amongSymbols of the likeliest of the symbols that stand in the string; for symbolic labels
 */
public record TaskEvaluation(
        Subject subject,
        Labels labels,
        String samplesSha256,
        double loss,
        Accuracy accuracy,
        Optional<Accuracy> amongSymbols) {

    /** The form of a file, in lines. */
    public static final Form<TaskEvaluation> FORM =
            Form.of("evaluation.json", TaskEvaluation.class, 1, Map.of()).inLines();

    /** Where the symbols of the strings come from. */
    public enum Symbols {
        /** The alphabet of the training. */
        SEEN,
        /** An alphabet that the training did not use. */
        UNSEEN;

        /** The word in files: {@code seen} or {@code unseen}. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What was measured.
     *
     * @param task the task's name or path, for people
     * @param taskSha256 hash of the task
     * @param symbols which alphabet
     * @param model which model
     */
    public record Subject(String task, String taskSha256, Symbols symbols, MeasuredModel model) {

        /** Refuses blank values, naming the field. */
        public Subject {
            requireWords("task", task);
            requireWords("task_sha256", taskSha256);
        }
    }

    /** Refuses a loss that is none, and accuracies that do not belong to the labels. */
    public TaskEvaluation {
        requireWords("samples_sha256", samplesSha256);
        if (!Double.isFinite(loss) || loss < 0) {
            throw new IllegalArgumentException("loss must be finite and not negative: " + loss);
        }
        if (amongSymbols.isPresent() != (labels == Labels.SYMBOLIC)) {
            throw new IllegalArgumentException(
                    "an accuracy among symbols belongs to symbolic labels: labels=" + labels);
        }
        int samples = accuracy.correct().size();
        int among = amongSymbols.map(other -> other.correct().size()).orElse(samples);
        if (among != samples) {
            throw new IllegalArgumentException(
                    "both accuracies need the same samples: %d and %d".formatted(samples, among));
        }
    }

    /** How many strings were measured. */
    public int samples() {
        return accuracy.correct().size();
    }

    /** The share of wrong answers: 1 − accuracy. */
    public double error() {
        Proportion right = accuracy.proportion();
        return (double) (right.trials() - right.successes()) / right.trials();
    }

    @JsonValue
    TaskEvaluationKeys keys() {
        return TaskEvaluationKeys.of(this);
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static TaskEvaluation of(TaskEvaluationKeys keys) {
        return keys.evaluation();
    }

    private static void requireWords(String field, String value) {
        if (value.isBlank()) {
            throw new IllegalArgumentException(field + " must not be blank: '" + value + "'");
        }
    }
}
