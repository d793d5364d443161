package org.diagonal.eval.measure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;

/**
 * The 95 % percentile interval of a ratio of perplexities. The units of the text (its articles, or
 * runs of windows where there are fewer than ten articles) are drawn with replacement, the same for
 * both arms, and every draw gives exp((Σ nats of the second arm − Σ nats of the first) / targets).
 *
 * @param resamples how often to draw, at least 1
 * @param seed of the draws
 */
public record PairedBootstrap(int resamples, long seed) {

    /** Draws that keep the interval's ends steady to about a hundredth of its width. */
    public static final int DEFAULT_RESAMPLES = 10_000;

    private static final int FEWEST_ARTICLES = 10;

    /** Refuses a count of draws below 1. */
    public PairedBootstrap {
        if (resamples < 1) {
            throw new IllegalArgumentException("resamples must be at least 1: " + resamples);
        }
    }

    /** Compares two measurements; see {@link #compare(List, List)}. */
    public Comparison compare(Evaluation first, Evaluation second) {
        return compare(List.of(first), List.of(second));
    }

    /**
     * Compares two arms, one measurement a seed. The nats of each unit are averaged over the seeds
     * before arms are paired, so the interval speaks of the text and not of other seeds.
     *
     * @param first the arm to compare with
     * @param second the arm in question, seeds in the same order
     * @throws IllegalArgumentException if the measurements are not comparable, the arms have
     *     different numbers of seeds or none, or the text has fewer than two units
     */
    public Comparison compare(List<Evaluation> first, List<Evaluation> second) {
        if (first.isEmpty() || first.size() != second.size()) {
            throw new IllegalArgumentException(
                    "both arms need the same seeds: measurements=%d and %d"
                            .formatted(first.size(), second.size()));
        }
        Evaluation one = first.get(0);
        first.forEach(other -> Comparability.require(one, other));
        second.forEach(other -> Comparability.require(one, other));

        boolean byArticle = scored(one.articles()) >= FEWEST_ARTICLES;
        String unit = byArticle ? "articles" : "segments";
        Differences differences =
                Differences.of(unit, parts(first, byArticle), parts(second, byArticle));
        double[] means = new double[resamples];
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < resamples; i++) {
            means[i] = differences.draw(random);
        }
        Arrays.sort(means);

        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < first.size(); i++) {
            double difference = second.get(i).nats() - first.get(i).nats();
            ratios.add(StrictMath.exp(difference / one.targets()));
        }
        return new Comparison(
                StrictMath.exp(differences.mean()),
                StrictMath.exp(quantile(means, 0.025)),
                StrictMath.exp(quantile(means, 0.975)),
                unit,
                differences.units(),
                resamples,
                first.size(),
                ratios);
    }

    private static List<List<Part>> parts(List<Evaluation> arm, boolean byArticle) {
        Function<Evaluation, List<Part>> parts =
                byArticle ? Evaluation::articles : Evaluation::segments;
        return arm.stream().map(parts).toList();
    }

    private static long scored(List<Part> parts) {
        return parts.stream().filter(part -> part.targets() > 0).count();
    }

    /** The quantile of sorted values, linear between two neighbours. */
    private static double quantile(double[] sorted, double share) {
        double place = share * (sorted.length - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }

    /** Per unit with targets: the nats of the second arm less those of the first, and targets. */
    private record Differences(List<Part> parts) {

        static Differences of(String unit, List<List<Part>> first, List<List<Part>> second) {
            List<Part> reference = first.get(0);
            requireTargets(unit, reference, first);
            requireTargets(unit, reference, second);
            List<Part> parts = new ArrayList<>();
            for (int i = 0; i < reference.size(); i++) {
                long targets = reference.get(i).targets();
                if (targets > 0) {
                    parts.add(new Part(mean(second, i) - mean(first, i), targets));
                }
            }
            if (parts.size() < 2) {
                throw new IllegalArgumentException(
                        "an interval needs at least 2 %s with targets: found %d"
                                .formatted(unit, parts.size()));
            }
            return new Differences(parts);
        }

        private static void requireTargets(
                String unit, List<Part> reference, List<List<Part>> arm) {
            List<Long> expected = reference.stream().map(Part::targets).toList();
            for (List<Part> parts : arm) {
                List<Long> found = parts.stream().map(Part::targets).toList();
                if (found.size() != expected.size()) {
                    throw new IllegalArgumentException(
                            "arms must have the same %s: %d and %d"
                                    .formatted(unit, expected.size(), found.size()));
                }
                for (int i = 0; i < found.size(); i++) {
                    if (!found.get(i).equals(expected.get(i))) {
                        throw new IllegalArgumentException(
                                "arms must have the same targets in %s %d: %d and %d"
                                        .formatted(unit, i, expected.get(i), found.get(i)));
                    }
                }
            }
        }

        private static double mean(List<List<Part>> arm, int index) {
            double sum = 0;
            for (List<Part> parts : arm) {
                sum += parts.get(index).nats();
            }
            return sum / arm.size();
        }

        int units() {
            return parts.size();
        }

        double mean() {
            return mean(parts.size(), i -> i);
        }

        double draw(SplittableRandom random) {
            return mean(parts.size(), i -> random.nextInt(parts.size()));
        }

        private double mean(int count, IntUnaryOperator pick) {
            double nats = 0;
            long targets = 0;
            for (int i = 0; i < count; i++) {
                Part part = parts.get(pick.applyAsInt(i));
                nats += part.nats();
                targets += part.targets();
            }
            return nats / targets;
        }
    }
}
