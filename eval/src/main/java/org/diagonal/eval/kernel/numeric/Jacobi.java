package org.diagonal.eval.kernel.numeric;

import java.util.stream.IntStream;

/** Eigenvalues of symmetric matrices by Jacobi's rotations: slow, and never without an answer. */
public final class Jacobi {

    private static final int SWEEPS = 60;
    private static final double NOTHING = 1e-30;

    private Jacobi() {}

    /** Eigenvalues in no order. */
    public static double[] eigenvalues(double[][] matrix) {
        int n = matrix.length;
        double[][] a = new double[n][];
        double total = 0;
        for (int i = 0; i < n; i++) {
            a[i] = matrix[i].clone();
            for (double value : a[i]) {
                total += value * value;
            }
        }
        for (int sweep = 0; sweep < SWEEPS && off(a) > NOTHING * total; sweep++) {
            for (int p = 0; p < n; p++) {
                for (int q = p + 1; q < n; q++) {
                    rotate(a, p, q);
                }
            }
        }
        return IntStream.range(0, n).mapToDouble(i -> a[i][i]).toArray();
    }

    private static double off(double[][] a) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < i; j++) {
                sum += a[i][j] * a[i][j];
            }
        }
        return sum;
    }

    /** Makes a[p][q] zero. */
    private static void rotate(double[][] a, int p, int q) {
        if (a[p][q] == 0) {
            return;
        }
        double slope = (a[q][q] - a[p][p]) / (2 * a[p][q]);
        double tangent = 1 / (Math.abs(slope) + Math.hypot(slope, 1));
        double t = slope < 0 ? -tangent : tangent;
        double cosine = 1 / Math.hypot(t, 1);
        double sine = t * cosine;
        for (int i = 0; i < a.length; i++) {
            double x = a[i][p];
            double y = a[i][q];
            a[i][p] = cosine * x - sine * y;
            a[i][q] = sine * x + cosine * y;
        }
        for (int i = 0; i < a.length; i++) {
            double x = a[p][i];
            double y = a[q][i];
            a[p][i] = cosine * x - sine * y;
            a[q][i] = sine * x + cosine * y;
        }
    }
}
