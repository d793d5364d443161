package org.diagonal.eval.measure.effect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.diagonal.eval.measure.accuracy.TaskEvaluation;
import org.diagonal.eval.measure.statistics.Interval;
import org.diagonal.eval.measure.statistics.PairedEstimate;
import org.diagonal.eval.measure.statistics.Rounding;

/**
 * An arm's accuracy on unseen symbols less another's, from trainings paired by seed and measured on
 * the same strings; see {@link PairedEstimate} for the intervals.
 *
 * @param perSeed the difference of each pair of trainings, from −1 to 1
 * @param difference the mean of these
 * @param differenceCi95 interval over seeds and strings; over strings alone with one seed
 * @param differenceCi95Texts interval over strings alone
 * @param unit {@code strings}
 * @param units how many of them
 */
public record AccuracyDifference(
        List<SeedDifference> perSeed,
        double difference,
        Interval differenceCi95,
        Interval differenceCi95Texts,
        String unit,
        int units)
        implements Effect {

    private static final int FEWEST_DECIMALS = 1;

    /** The difference of one pair of trainings. */
    public record SeedDifference(long seed, double difference) {}

    /** Refuses what cannot be: no seed, or a difference beyond one. */
    public AccuracyDifference {
        perSeed = List.copyOf(perSeed);
        if (perSeed.isEmpty() || !(Math.abs(difference) <= 1)) {
            throw new IllegalArgumentException(
                    "a difference needs a seed and lies between -1 and 1: seeds=%d, difference=%s"
                            .formatted(perSeed.size(), difference));
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
        if (first.isEmpty() || first.size() != second.size() || seeds.size() != first.size()) {
            throw new IllegalArgumentException(
                    "both arms need the same seeds: seeds=%d, measurements=%d and %d"
                            .formatted(seeds.size(), first.size(), second.size()));
        }
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
        requireSame("changed_scalings", change(first), change(second));
        List<Boolean> a = first.accuracy().correct();
        List<Boolean> b = second.accuracy().correct();
        requireSame("samples", Integer.toString(a.size()), Integer.toString(b.size()));
        double[] differences = new double[a.size()];
        for (int i = 0; i < differences.length; i++) {
            differences[i] = (b.get(i) ? 1 : 0) - (a.get(i) ? 1 : 0);
        }
        return differences;
    }

    private static String change(TaskEvaluation evaluation) {
        String words = evaluation.subject().model().change();
        return words.isEmpty() ? "none" : words;
    }

    private static void requireSame(String key, String first, String second) {
        if (!first.equals(second)) {
            throw new IllegalArgumentException(
                    "arms are paired string by string and must have the same %s: %s and %s"
                            .formatted(key, first, second));
        }
    }

    @Override
    public Verdict verdict() {
        return differenceCi95.low() > 0
                ? Verdict.IMPROVES
                : differenceCi95.high() < 0 ? Verdict.WORSENS : Verdict.NO_SIGNIFICANT_DIFFERENCE;
    }

    @Override
    public int seeds() {
        return perSeed.size();
    }

    @Override
    public List<Long> seedNumbers() {
        return perSeed.stream().map(SeedDifference::seed).toList();
    }

    @Override
    public List<Double> values() {
        return perSeed.stream().map(SeedDifference::difference).toList();
    }

    @Override
    public double value() {
        return difference;
    }

    @Override
    public Interval interval() {
        return differenceCi95;
    }

    @Override
    public Interval sampleInterval() {
        return differenceCi95Texts;
    }

    @Override
    public double none() {
        return 0;
    }

    private Interval points() {
        return differenceCi95.map(value -> 100 * value);
    }

    @Override
    public String size() {
        int decimals = Rounding.decimals(points(), FEWEST_DECIMALS);
        return Rounding.fixed(Math.abs(100 * difference), decimals) + " points";
    }

    @Override
    public String range() {
        int decimals = Rounding.decimals(points(), FEWEST_DECIMALS);
        return "%s to %s points"
                .formatted(
                        Rounding.signed(points().low(), decimals),
                        Rounding.signed(points().high(), decimals));
    }

    @Override
    public String measure() {
        return "accuracy on unseen symbols";
    }

    @Override
    public String sample() {
        return String.format(Locale.ROOT, "%,d %s", units, unit);
    }
}
