package org.diagonal.eval.kernel.numeric;

import java.util.Arrays;

/** The sum of v vᵀ over many vectors v, four at a time. */
public final class Gram {

    private static final int BLOCK = 4;

    private final int size;
    private final double[][] sums; // sums[i][j − i] for j ≥ i
    private final double[][] waiting;
    private int count;

    public Gram(int size) {
        this.size = size;
        this.sums = new double[size][];
        Arrays.setAll(sums, i -> new double[size - i]);
        this.waiting = new double[BLOCK][size];
    }

    /** The next vector, to be filled before {@link #add()}; holds what it held before. */
    public double[] next() {
        return waiting[count];
    }

    /** Adds the vector that {@link #next()} gave. */
    public void add() {
        count++;
        if (count == BLOCK) {
            flush();
        }
    }

    private void flush() {
        for (int b = count; b < BLOCK; b++) {
            Arrays.fill(waiting[b], 0);
        }
        for (int i = 0; i < size; i++) {
            addRow(sums[i], i, waiting[0], waiting[1], waiting[2], waiting[3]);
        }
        count = 0;
    }

    private static void addRow(
            double[] row, int i, double[] v0, double[] v1, double[] v2, double[] v3) {
        double x0 = v0[i];
        double x1 = v1[i];
        double x2 = v2[i];
        double x3 = v3[i];
        if (x0 == 0 && x1 == 0 && x2 == 0 && x3 == 0) {
            return;
        }
        for (int j = 0; j < row.length; j++) {
            row[j] += x0 * v0[i + j] + x1 * v1[i + j] + x2 * v2[i + j] + x3 * v3[i + j];
        }
    }

    /** The whole symmetric matrix times a number. */
    public double[][] matrix(double factor) {
        flush();
        double[][] matrix = new double[size][size];
        for (int i = 0; i < size; i++) {
            for (int j = i; j < size; j++) {
                matrix[i][j] = sums[i][j - i] * factor;
                matrix[j][i] = matrix[i][j];
            }
        }
        return matrix;
    }
}
