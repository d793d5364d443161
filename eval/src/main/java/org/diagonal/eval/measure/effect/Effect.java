package org.diagonal.eval.measure.effect;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.diagonal.eval.measure.statistics.Interval;
import org.diagonal.eval.measure.statistics.Rounding;

/**
 * What one arm, or a training, changes against another, with 95 % intervals. What it says in words
 * follows from the interval over seeds and texts alone.
 */
public sealed interface Effect permits PerplexityRatio, AccuracyDifference {

    /** What the interval says. */
    enum Verdict {
        /** The whole interval lies on the better side. */
        IMPROVES,
        /** The whole interval lies on the worse side. */
        WORSENS,
        /** The interval covers no change. */
        NO_SIGNIFICANT_DIFFERENCE;

        /** {@code improves}, {@code worsens} or {@code no significant difference}. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    /** What effects are of. */
    enum Kind {
        /** Perplexities, by their ratio; the lower the better. */
        RATIO("perplexity", 1, "%", 2),
        /** Accuracies, by their difference; the higher the better. */
        DIFFERENCE("accuracy on unseen symbols", 0, "points", 1);

        private final String measure;
        private final int none;
        private final String unit;
        private final int fewestDecimals;

        Kind(String measure, int none, String unit, int fewestDecimals) {
            this.measure = measure;
            this.none = none;
            this.unit = unit;
            this.fewestDecimals = fewestDecimals;
        }

        /** A ratio or a difference in hundredths. */
        private double hundredths(double value) {
            return 100 * (value - none);
        }
    }

    /** What it is of. */
    Kind kind();

    /** What the interval over seeds and texts says. */
    default Verdict verdict() {
        boolean below = interval().high() < none();
        boolean above = interval().low() > none();
        if (!below && !above) {
            return Verdict.NO_SIGNIFICANT_DIFFERENCE;
        }
        return below == (kind() == Kind.RATIO) ? Verdict.IMPROVES : Verdict.WORSENS;
    }

    /** Trainings of each arm. */
    default int seeds() {
        return seedNumbers().size();
    }

    /** The ratio or the difference of one pair of trainings. */
    sealed interface OfSeed permits PerplexityRatio.SeedRatio, AccuracyDifference.SeedDifference {

        /** The seed of both. */
        long seed();

        /** The ratio or the difference. */
        double value();
    }

    /** The effect of each pair of trainings. */
    List<? extends OfSeed> perSeed();

    /** The seed of each pair of trainings. */
    default List<Long> seedNumbers() {
        return perSeed().stream().map(OfSeed::seed).toList();
    }

    /** The effect of each pair of trainings, in the order of the seeds: ratios or differences. */
    default List<Double> values() {
        return perSeed().stream().map(OfSeed::value).toList();
    }

    /** The ratio or the difference. */
    double value();

    /** Its interval over seeds and texts; over texts alone with one seed. */
    Interval interval();

    /** Its interval over texts or strings alone. */
    Interval sampleInterval();

    /** What stands for no change: 1 for a ratio, 0 for a difference. */
    default double none() {
        return kind().none;
    }

    /** The size without a sign, such as {@code 0.56 %}. */
    default String size() {
        String digits = Rounding.fixed(Math.abs(kind().hundredths(value())), decimals());
        return digits + " " + kind().unit;
    }

    /** The signed interval over seeds and texts, such as {@code −0.97 to −0.20 %}. */
    default String range() {
        Interval hundredths = interval().map(kind()::hundredths);
        return "%s to %s %s"
                .formatted(
                        Rounding.signed(hundredths.low(), decimals()),
                        Rounding.signed(hundredths.high(), decimals()),
                        kind().unit);
    }

    private int decimals() {
        return Rounding.decimals(interval().map(kind()::hundredths), kind().fewestDecimals);
    }

    /** What was measured: {@code perplexity} or {@code accuracy on unseen symbols}. */
    default String measure() {
        return kind().measure;
    }

    /**
     * Refuses arms that are not paired.
     *
     * @throws IllegalArgumentException if they have different numbers of seeds or none
     */
    static void requireSameSeeds(List<Long> seeds, List<?> first, List<?> second) {
        if (first.isEmpty() || first.size() != second.size() || seeds.size() != first.size()) {
            throw new IllegalArgumentException(
                    "both arms need the same seeds: seeds=%d, measurements=%d and %d"
                            .formatted(seeds.size(), first.size(), second.size()));
        }
    }

    /** How many of what the interval speaks of, such as {@code 130 articles}. */
    String sample();

    /**
     * The finding in a sentence without a full stop.
     *
     * @param arm what changed
     * @param first what it is compared with
     */
    default String sentence(String arm, String first) {
        String noise = seedWords() + ", " + sample();
        return sentence(arm, first, seeds() > 1 ? noise : noise + "; other seeds may differ");
    }

    /** The same of two existing models, of whose seeds nothing is known. */
    default String sentenceOfModels(String arm, String first) {
        return sentence(arm, first, sample() + "; of these two models, not of other trainings");
    }

    private String sentence(String arm, String first, String noise) {
        String finding =
                switch (verdict()) {
                    case IMPROVES ->
                            "%s improves %s by %s over %s".formatted(arm, measure(), size(), first);
                    case WORSENS ->
                            "%s worsens %s by %s against %s"
                                    .formatted(arm, measure(), size(), first);
                    case NO_SIGNIFICANT_DIFFERENCE ->
                            "no significant difference in %s between %s and %s"
                                    .formatted(measure(), arm, first);
                };
        String range = verdict() == Verdict.NO_SIGNIFICANT_DIFFERENCE ? range() : sizes();
        return "%s (95 %% interval %s; %s)".formatted(finding, range, noise);
    }

    /** The interval of the size, without signs, such as {@code 0.20 to 0.97 %}. */
    private String sizes() {
        Interval hundredths = interval().map(kind()::hundredths);
        double low = Math.abs(hundredths.low());
        double high = Math.abs(hundredths.high());
        return "%s to %s %s"
                .formatted(
                        Rounding.fixed(Math.min(low, high), decimals()),
                        Rounding.fixed(Math.max(low, high), decimals()),
                        kind().unit);
    }

    /** The seeds by name: {@code seed 42}, {@code seeds 42 to 44}, {@code seeds 1, 7}. */
    default String seedWords() {
        List<Long> seeds = seedNumbers();
        long first = seeds.get(0);
        if (seeds.size() == 1) {
            return "seed " + first;
        }
        for (int i = 0; i < seeds.size(); i++) {
            if (seeds.get(i) != first + i) {
                return "seeds "
                        + seeds.stream()
                                .map(seed -> Long.toString(seed))
                                .collect(Collectors.joining(", "));
            }
        }
        String between = seeds.size() == 2 ? "and" : "to";
        return "seeds %d %s %d".formatted(first, between, seeds.get(seeds.size() - 1));
    }
}
