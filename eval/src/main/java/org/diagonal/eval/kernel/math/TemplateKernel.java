package org.diagonal.eval.kernel.math;

import java.util.Arrays;
import java.util.Optional;
import org.diagonal.eval.kernel.numeric.Symmetric;

/**
 * A kernel on a task's strings: N, K(x, x), and, where overlaps are known, the kernel of strings
 * that share symbols.
 *
 * <p>N is (r, r), K(x, x) one number a template.
 */
final class TemplateKernel {

    private final Outline outline;
    private final Setting setting;
    private final Attention attention;
    private final Optional<Overlaps> overlaps;
    private final double[][] matrix;
    private final double[] self;
    private final double[] excess;
    private final double[] spectrum;

    TemplateKernel(
            Outline outline, Setting setting, Attention attention, Optional<Overlaps> overlaps) {
        this.outline = outline;
        this.setting = setting;
        this.attention = attention;
        this.overlaps = overlaps;
        this.matrix = attention.templateMatrix(setting);
        this.self = attention.kernelSelf(setting);
        this.excess = new double[self.length];
        Arrays.setAll(excess, t -> Math.max(0, excess(t)));
        this.spectrum = Symmetric.eigenvalues(matrix);
    }

    Outline outline() {
        return outline;
    }

    /** N. */
    double[][] matrix() {
        return matrix;
    }

    double self(int t) {
        return self[t];
    }

    double[] self() {
        return self;
    }

    /** d: what K(x, x) has more than N; points may leave a little less than nothing. */
    double excess(int t) {
        return self[t] - matrix[t][t];
    }

    /** d of all templates, at least 0. */
    double[] excess() {
        return excess;
    }

    /** N's eigenvalues, ascending. */
    double[] spectrum() {
        return spectrum;
    }

    Attention attention() {
        return attention;
    }

    Patterns patterns() {
        return overlaps.orElseThrow().patterns();
    }

    /** K_attn of two different strings by their pattern. */
    double attention(int t, int u, int pattern) {
        return attention.apart(t, u) + overlaps.orElseThrow().gain(t, u, pattern);
    }

    /** What the kernel of two different strings has more than N for their shared symbols. */
    double overlap(int t, int u, int pattern) {
        double apart = attention.apart(t, u);
        double shared = attention(t, u, pattern);
        double selfT = attention.self(t);
        double selfU = attention.self(u);
        return setting.kernel(selfT, selfU, shared) - setting.kernel(selfT, selfU, apart);
    }
}
