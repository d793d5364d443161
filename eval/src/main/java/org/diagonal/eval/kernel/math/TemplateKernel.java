package org.diagonal.eval.kernel.math;

/**
 * A kernel on a task's strings: N, K(x, x), and the kernel of strings that share symbols.
 *
 * <p>N is (r, r), K(x, x) one number a template.
 */
final class TemplateKernel {

    private final Outline outline;
    private final Setting setting;
    private final Attention attention;
    private final Overlaps overlaps;
    private final double[][] matrix;
    private final double[] self;

    TemplateKernel(Outline outline, Setting setting, Attention attention, Overlaps overlaps) {
        this.outline = outline;
        this.setting = setting;
        this.attention = attention;
        this.overlaps = overlaps;
        this.matrix = attention.templateMatrix(setting);
        this.self = attention.kernelSelf(setting);
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

    /** d: what K(x, x) has more than N. */
    double excess(int t) {
        return self[t] - matrix[t][t];
    }

    Patterns patterns() {
        return overlaps.patterns();
    }

    /** What the kernel of two different strings has more than N for their shared symbols. */
    double overlap(int t, int u, int pattern) {
        double apart = attention.apart(t, u);
        double shared = apart + overlaps.gain(t, u, pattern);
        double selfT = attention.self(t);
        double selfU = attention.self(u);
        return setting.kernel(selfT, selfU, shared) - setting.kernel(selfT, selfU, apart);
    }
}
