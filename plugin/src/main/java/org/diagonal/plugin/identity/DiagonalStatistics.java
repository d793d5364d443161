package org.diagonal.plugin.identity;

/**
 * How much of a square matrix M of size D lies on its diagonal. Standard deviations are those of
 * all D, or D (D − 1), entries, not estimates for more.
 *
 * @param size D, at least 2
 * @param diagMean mean of the diagonal: tr(M)/D, the multiple of the identity nearest to M
 * @param diagStd standard deviation of the diagonal
 * @param offMean mean of all other entries
 * @param offStd standard deviation of all other entries
 * @param diagShare share of ‖M‖²_F on the diagonal, 0 to 1; 0 for the zero matrix
 */
public record DiagonalStatistics(
        int size,
        double diagMean,
        double diagStd,
        double offMean,
        double offStd,
        double diagShare) {

    /** Refuses a matrix that has nothing off its diagonal. */
    public DiagonalStatistics {
        if (size < 2) {
            throw new IllegalArgumentException("size must be at least 2: " + size);
        }
    }

    /** From sums and sums of squares, of the whole matrix and of its diagonal. */
    static DiagonalStatistics of(
            int size, double sum, double squares, double trace, double diagonalSquares) {
        double others = (double) size * (size - 1);
        double diagMean = trace / size;
        double offMean = (sum - trace) / others;
        return new DiagonalStatistics(
                size,
                diagMean,
                deviation(diagonalSquares / size, diagMean),
                offMean,
                deviation((squares - diagonalSquares) / others, offMean),
                squares > 0 ? Math.min(1, diagonalSquares / squares) : 0);
    }

    /** Rounding may leave a little less than nothing. */
    private static double deviation(double meanSquare, double mean) {
        return Math.sqrt(Math.max(0, meanSquare - mean * mean));
    }

    /**
     * How far the diagonal's mean lies from that of the other entries, in standard errors of a mean
     * of D of those. Of random factors it is about standard normal. Infinite where the others do
     * not vary, and 0 where the diagonal's mean is theirs.
     */
    public double z() {
        double distance = diagMean - offMean;
        return distance == 0 ? 0 : distance / (offStd / Math.sqrt(size));
    }

    /** tr(M)/D: the a or b that a head has of its own, beside a trainable one. */
    public double traceOverD() {
        return diagMean;
    }
}
