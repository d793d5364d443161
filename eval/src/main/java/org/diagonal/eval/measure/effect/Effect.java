package org.diagonal.eval.measure.effect;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.diagonal.eval.measure.statistics.Interval;

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

    /** What the interval over seeds and texts says. */
    Verdict verdict();

    /** Trainings of each arm. */
    int seeds();

    /** The seed of each pair of trainings. */
    List<Long> seedNumbers();

    /** The effect of each pair of trainings, in the order of the seeds: ratios or differences. */
    List<Double> values();

    /** The ratio or the difference. */
    double value();

    /** Its interval over seeds and texts; over texts alone with one seed. */
    Interval interval();

    /** Its interval over texts or strings alone. */
    Interval sampleInterval();

    /** What stands for no change: 1 for a ratio, 0 for a difference. */
    double none();

    /** The size without a sign, such as {@code 0.56 %}. */
    String size();

    /** The signed interval over seeds and texts, such as {@code −0.97 to −0.20 %}. */
    String range();

    /** What was measured: {@code perplexity} or {@code accuracy on unseen symbols}. */
    String measure();

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
        return "%s (95 %% interval %s; %s)".formatted(finding, range(), noise);
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
