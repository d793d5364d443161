package org.diagonal.eval.measure.effect;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.diagonal.eval.measure.accuracy.TaskEvaluation;
import org.diagonal.eval.measure.statistics.Interval;
import org.diagonal.eval.measure.statistics.PairedEstimate;

/**
 * An arm's accuracy on unseen symbols less another's, from trainings paired by seed and measured on
 * the same strings; see {@link PairedEstimate} for the intervals.
 *
 * @param perSeed the difference of each pair of trainings, from −1 to 1
 * @param value the mean of these
 * @param interval interval over seeds and strings; over strings alone with one seed
 * @param sampleInterval interval over strings alone
 * @param unit {@code strings}
 * @param units how many of them
 */
public record AccuracyDifference(
        List<SeedDifference> perSeed,
        @JsonProperty("difference") double value,
        @JsonProperty("difference_ci95") Interval interval,
        @JsonProperty("difference_ci95_texts") Interval sampleInterval,
        String unit,
        int units)
        implements Effect {

    /** The difference of one pair of trainings. */
    public record SeedDifference(long seed, @JsonProperty("difference") double value)
            implements OfSeed {}

    /** Refuses what cannot be: no seed, or a difference beyond one. */
    public AccuracyDifference {
        perSeed = List.copyOf(perSeed);
        if (perSeed.isEmpty() || !(Math.abs(value) <= 1)) {
            throw new IllegalArgumentException(
                    "a difference needs a seed and lies between -1 and 1: seeds=%d, difference=%s"
                            .formatted(perSeed.size(), value));
        }
    }

    /**
     * Compares two arms, one measurement a seed.
     *
     * @throws IllegalArgumentException if the arms have different numbers of seeds or none, or a
     *     pair was not measured on the same strings
     */
    public static AccuracyDifference of(
            List<Long> seeds, List<TaskEvaluation> first, List<TaskEvaluation> second) {
        Effect.requireSameSeeds(seeds, first, second);
        List<double[]> differences = new ArrayList<>();
        for (int i = 0; i < first.size(); i++) {
            differences.add(differences(first.get(i), second.get(i)));
        }
        double[] ones = new double[first.get(0).samples()];
        Arrays.fill(ones, 1);
        PairedEstimate estimate = PairedEstimate.of(differences, ones);
        List<SeedDifference> perSeed = new ArrayList<>();
        for (int i = 0; i < seeds.size(); i++) {
            perSeed.add(new SeedDifference(seeds.get(i), estimate.perSeed().get(i)));
        }
        return new AccuracyDifference(
                perSeed,
                estimate.value(),
                estimate.all(),
                estimate.units(),
                "strings",
                estimate.count());
    }

    private static double[] differences(TaskEvaluation first, TaskEvaluation second) {
        requireSame("task_sha256", first.subject().taskSha256(), second.subject().taskSha256());
        requireSame("samples_sha256", first.samplesSha256(), second.samplesSha256());
        requireSame(
                "changed_scalings",
                Comparability.change(first.subject().model()),
                Comparability.change(second.subject().model()));
        List<Boolean> a = first.accuracy().correct();
        List<Boolean> b = second.accuracy().correct();
        requireSame("samples", Integer.toString(a.size()), Integer.toString(b.size()));
        double[] differences = new double[a.size()];
        for (int i = 0; i < differences.length; i++) {
            differences[i] = (b.get(i) ? 1 : 0) - (a.get(i) ? 1 : 0);
        }
        return differences;
    }

    private static void requireSame(String key, String first, String second) {
        if (!first.equals(second)) {
            throw new IllegalArgumentException(
                    "arms are paired string by string and must have the same %s: %s and %s"
                            .formatted(key, first, second));
        }
    }

    @Override
    public Kind kind() {
        return Kind.DIFFERENCE;
    }

    @Override
    public String sample() {
        return String.format(Locale.ROOT, "%,d %s", units, unit);
    }
}
