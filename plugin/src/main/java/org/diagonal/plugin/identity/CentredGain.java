package org.diagonal.plugin.identity;

import java.util.Arrays;

/**
 * How a diagonal is read off a matrix M of size D between two gains. The mean of the diagonal of
 * diag(l) M diag(r) less the mean of its other entries is tr(Kᵀ M)/(D − 1) for K = diag(l) P
 * diag(r), where P = I − 11ᵀ/D takes means away. This class holds what chance needs of K.
 * Immutable.
 */
public final class CentredGain {

    private final int size;
    private final double squares;
    private final double concentration;
    private final double[] largest; // (D): bounds on K's squared singular values, falling

    private CentredGain(int size, double squares, double concentration, double[] largest) {
        this.size = size;
        this.squares = squares;
        this.concentration = concentration;
        this.largest = largest;
    }

    /**
     * Without gains: K = P.
     *
     * @param size D, at least 2
     */
    public static CentredGain none(int size) {
        double[] ones = new double[size];
        Arrays.fill(ones, 1);
        return of(ones, ones);
    }

    /**
     * With gains.
     *
     * @param rows l, (D)
     * @param columns r, (D)
     * @throws IllegalArgumentException if the lengths differ or are below 2
     */
    public static CentredGain of(double[] rows, double[] columns) {
        int size = rows.length;
        if (size < 2 || columns.length != size) {
            throw new IllegalArgumentException(
                    "gains must have the same length, at least 2: %d and %d"
                            .formatted(size, columns.length));
        }
        double[] left = squared(rows);
        double[] right = squared(columns);
        double mean = Arrays.stream(right).sum() / size;
        double squares = 0;
        double fourths = 0;
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < size; j++) {
                double centred = (i == j ? right[i] : 0) - (right[i] + right[j] - mean) / size;
                squares += i == j ? left[i] * centred : 0;
                fourths += left[i] * left[j] * centred * centred;
            }
        }
        Arrays.sort(left);
        Arrays.sort(right);
        double[] largest = new double[size];
        for (int i = 0; i < size; i++) {
            largest[i] = left[size - 1 - i] * right[size - 1 - i];
        }
        double concentration = squares > 0 ? Math.min(1, fourths / (squares * squares)) : 1;
        return new CentredGain(size, Math.max(0, squares), concentration, largest);
    }

    private static double[] squared(double[] values) {
        return Arrays.stream(values).map(value -> value * value).toArray();
    }

    /** D. */
    public int size() {
        return size;
    }

    /** ‖K‖²_F; D − 1 without gains. */
    public double squares() {
        return squares;
    }

    /** Σ k⁴ / (Σ k²)² over K's singular values k, as a {@link Spectrum} has it. */
    public double concentration() {
        return concentration;
    }

    /**
     * A bound on how far the reading of any matrix of some rank and of Frobenius norm 1 lies from
     * zero, as a square: |tr(Kᵀ M)|² is at most this (von Neumann; Horn).
     *
     * @param rank d, 1 to D
     */
    public double reach(int rank) {
        return Arrays.stream(largest, 0, Math.min(rank, size)).sum();
    }
}
