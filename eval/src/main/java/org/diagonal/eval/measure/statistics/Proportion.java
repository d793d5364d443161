package org.diagonal.eval.measure.statistics;

/**
 * A share of successes with its 95 % interval by Wilson's score.
 *
 * <p>Wilson's interval has nearly its nominal coverage at small counts and at 0 and 1, where the
 * usual interval of a mean collapses to a point (Newcombe 1998).
 *
 * @param successes from 0 to the trials
 * @param trials at least 1
 */
public record Proportion(long successes, long trials) {

    /** The 0.975 quantile of the normal distribution. */
    static final double Z = 1.959963984540054;

    /** Refuses counts that are no share. */
    public Proportion {
        if (trials < 1 || successes < 0 || successes > trials) {
            throw new IllegalArgumentException(
                    "successes must be from 0 to the trials, which are at least 1: successes=%d, trials=%d"
                            .formatted(successes, trials));
        }
    }

    /** The share itself. */
    public double value() {
        return (double) successes / trials;
    }

    /** Wilson's 95 % interval; from exactly 0 without a success, to exactly 1 without a failure. */
    public Interval ci95() {
        return wilson(value(), trials);
    }

    /** Wilson's interval of a share, which may be the mean of several on the same trials. */
    public static Interval wilson(double share, long trials) {
        double scale = 1 + Z * Z / trials;
        double centre = (share + Z * Z / (2 * trials)) / scale;
        double spread = share * (1 - share) / trials + Z * Z / (4.0 * trials * trials);
        double half = Z * Math.sqrt(spread) / scale;
        return new Interval(share == 0 ? 0 : centre - half, share == 1 ? 1 : centre + half);
    }
}
