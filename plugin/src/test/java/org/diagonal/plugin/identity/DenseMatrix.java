package org.diagonal.plugin.identity;

import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;

/** The D × D matrix that the code under test never builds, and random factors of it. */
public final class DenseMatrix {

    private DenseMatrix() {}

    /** Random factors (D, d) with a shift, so that no mean is zero by luck. */
    public static FactoredMatrix random(int size, int rank, double shift, long seed) {
        UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(seed);
        return FactoredMatrix.of(
                size, rank, values(size * rank, shift, random), values(size * rank, shift, random));
    }

    private static double[] values(int count, double shift, UniformRandomProvider random) {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = random.nextDouble(-1, 1) + shift;
        }
        return values;
    }

    /** diag(rows) A Bᵀ diag(columns). */
    public static double[][] of(FactoredMatrix matrix, double[] rows, double[] columns) {
        double[] left = matrix.left();
        double[] right = matrix.right();
        double[][] dense = new double[matrix.size()][matrix.size()];
        for (int i = 0; i < matrix.size(); i++) {
            for (int j = 0; j < matrix.size(); j++) {
                for (int k = 0; k < matrix.rank(); k++) {
                    dense[i][j] += left[i * matrix.rank() + k] * right[j * matrix.rank() + k];
                }
                dense[i][j] *= rows[i] * columns[j];
            }
        }
        return dense;
    }

    /** A gain of ones. */
    public static double[] ones(int size) {
        double[] ones = new double[size];
        java.util.Arrays.fill(ones, 1);
        return ones;
    }

    /** The statistics by their definitions, in two passes. */
    public static DiagonalStatistics statistics(double[][] dense) {
        int size = dense.length;
        double[] sums = new double[2];
        double[] squares = new double[2];
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < size; j++) {
                sums[i == j ? 0 : 1] += dense[i][j];
                squares[i == j ? 0 : 1] += dense[i][j] * dense[i][j];
            }
        }
        double diagMean = sums[0] / size;
        double offMean = sums[1] / (size * (size - 1.0));
        double[] deviations = new double[2];
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < size; j++) {
                double distance = dense[i][j] - (i == j ? diagMean : offMean);
                deviations[i == j ? 0 : 1] += distance * distance;
            }
        }
        return new DiagonalStatistics(
                size,
                diagMean,
                Math.sqrt(deviations[0] / size),
                offMean,
                Math.sqrt(deviations[1] / (size * (size - 1.0))),
                squares[0] / (squares[0] + squares[1]));
    }
}
