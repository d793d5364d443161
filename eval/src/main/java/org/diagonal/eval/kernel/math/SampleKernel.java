package org.diagonal.eval.kernel.math;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/** K̂ in full, for looking at. */
final class SampleKernel {

    private SampleKernel() {}

    /** Equal samples as often as they were drawn; sorted by template. */
    static double[][] of(TemplateKernel kernel, Sample sample) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < sample.size(); i++) {
            order.addAll(Collections.nCopies(sample.count(i), i));
        }
        order.sort(Comparator.comparingInt(sample::template));
        double[][] full = new double[order.size()][order.size()];
        for (int x = 0; x < full.length; x++) {
            int i = order.get(x);
            Arrays.setAll(full[x], y -> of(kernel, sample, i, order.get(y)));
        }
        return full;
    }

    private static double of(TemplateKernel kernel, Sample sample, int i, int j) {
        int t = sample.template(i);
        int u = sample.template(j);
        int pattern = sample.pattern(i, j, kernel.patterns());
        return i == j ? kernel.self(t) : kernel.matrix()[t][u] + kernel.overlap(t, u, pattern);
    }
}
