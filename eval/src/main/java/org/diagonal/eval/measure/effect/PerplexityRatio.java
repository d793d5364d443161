package org.diagonal.eval.measure.effect;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.diagonal.eval.measure.perplexity.Evaluation;
import org.diagonal.eval.measure.perplexity.Part;
import org.diagonal.eval.measure.statistics.Interval;
import org.diagonal.eval.measure.statistics.PairedEstimate;

/**
 * An arm's perplexity divided by another's, from trainings paired by seed and measured on the same
 * text; see {@link PairedEstimate} for the intervals, which are taken of its logarithm.
 *
 * @param perSeed the ratio of each pair of trainings
 * @param value exp of the mean logarithm of these
 * @param interval interval over seeds and texts; over texts alone with one seed
 * @param sampleInterval interval over texts alone
 * @param unit what the text was divided into: {@code articles}, or {@code segments} where it has
 *     fewer than ten
 * @param units how many of them have targets
 */
public record PerplexityRatio(
        List<SeedRatio> perSeed,
        @JsonProperty("ratio") double value,
        @JsonProperty("ratio_ci95") Interval interval,
        @JsonProperty("ratio_ci95_texts") Interval sampleInterval,
        String unit,
        int units)
        implements Effect {

    private static final int FEWEST_ARTICLES = 10;

    /** The ratio of one pair of trainings. */
    public record SeedRatio(long seed, @JsonProperty("ratio") double value) implements OfSeed {}

    /** Refuses what cannot be: no seed, or ratios that are not positive. */
    public PerplexityRatio {
        perSeed = List.copyOf(perSeed);
        if (perSeed.isEmpty() || !(value > 0) || !(interval.low() > 0)) {
            throw new IllegalArgumentException(
                    "a ratio needs a seed and is positive: seeds=%d, ratio=%s, interval=%s"
                            .formatted(perSeed.size(), value, interval));
        }
    }

    /**
     * Compares two arms, one measurement a seed.
     *
     * @param seeds of the trainings
     * @param first the arm to compare with
     * @param second the arm in question, in the same order
     * @throws IllegalArgumentException if the measurements are not comparable, the arms have
     *     different numbers of seeds or none, or the text has fewer than two units
     */
    public static PerplexityRatio of(
            List<Long> seeds, List<Evaluation> first, List<Evaluation> second) {
        Effect.requireSameSeeds(seeds, first, second);
        Evaluation one = first.get(0);
        first.forEach(other -> Comparability.require(one, other));
        second.forEach(other -> Comparability.require(one, other));
        boolean byArticle =
                one.articles().stream().filter(part -> part.targets() > 0).count()
                        >= FEWEST_ARTICLES;
        String unit = byArticle ? "articles" : "segments";
        Function<Evaluation, List<Part>> parts =
                byArticle ? Evaluation::articles : Evaluation::segments;
        double[] weights = parts.apply(one).stream().mapToDouble(Part::targets).toArray();
        List<double[]> differences = new ArrayList<>();
        for (int i = 0; i < first.size(); i++) {
            List<Part> a = parts.apply(first.get(i));
            List<Part> b = parts.apply(second.get(i));
            requireSameTargets(unit, parts.apply(one), a);
            requireSameTargets(unit, parts.apply(one), b);
            double[] nats = new double[weights.length];
            for (int j = 0; j < nats.length; j++) {
                nats[j] = weights[j] > 0 ? b.get(j).nats() - a.get(j).nats() : 0;
            }
            differences.add(nats);
        }
        return of(seeds, PairedEstimate.of(differences, weights), unit);
    }

    private static PerplexityRatio of(List<Long> seeds, PairedEstimate logs, String unit) {
        List<SeedRatio> perSeed = new ArrayList<>();
        for (int i = 0; i < seeds.size(); i++) {
            perSeed.add(new SeedRatio(seeds.get(i), StrictMath.exp(logs.perSeed().get(i))));
        }
        return new PerplexityRatio(
                perSeed,
                StrictMath.exp(logs.value()),
                logs.all().map(StrictMath::exp),
                logs.units().map(StrictMath::exp),
                unit,
                logs.count());
    }

    private static void requireSameTargets(String unit, List<Part> expected, List<Part> found) {
        if (found.size() != expected.size()) {
            throw new IllegalArgumentException(
                    "arms must have the same %s: %d and %d"
                            .formatted(unit, expected.size(), found.size()));
        }
        for (int i = 0; i < found.size(); i++) {
            if (found.get(i).targets() != expected.get(i).targets()) {
                throw new IllegalArgumentException(
                        "arms must have the same targets in %s %d: %d and %d"
                                .formatted(
                                        unit,
                                        i,
                                        expected.get(i).targets(),
                                        found.get(i).targets()));
            }
        }
    }

    @Override
    public Kind kind() {
        return Kind.RATIO;
    }

    @Override
    public String sample() {
        return units + " " + unit;
    }
}
