package org.diagonal.eval.measure;

import java.util.List;
import java.util.Locale;

/**
 * What the second arm's perplexity is to the first one's.
 *
 * @param ratio perplexity of the second arm / perplexity of the first, nats averaged over seeds
 * @param ciLow lower end of the 95 % percentile interval of the ratio
 * @param ciHigh its upper end
 * @param unit what was resampled: "articles" or "segments"
 * @param units how many of them have targets
 * @param resamples how often they were drawn
 * @param seeds trainings in each arm
 * @param ratiosPerSeed the ratio of each pair of trainings
 */
public record Comparison(
        double ratio,
        double ciLow,
        double ciHigh,
        String unit,
        int units,
        int resamples,
        int seeds,
        List<Double> ratiosPerSeed) {

    private static final int FEWEST_DECIMALS = 3;
    private static final int MOST_DECIMALS = 9;

    /** Refuses an interval that is none and a count of seeds that does not match. */
    public Comparison {
        ratiosPerSeed = List.copyOf(ratiosPerSeed);
        if (!(ratio > 0) || !(ciLow > 0) || !(ciLow <= ciHigh)) {
            throw new IllegalArgumentException(
                    "a comparison needs positive ratios in order: ratio=%s, interval=[%s, %s]"
                            .formatted(ratio, ciLow, ciHigh));
        }
        if (seeds < 1 || ratiosPerSeed.size() != seeds) {
            throw new IllegalArgumentException(
                    "a comparison needs one ratio a seed: seeds=%d, ratios=%d"
                            .formatted(seeds, ratiosPerSeed.size()));
        }
    }

    /** The sentence for an arm with scalings against one without. */
    public String sentence() {
        return sentence("the scalings help", "the scalings hurt");
    }

    /**
     * The ratio, its interval and the conclusion, with as many decimals as it takes to tell the
     * interval's ends from one another and from 1.
     *
     * @param lower the conclusion if the whole interval lies below 1
     * @param higher the conclusion if it lies above 1
     */
    public String sentence(String lower, String higher) {
        String conclusion = ciHigh < 1 ? lower : ciLow > 1 ? higher : "no difference can be told";
        int decimals = decimals();
        return "ratio %s (95 %% interval %s to %s, %d %s%s): %s"
                .formatted(
                        rounded(ratio, decimals),
                        rounded(ciLow, decimals),
                        rounded(ciHigh, decimals),
                        units,
                        unit,
                        seeds == 1 ? "" : ", " + seeds + " seeds",
                        conclusion);
    }

    private int decimals() {
        int decimals = FEWEST_DECIMALS;
        while (decimals < MOST_DECIMALS
                && (merged(ciLow, ciHigh, decimals)
                        || merged(ciLow, 1, decimals)
                        || merged(ciHigh, 1, decimals))) {
            decimals++;
        }
        return decimals;
    }

    private static boolean merged(double a, double b, int decimals) {
        return a != b && rounded(a, decimals).equals(rounded(b, decimals));
    }

    private static String rounded(double value, int decimals) {
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
}
