package org.diagonal.eval.kernel.math;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** K̂ in full, for looking at. */
final class SampleKernel {

    private SampleKernel() {}

    /** Equal samples as often as they were drawn; sorted by template. */
    static double[][] of(TemplateKernel kernel, Sample sample) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < sample.size(); i++) {
            for (int c = 0; c < sample.count(i); c++) {
                order.add(i);
            }
        }
        order.sort(Comparator.comparingInt(sample::template));
        int n = order.size();
        double[][] full = new double[n][n];
        for (int x = 0; x < n; x++) {
            for (int y = 0; y < n; y++) {
                int i = order.get(x);
                int j = order.get(y);
                int t = sample.template(i);
                int u = sample.template(j);
                full[x][y] =
                        i == j
                                ? kernel.self(t)
                                : kernel.matrix()[t][u]
                                        + kernel.overlap(
                                                t, u, sample.pattern(i, j, kernel.patterns()));
            }
        }
        return full;
    }
}
