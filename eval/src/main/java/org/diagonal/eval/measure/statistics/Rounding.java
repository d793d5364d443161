package org.diagonal.eval.measure.statistics;

import java.util.Locale;

/**
 * Decimals that keep apart what differs: an interval's ends from one another and from no change.
 */
public final class Rounding {

    private static final int MOST = 9;

    private Rounding() {}

    /**
     * The fewest decimals, from a least number on, that keep an interval's ends apart and off 0.
     */
    public static int decimals(Interval interval, int fewest) {
        int decimals = fewest;
        while (decimals < MOST
                && (merged(interval.low(), interval.high(), decimals)
                        || merged(interval.low(), 0, decimals)
                        || merged(interval.high(), 0, decimals))) {
            decimals++;
        }
        return decimals;
    }

    private static boolean merged(double a, double b, int decimals) {
        return a != b && signed(a, decimals).equals(signed(b, decimals));
    }

    /** With a sign: {@code +0.20}, {@code −0.97}, {@code 0.00}. */
    public static String signed(double value, int decimals) {
        String digits = fixed(Math.abs(value), decimals);
        boolean zero = digits.chars().noneMatch(c -> c >= '1' && c <= '9');
        return (zero ? "" : value < 0 ? "−" : "+") + digits;
    }

    /** Without a sign. */
    public static String fixed(double value, int decimals) {
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
}
