package org.diagonal.eval.job;

/**
 * The logarithm of a sum of exponentials, such as the denominator of a softmax, in a fraction of
 * the time that {@link Math#exp} takes.
 */
final class LogSumExp {

    private static final double LOG2_E = 1 / Math.log(2);

    /** Added and taken away again, it leaves the nearest whole number. */
    private static final double ROUNDING = 0x1.8p52;

    /** Below, a term is nothing beside the largest, which is 1. */
    private static final double LEAST = -64;

    private LogSumExp() {}

    /**
     * log Σ exp x, to 1e-8.
     *
     * @param values at least one
     * @return NaN if one is NaN or positively infinite, or all are negatively infinite
     */
    static double of(float... values) {
        float largest = Float.NEGATIVE_INFINITY;
        for (float value : values) {
            largest = Math.max(largest, value);
        }
        if (!Float.isFinite(largest)) {
            return Double.NaN;
        }
        double sum = 0;
        for (float value : values) {
            sum += exp2(((double) value - largest) * LOG2_E);
        }
        return largest + Math.log(sum);
    }

    /** 2^x for x of at most 0: a power of two times the series of 2^f, f from −1/2 to 1/2. */
    private static double exp2(double x) {
        double bounded = Math.max(x, LEAST);
        double shifted = bounded + ROUNDING;
        double f = bounded - (shifted - ROUNDING);
        double power = Double.longBitsToDouble((Double.doubleToRawLongBits(shifted) + 1023) << 52);
        double series = 1.525273380405984e-5; // (ln 2)^n / n!, n = 7, 6 … 0
        series = series * f + 1.54035303933816e-4;
        series = series * f + 1.33335581464284e-3;
        series = series * f + 9.61812910762848e-3;
        series = series * f + 5.55041086648216e-2;
        series = series * f + 0.240226506959101;
        series = series * f + 0.693147180559945;
        return power * (series * f + 1);
    }
}
