package org.diagonal.eval.kernel.math;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;

/** A task's kernel from several shifts of a lattice, which tell the errors of what it says. */
public final class Estimate {

    private static final double ERRORS = 3;

    /** Eigenvalues below this share of the largest are rounding. */
    private static final double ROUNDING = 1e-13;

    private final Outline outline;
    private final Setting setting;
    private final List<Attention> shifts;
    private final Attention mean;
    private final Optional<Overlaps> overlaps;
    private final Optional<Twins.Pair> twins;

    Estimate(
            Outline outline,
            Setting setting,
            List<Attention> shifts,
            Optional<Overlaps> overlaps,
            Optional<Twins.Pair> twins) {
        this.outline = outline;
        this.setting = setting;
        this.shifts = List.copyOf(shifts);
        this.mean = Attention.mean(shifts);
        this.overlaps = overlaps;
        this.twins = twins;
    }

    /** Which kernel it is. */
    public Setting setting() {
        return setting;
    }

    /** Two templates that the kernel cannot tell apart, so that N is singular. */
    public Optional<Twins.Pair> twins() {
        return twins;
    }

    /** N, r × r. */
    public List<List<Double>> matrix() {
        return lists(mean.templateMatrix(setting));
    }

    /** The standard errors of {@link #matrix()}. */
    public List<List<Double>> matrixErrors() {
        List<double[][]> each = shifts.stream().map(one -> one.templateMatrix(setting)).toList();
        int r = outline.size();
        double[][] errors = new double[r][r];
        for (int t = 0; t < r; t++) {
            for (int u = 0; u < r; u++) {
                int row = t;
                int column = u;
                errors[t][u] = error(each.stream().map(matrix -> matrix[row][column]).toList());
            }
        }
        return lists(errors);
    }

    /** K_attn of strings without a symbol in common, r × r. */
    public List<List<Double>> attention() {
        int r = outline.size();
        double[][] matrix = new double[r][r];
        for (int t = 0; t < r; t++) {
            for (int u = 0; u < r; u++) {
                matrix[t][u] = mean.apart(t, u);
            }
        }
        return lists(matrix);
    }

    /** K_attn(x, x) of every template. */
    public List<Double> attentionSelf() {
        List<Double> self = new ArrayList<>();
        for (int t = 0; t < outline.size(); t++) {
            self.add(mean.self(t));
        }
        return self;
    }

    double attentionSelf(int t) {
        return mean.self(t);
    }

    /** K_attn of two different strings by their pattern. */
    double attention(int t, int u, int pattern) {
        return mean.apart(t, u) + overlaps.orElseThrow().gain(t, u, pattern);
    }

    /** K(x, x) of every template. */
    public List<Double> self() {
        return list(mean.kernelSelf(setting));
    }

    /** K(x, x) less N's diagonal, of every template: the price of a sample's own symbols. */
    public List<Double> excess() {
        return list(excess(mean));
    }

    private double[] excess(Attention attention) {
        double[] excess = attention.kernelSelf(setting);
        double[][] matrix = attention.templateMatrix(setting);
        for (int t = 0; t < excess.length; t++) {
            excess[t] -= matrix[t][t];
        }
        return excess;
    }

    /** N's eigenvalues, ascending. */
    public List<Double> eigenvalues() {
        return list(Symmetric.eigenvalues(mean.templateMatrix(setting)));
    }

    /** N's smallest eigenvalue: 0 for twins, a number only where it exceeds three errors. */
    public Finding smallest() {
        double[] eigenvalues = Symmetric.eigenvalues(mean.templateMatrix(setting));
        double largest = eigenvalues[eigenvalues.length - 1];
        double error = spread(one -> Symmetric.eigenvalues(one.templateMatrix(setting))[0]);
        boolean exact = shifts.size() == 1;
        if (twins.isPresent() || (exact && eigenvalues[0] <= ROUNDING * largest)) {
            return Finding.of(0, 0);
        }
        return eigenvalues[0] > ERRORS * error && eigenvalues[0] > ROUNDING * largest
                ? Finding.of(eigenvalues[0], error)
                : Finding.notResolved();
    }

    /** Whether N has been shown to be nonsingular. */
    private boolean isRegular() {
        Finding smallest = smallest();
        return smallest.isResolved() && smallest.value() > 0;
    }

