package org.diagonal.eval.kernel.math;

import java.util.Arrays;
import java.util.List;

/**
 * Attention kernels of a task's templates, from one set of points.
 *
 * <p>{@code apart[t][u]} is K_attn of strings of templates t and u that share no symbol, also for t
 * = u, (r, r); {@code self[t]} is K_attn(x, x), (r).
 */
final class Attention {

    private final double[][] apart;
    private final double[] self;

    Attention(double[][] apart, double[] self) {
        this.apart = apart;
        this.self = self;
    }

    int size() {
        return self.length;
    }

    /** (r, r). */
    double[][] apart() {
        return apart;
    }

    double apart(int t, int u) {
        return apart[t][u];
    }

    /** (r). */
    double[] self() {
        return self;
    }

    double self(int t) {
        return self[t];
    }

    /** N, r × r: what the activation makes of it. */
    double[][] templateMatrix(Setting setting) {
        int r = size();
        double[][] matrix = new double[r][r];
        for (int t = 0; t < r; t++) {
            for (int u = 0; u < r; u++) {
                matrix[t][u] = setting.kernel(self[t], self[u], apart[t][u]);
            }
        }
        return matrix;
    }

    /** K(x, x) for every template. */
    double[] kernelSelf(Setting setting) {
        return Arrays.stream(self).map(own -> setting.kernel(own, own, own)).toArray();
    }

    /** The mean of several. */
    static Attention mean(List<Attention> all) {
        int r = all.get(0).size();
        double[][] apart = new double[r][r];
        double[] self = new double[r];
        for (Attention one : all) {
            for (int t = 0; t < r; t++) {
                self[t] += one.self[t] / all.size();
                for (int u = 0; u < r; u++) {
                    apart[t][u] += one.apart[t][u] / all.size();
                }
            }
        }
        return new Attention(apart, self);
    }
}
