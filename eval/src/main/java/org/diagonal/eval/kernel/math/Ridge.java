package org.diagonal.eval.kernel.math;

import java.util.Arrays;
import org.diagonal.eval.kernel.numeric.Symmetric;
import org.diagonal.eval.kernel.numeric.Vectors;

/**
 * Ridge regression on a sample (equation 4), as what it predicts for strings of unseen symbols: one
 * number for every template, since their kernel with a sample depends on templates alone.
 */
final class Ridge {

    private Ridge() {}

    /**
     * f = N (I + S N)⁻¹ Bᵀ M⁻¹ (B y + ξ) with S = Bᵀ M⁻¹ B, exactly the regression on all samples.
     *
     * @return (r)
     */
    static double[] predictions(TemplateKernel kernel, Sample sample, double lambda) {
        Outline outline = kernel.outline();
        int r = outline.size();
        OverlapMatrix overlaps = OverlapMatrix.of(kernel, sample, lambda);
        double[] labels = new double[sample.size()];
        Arrays.setAll(labels, i -> outline.label(sample.template(i)) + sample.noise(i));
        double[][] s = new double[r][r];
        double[] right = new double[r];
        for (int t = 0; t < r; t++) {
            int template = t;
            double[] indicator = new double[labels.length];
            Arrays.setAll(indicator, i -> sample.template(i) == template ? 1 : 0);
            if (Arrays.stream(indicator).anyMatch(one -> one == 1)) {
                double[] solution = overlaps.solve(indicator);
                for (int i = 0; i < labels.length; i++) {
                    s[sample.template(i)][t] += solution[i];
                    right[t] += solution[i] * labels[i];
                }
            }
        }
        return predictions(kernel.matrix(), s, right);
    }

    private static double[] predictions(double[][] n, double[][] s, double[] right) {
        int r = n.length;
        double[][] system = new double[r][r];
        for (int t = 0; t < r; t++) {
            for (int u = 0; u < r; u++) {
                for (int v = 0; v < r; v++) {
                    system[t][u] += (s[t][v] + s[v][t]) / 2 * n[v][u];
                }
            }
            system[t][t] += 1;
        }
        double[] weights = Symmetric.solve(system, right);
        return Arrays.stream(n).mapToDouble(row -> Vectors.dot(row, weights)).toArray();
    }

    /** The squared error of predictions, without label noise. */
    static double loss(Outline outline, double[] predictions) {
        double loss = 0;
        for (int t = 0; t < predictions.length; t++) {
            double error = predictions[t] - outline.label(t);
            loss += outline.probability(t) * error * error;
        }
        return loss;
    }
}
