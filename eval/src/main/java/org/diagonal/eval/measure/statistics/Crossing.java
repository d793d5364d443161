package org.diagonal.eval.measure.statistics;

import java.util.List;

/**
 * Where a falling curve passes a level: the number of samples that a network needs for a loss.
 *
 * @param x where the curve first lies below the level, between two points by the logarithm of x;
 *     the first or last x of a curve that is below or above the level at all points
 * @param bound what x is
 */
public record Crossing(double x, Bound bound) {

    /** How exact a crossing is known. */
    public enum Bound {
        /** The crossing lies between two points. */
        EXACT,
        /** The curve is below the level at its first point: it crosses there or before. */
        AT_MOST,
        /** The curve is above the level at all points: it crosses beyond the last, if at all. */
        AT_LEAST
    }

    /**
     * Finds the crossing.
     *
     * @param xs positive, ascending
     * @param ys one for each x
     * @throws IllegalArgumentException if there are none, or not as many of both
     */
    public static Crossing below(double level, List<Double> xs, List<Double> ys) {
        if (xs.isEmpty() || xs.size() != ys.size()) {
            throw new IllegalArgumentException(
                    "a crossing needs a y for each x: %d and %d".formatted(xs.size(), ys.size()));
        }
        for (int i = 0; i < xs.size(); i++) {
            if (ys.get(i) < level) {
                return i == 0
                        ? new Crossing(xs.get(0), Bound.AT_MOST)
                        : new Crossing(between(level, xs, ys, i), Bound.EXACT);
            }
        }
        return new Crossing(xs.get(xs.size() - 1), Bound.AT_LEAST);
    }

    private static double between(double level, List<Double> xs, List<Double> ys, int i) {
        double share = (ys.get(i - 1) - level) / (ys.get(i - 1) - ys.get(i));
        double low = Math.log(xs.get(i - 1));
        return Math.exp(low + share * (Math.log(xs.get(i)) - low));
    }
}