    /** Samples after which the closed form's loss is below a level. */
    public Finding samplesFor(double level, double lambda) {
        Finding smallest = smallest();
        double value = closedForm(mean, lambda).samplesFor(level);
        if (smallest.isResolved() && smallest.value() == 0 && Double.isInfinite(value)) {
            return Finding.infinite();
        }
        double error = spread(one -> closedForm(one, lambda).samplesFor(level));
        boolean known = smallest.isResolved() && hasExcess() && Double.isFinite(value);
        return known && value > ERRORS * error ? Finding.of(value, error) : Finding.notResolved();
    }

    /** Whether d is more than its errors, without which no number of samples means anything. */
    private boolean hasExcess() {
        double[] excess = excess(mean);
        for (int t = 0; t < excess.length; t++) {
            int template = t;
            double error = spread(one -> excess(one)[template]);
            if (!(excess[t] > ERRORS * error && excess[t] > 0)) {
                return false;
            }
        }
        return true;
    }

    /** The closed form's loss after n samples. */
    public Finding closedLoss(double n, double lambda) {
        double value = closedForm(mean, lambda).loss(n);
        double error = spread(one -> closedForm(one, lambda).loss(n));
        return hasExcess() && value > ERRORS * error
                ? Finding.of(value, error)
                : Finding.notResolved();
    }

    private ClosedForm closedForm(Attention attention, double lambda) {
        return new ClosedForm(
                outline, attention.templateMatrix(setting), excess(attention), lambda);
    }

    /** yᵀ N⁻¹ y, where N is known to be nonsingular. */
    public Finding signal() {
        if (!isRegular()) {
            return Finding.notResolved();
        }
        return Finding.of(signal(mean), spread(this::signal));
    }

    private double signal(Attention attention) {
        double[] labels = new double[outline.size()];
        for (int t = 0; t < labels.length; t++) {
            labels[t] = outline.label(t);
        }
        double[] solution = Symmetric.solve(attention.templateMatrix(setting), labels);
        double signal = 0;
        for (int t = 0; t < labels.length; t++) {
            signal += labels[t] * solution[t];
        }
        return signal;
    }

    private TemplateKernel kernel() {
        return new TemplateKernel(outline, setting, mean, overlaps.orElseThrow());
    }

    /**
     * The loss of regressions on drawn samples.
     *
     * @param alphabet symbols to draw from
     * @param trials how many draws
     * @return one loss a trial
     */
    public List<Double> simulate(
            int n, int alphabet, double lambda, int trials, long seed, Workers workers) {
        TemplateKernel kernel = kernel();
        List<Callable<Double>> parts = new ArrayList<>();
        for (int trial = 0; trial < trials; trial++) {
            long stream = trial;
            parts.add(
                    () -> {
                        Sample sample = Sample.draw(outline, n, alphabet, seed, stream);
                        return Ridge.loss(outline, Ridge.predictions(kernel, sample, lambda));
                    });
        }
        return workers.all(parts);
    }

    /**
     * K̂ of a sample, sorted by template.
     *
     * @return (n, n)
     */
    public List<List<Double>> sampleKernel(int n, int alphabet, long seed) {
        return lists(SampleKernel.of(kernel(), Sample.draw(outline, n, alphabet, seed, 0)));
    }

    private double spread(ToDoubleFunction<Attention> of) {
        return error(shifts.stream().map(of::applyAsDouble).toList());
    }

    /** The standard error of a mean; 0 for what has no points and hence no error. */
    private static double error(List<Double> values) {
        if (values.size() < 2) {
            return 0;
        }
        double mean = 0;
        for (double value : values) {
            mean += value / values.size();
        }
        double squares = 0;
        for (double value : values) {
            squares += (value - mean) * (value - mean);
        }
        return Math.sqrt(squares / (values.size() - 1) / values.size());
    }

    private static List<Double> list(double[] values) {
        List<Double> list = new ArrayList<>();
        for (double value : values) {
            list.add(value);
        }
        return List.copyOf(list);
    }

    private static List<List<Double>> lists(double[][] values) {
        List<List<Double>> lists = new ArrayList<>();
        for (double[] row : values) {
            lists.add(list(row));
        }
        return List.copyOf(lists);
    }
}
