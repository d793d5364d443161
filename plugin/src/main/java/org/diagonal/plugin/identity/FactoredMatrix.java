package org.diagonal.plugin.identity;

import java.util.Arrays;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;

/**
 * A square matrix M = A Bᵀ, kept as its factors: what a head's circuit is. D × D is never built.
 *
 * <p>D size, d rank: A and B are (D, d), row by row. Immutable.
 */
public final class FactoredMatrix {

    private final int size;
    private final int rank;
    private final double[] left; // (D, d)
    private final double[] right; // (D, d)

    private FactoredMatrix(int size, int rank, double[] left, double[] right) {
        this.size = size;
        this.rank = rank;
        this.left = left;
        this.right = right;
    }

    /**
     * A matrix of given factors, which are copied.
     *
     * @param size D, at least 2
     * @param rank d, at least 1
     * @param left A, (D, d)
     * @param right B, (D, d)
     * @throws IllegalArgumentException if a length is not D d
     */
    public static FactoredMatrix of(int size, int rank, double[] left, double[] right) {
        boolean fits = size > 1 && rank > 0 && left.length == (long) size * rank;
        if (!fits || right.length != left.length) {
            throw new IllegalArgumentException(
                    "factors must be (D, d) with D > 1: D=%d, d=%d, lengths=%d and %d"
                            .formatted(size, rank, left.length, right.length));
        }
        return new FactoredMatrix(size, rank, left.clone(), right.clone());
    }

    /**
     * A random matrix to judge others by: factors of independent Gaussian entries.
     *
     * @param like what it shall have the shape and the factors' norms of
     */
    public static FactoredMatrix random(FactoredMatrix like, UniformRandomProvider random) {
        ZigguratSampler.NormalizedGaussian gaussian = ZigguratSampler.NormalizedGaussian.of(random);
        return new FactoredMatrix(
                like.size,
                like.rank,
                random(like.left.length, norm(like.left), gaussian),
                random(like.right.length, norm(like.right), gaussian));
    }

    private static double[] random(
            int length, double norm, ZigguratSampler.NormalizedGaussian gaussian) {
        double[] values = new double[length];
        for (int i = 0; i < length; i++) {
            values[i] = gaussian.sample();
        }
        double factor = norm / norm(values);
        for (int i = 0; i < length; i++) {
            values[i] *= factor;
        }
        return values;
    }

    private static double norm(double[] values) {
        double squares = 0;
        for (double value : values) {
            squares += value * value;
        }
        return Math.sqrt(squares);
    }

    /** D. */
    public int size() {
        return size;
    }

    /** d. */
    public int rank() {
        return rank;
    }

    /** A copy of A, (D, d). */
    public double[] left() {
        return left.clone();
    }

    /** A copy of B, (D, d). */
    public double[] right() {
        return right.clone();
    }

    /** diag(gain) M. */
    public FactoredMatrix withRowGain(double[] gain) {
        return new FactoredMatrix(size, rank, scaled(left, gain), right);
    }

    /** M diag(gain). */
    public FactoredMatrix withColumnGain(double[] gain) {
        return new FactoredMatrix(size, rank, left, scaled(right, gain));
    }

    private double[] scaled(double[] factor, double[] gain) {
        if (gain.length != size) {
            throw new IllegalArgumentException(
                    "a gain needs D numbers: D=%d, length=%d".formatted(size, gain.length));
        }
        double[] scaled = new double[factor.length];
        for (int i = 0; i < size; i++) {
            for (int k = i * rank; k < (i + 1) * rank; k++) {
                scaled[k] = factor[k] * gain[i];
            }
        }
        return scaled;
    }

    /**
     * How much of M lies on its diagonal, from the factors alone: the sum of all entries is (Σ rows
     * of A) · (Σ rows of B), and ‖M‖²_F = tr(AᵀA BᵀB).
     */
    public DiagonalStatistics statistics() {
        return statistics(Gram.trace(left, right, rank));
    }

    /**
     * {@link #statistics()} where the singular values are known, in less time.
     *
     * @param spectrum of this matrix
     */
    public DiagonalStatistics statistics(Spectrum spectrum) {
        return statistics(spectrum.squares());
    }

    private DiagonalStatistics statistics(double all) {
        double trace = 0;
        double squares = 0;
        for (int i = 0; i < size; i++) {
            double entry = entry(i, i);
            trace += entry;
            squares += entry * entry;
        }
        double sum = dot(rows(left, 0, size), 0, rows(right, 0, size), 0);
        return DiagonalStatistics.of(size, sum, all, trace, squares);
    }

    /** M's singular values, as far as sums of their powers tell them; from the factors alone. */
    public Spectrum spectrum() {
        return Gram.spectrum(left, right, rank);
    }

    /** The entry in row i and column j. */
    public double entry(int i, int j) {
        return dot(left, i * rank, right, j * rank);
    }

    private double dot(double[] a, int at, double[] b, int bt) {
        double sum = 0;
        for (int k = 0; k < rank; k++) {
            sum += a[at + k] * b[bt + k];
        }
        return sum;
    }

    /** The sum of some rows of a factor, (d). */
    private double[] rows(double[] factor, int from, int to) {
        double[] sums = new double[rank];
        for (int i = from; i < to; i++) {
            for (int k = 0; k < rank; k++) {
                sums[k] += factor[i * rank + k];
            }
        }
        return sums;
    }

    /**
     * Writes one row of M.
     *
     * @param into takes D numbers
     */
    public void row(int i, double[] into) {
        for (int j = 0; j < size; j++) {
            into[j] = entry(i, j);
        }
    }

    /**
     * M seen from afar: the means of its blocks. A diagonal stands out of them as much as it does
     * of the entries.
     *
     * @param cells blocks on a side, 1 to D; where it does not divide D, sizes differ by one
     * @return (cells, cells), row by row
     */
    public double[] blockMeans(int cells) {
        if (cells < 1 || cells > size) {
            throw new IllegalArgumentException(
                    "cells must lie in 1 to D: cells=%d, D=%d".formatted(cells, size));
        }
        double[][] lefts = new double[cells][];
        double[][] rights = new double[cells][];
        for (int c = 0; c < cells; c++) {
            lefts[c] = mean(left, border(c, cells), border(c + 1, cells));
            rights[c] = mean(right, border(c, cells), border(c + 1, cells));
        }
        double[] means = new double[cells * cells];
        for (int r = 0; r < cells; r++) {
            for (int c = 0; c < cells; c++) {
                means[r * cells + c] = dot(lefts[r], 0, rights[c], 0);
            }
        }
        return means;
    }

    private int border(int cell, int cells) {
        return (int) ((long) cell * size / cells);
    }

    private double[] mean(double[] factor, int from, int to) {
        double[] sums = rows(factor, from, to);
        return Arrays.stream(sums).map(sum -> sum / (to - from)).toArray();
    }
}
