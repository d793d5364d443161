package org.diagonal.eval.measure.accuracy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.diagonal.eval.measure.NotFiniteException;
import org.diagonal.plugin.files.Sha256;

/** Adds up predictions of real labels, sample by sample. */
public final class RealTally {

    private final SortedSet<Double> labels;
    private final Sha256 hash = new Sha256();
    private final List<Boolean> correct = new ArrayList<>();
    private double squares;

    /**
     * A tally without samples.
     *
     * @param labels all values that the task's templates have as labels, without noise
     * @throws IllegalArgumentException if there is none, or one is not finite
     */
    public RealTally(SortedSet<Double> labels) {
        this.labels = new TreeSet<>(labels);
        if (labels.isEmpty() || !labels.stream().allMatch(Double::isFinite)) {
            throw new IllegalArgumentException(
                    "labels must be finite, and at least one: " + labels);
        }
    }

    /**
     * Adds one sample. Its loss is (prediction − target)²; it is right if no other label is as near
     * to the prediction as its own.
     *
     * @param sample the string, as text: it decides which measurements can be paired
     * @param prediction of the network
     * @param target the label with its noise
     * @param label the template's own label, one of the task's
     * @throws NotFiniteException if the prediction is no number
     */
    public void add(String sample, double prediction, double target, double label) {
        if (!labels.contains(label)) {
            throw new IllegalArgumentException(
                    "label %s of '%s' is not a label of the task: %s"
                            .formatted(label, sample, labels));
        }
        if (!Double.isFinite(prediction)) {
            throw new NotFiniteException(
                    "the model predicts %s for '%s'".formatted(prediction, sample));
        }
        hash.add(sample).add(Double.toString(target));
        squares += (prediction - target) * (prediction - target);
        double distance = Math.abs(prediction - label);
        correct.add(
                labels.stream()
                        .filter(other -> other != label)
                        .allMatch(other -> distance < Math.abs(prediction - other)));
    }

    /** The measurement of all samples; the last call. */
    public TaskEvaluation evaluation(TaskEvaluation.Subject subject) {
        Accuracy accuracy = new Accuracy(correct);
        return new TaskEvaluation(
                subject,
                Labels.REAL,
                hash.hex(),
                squares / correct.size(),
                accuracy,
                Optional.empty());
    }
}
