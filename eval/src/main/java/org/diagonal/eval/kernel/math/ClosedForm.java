package org.diagonal.eval.kernel.math;

import org.diagonal.eval.kernel.numeric.Symmetric;

/**
 * Ridge regression where no two samples share a symbol, as in an endless alphabet: f = N (N +
 * diag((d_t + λ) / (n p_t)))⁻¹ y.
 */
final class ClosedForm {

    /** Where a search for n ends: beyond it, rounding decides. */
    private static final double MOST_SAMPLES = 1e13;

    private static final int STEPS = 60;

    private final TemplateKernel kernel;
    private final Outline outline;
    private final double lambda;

    ClosedForm(TemplateKernel kernel, double lambda) {
        this.kernel = kernel;
        this.outline = kernel.outline();
        this.lambda = lambda;
    }

    /** The squared error on unseen symbols after n samples, without label noise. */
    double loss(double n) {
        int r = outline.size();
        double[][] system = new double[r][];
        double[] ridge = new double[r];
        for (int t = 0; t < r; t++) {
            ridge[t] = (kernel.excess()[t] + lambda) / (n * outline.probability(t));
            system[t] = kernel.matrix()[t].clone();
            system[t][t] += ridge[t];
        }
        double[] solution = Symmetric.solve(system, outline.labels());
        double loss = 0;
        for (int t = 0; t < r; t++) {
            double residual = ridge[t] * solution[t];
            loss += outline.probability(t) * residual * residual;
        }
        return loss;
    }

    /** The n at which the loss falls to a level; infinite where it stays above. */
    double samplesFor(double level) {
        if (!(loss(MOST_SAMPLES) <= level)) {
            return Double.POSITIVE_INFINITY;
        }
        double low = 1;
        double high = 2;
        while (loss(high) > level) {
            low = high;
            high *= 2;
        }
        for (int i = 0; i < STEPS; i++) {
            double middle = Math.sqrt(low * high);
            if (loss(middle) > level) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high;
    }
}
