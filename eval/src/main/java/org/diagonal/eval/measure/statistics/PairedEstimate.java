package org.diagonal.eval.measure.statistics;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * What an arm changes against another: an estimate from k trainings of each, paired by seed and, in
 * each pair, unit by unit of what both were measured on: articles of a text, strings of a task.
 *
 * <p>The estimate d is the mean of the seeds' differences d₁ … dₖ. Its interval is d ± √(t²ₖ₋₁ s²/k
 * + t²ₘ₋₁ v), with s² the variance of the dⱼ, v the variance of d over m units, and t the 97.5 %
 * quantiles of Student's distribution: so it speaks of other trainings and of other texts. Each
 * part has its own quantile since degrees of freedom by Welch and Satterthwaite cover too little
 * with two or three seeds. With one seed there is no s, and the interval speaks of other texts
 * alone.
 *
 * <p>A unit i of weight wᵢ (scored targets of an article, 1 for a string) has the difference xᵢ,
 * summed over its targets and averaged over the seeds; d = Σ xᵢ / Σ wᵢ, and v = m/(m − 1) Σ (xᵢ − d
 * wᵢ)² / (Σ wᵢ)², the variance of a ratio of sums.
 *
 * @param value d
 * @param all of other trainings and other units; the same as {@code units} with one seed
 * @param units of other units alone
 * @param perSeed d₁ … dₖ, in the order of the seeds
 * @param count m, units that have targets
 */
public record PairedEstimate(
        double value, Interval all, Interval units, List<Double> perSeed, int count) {

    private static final double UPPER = 0.025;

    /** Copies the list. */
    public PairedEstimate {
        perSeed = List.copyOf(perSeed);
    }

    /**
     * Estimates.
     *
     * @param differences one array of xᵢ a seed, second arm less first
     * @param weights wᵢ of the same units, not negative; units without weight are left out
     * @throws IllegalArgumentException if there is no seed, fewer than two units have weight, or
     *     the arrays' lengths differ
     */
    public static PairedEstimate of(List<double[]> differences, double[] weights) {
        if (differences.isEmpty()) {
            throw new IllegalArgumentException("an estimate needs a seed");
        }
        double total = 0;
        int count = 0;
        for (double weight : weights) {
            total += weight;
            count += weight > 0 ? 1 : 0;
        }
        if (count < 2) {
            throw new IllegalArgumentException(
                    "an interval needs at least 2 units with targets: found " + count);
        }
        List<Double> perSeed = new ArrayList<>();
        double[] means = new double[weights.length];
        for (double[] seed : differences) {
            if (seed.length != weights.length) {
                throw new IllegalArgumentException(
                        "all seeds need the same units: %d and %d"
                                .formatted(weights.length, seed.length));
            }
            double sum = 0;
            for (int i = 0; i < seed.length; i++) {
                sum += seed[i];
                means[i] += seed[i] / differences.size();
            }
            perSeed.add(sum / total);
        }
        double value = mean(perSeed);
        double half = t(count - 1) * Math.sqrt(unitVariance(means, weights, value, total, count));
        double seeds = half(perSeed);
        return new PairedEstimate(
                value,
                Interval.around(value, Math.hypot(half, seeds)),
                Interval.around(value, half),
                perSeed,
                count);
    }

    private static double unitVariance(
            double[] means, double[] weights, double value, double total, int count) {
        double squares = 0;
        for (int i = 0; i < means.length; i++) {
            double residual = means[i] - value * weights[i];
            squares += residual * residual;
        }
        return squares / (total * total) * count / (count - 1);
    }

    /**
     * Half the 95 % interval of a mean of independent values; 0 for a single one, which has none.
     */
    public static double half(List<Double> values) {
        return values.size() < 2 ? 0 : t(values.size() - 1) * spread(values);
    }

    /** Student's 95 % interval of the mean of independent values; empty for a single one. */
    public static Optional<Interval> interval(List<Double> values) {
        return values.size() < 2
                ? Optional.empty()
                : Optional.of(Interval.around(mean(values), half(values)));
    }

    /** The mean. */
    public static double mean(List<Double> values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.size();
    }

    /**
     * The second of each pair less the first.
     *
     * @throws IllegalArgumentException if there are more of one than of the other
     */
    public static List<Double> differences(List<Double> firsts, List<Double> seconds) {
        if (firsts.size() != seconds.size()) {
            throw new IllegalArgumentException(
                    "all arms need the same seeds: %d and %d"
                            .formatted(firsts.size(), seconds.size()));
        }
        return IntStream.range(0, firsts.size())
                .mapToObj(i -> seconds.get(i) - firsts.get(i))
                .toList();
    }

    /** The standard error of the mean of independent values, ddof = 1; empty for a single one. */
    public static OptionalDouble standardError(List<Double> values) {
        return values.size() < 2 ? OptionalDouble.empty() : OptionalDouble.of(spread(values));
    }

    private static double spread(List<Double> values) {
        double mean = mean(values);
        double squares = 0;
        for (double value : values) {
            squares += (value - mean) * (value - mean);
        }
        return Math.sqrt(squares / (values.size() - 1) / values.size());
    }

    private static double t(int freedom) {
        return TDistribution.of(freedom).inverseSurvivalProbability(UPPER);
    }
}
