package org.diagonal.eval.kernel.math;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.diagonal.eval.kernel.numeric.Symmetric;
import org.diagonal.eval.kernel.numeric.Vectors;
import org.diagonal.eval.kernel.numeric.Workers;

/** A task's kernel from several shifts of a lattice, which tell the errors of what it says. */
public final class Estimate {

    private static final double ERRORS = 3;

    /** Eigenvalues below this share of the largest are rounding. */
    private static final double ROUNDING = 1e-13;

    private final Outline outline;
    private final Setting setting;
    private final List<TemplateKernel> shifts;
    private final TemplateKernel mean;
    private final Optional<Twins.Pair> twins;

    Estimate(
            Outline outline,
            Setting setting,
            List<Attention> shifts,
            Optional<Overlaps> overlaps,
            Optional<Twins.Pair> twins) {
        this.outline = outline;
        this.setting = setting;
        this.shifts =
                shifts.stream()
                        .map(one -> new TemplateKernel(outline, setting, one, overlaps))
                        .toList();
        this.mean = new TemplateKernel(outline, setting, Attention.mean(shifts), overlaps);
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
        return lists(mean.matrix());
    }

    /** The standard errors of {@link #matrix()}. */
    public List<List<Double>> matrixErrors() {
        int r = outline.size();
        double[][] errors = new double[r][r];
        for (int t = 0; t < r; t++) {
            int row = t;
            Arrays.setAll(errors[t], u -> spread(shift -> shift.matrix()[row][u]));
        }
        return lists(errors);
    }

    /** K_attn of strings without a symbol in common, r × r. */
    public List<List<Double>> attention() {
        return lists(mean.attention().apart());
    }

    /** K_attn(x, x) of every template. */
    public List<Double> attentionSelf() {
        return list(mean.attention().self());
    }

    double attentionSelf(int t) {
        return mean.attention().self(t);
    }

    /** K_attn of two different strings by their pattern. */
    double attention(int t, int u, int pattern) {
        return mean.attention(t, u, pattern);
    }

    /** K(x, x) of every template. */
    public List<Double> self() {
        return list(mean.self());
    }

    /** K(x, x) less N's diagonal, of every template: the price of a sample's own symbols. */
    public List<Double> excess() {
        return list(mean.excess());
    }

    /** N's eigenvalues, ascending, as far as they exceed three errors or are exactly 0. */
    public List<Finding> eigenvalues() {
        double[] values = mean.spectrum();
        double rounding = ROUNDING * values[values.length - 1];
        List<Finding> findings = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            int place = i;
            double error = spread(shift -> shift.spectrum()[place]);
            boolean zero = isExactlySingular() && values[i] <= rounding;
            boolean known = values[i] > ERRORS * error && values[i] > rounding;
            findings.add(
                    zero
                            ? Finding.of(0, 0)
                            : known ? Finding.of(values[i], error) : Finding.notResolved());
        }
        return List.copyOf(findings);
    }

    /** Eigenvalues of a kernel without sampling error, ascending; rounding is not taken off. */
    public List<Double> exactEigenvalues() {
        return list(mean.spectrum());
    }

    /** N's largest eigenvalue. */
    public double largest() {
        return mean.spectrum()[outline.size() - 1];
    }

    /** Twins, or a rank that is known without points. */
    private boolean isExactlySingular() {
        boolean exact = shifts.size() == 1;
        return twins.isPresent() || (exact && mean.spectrum()[0] <= ROUNDING * largest());
    }

    /** N's smallest eigenvalue: 0 for twins, a number only where it exceeds three errors. */
    public Finding smallest() {
        return isExactlySingular() ? Finding.of(0, 0) : eigenvalues().get(0);
    }

    /** Whether N has been shown to be nonsingular. */
    private boolean isRegular() {
        Finding smallest = smallest();
        return smallest.isResolved() && smallest.value() > 0;
    }

    /** Samples after which the closed form's loss is below a level. */
    public Finding samplesFor(double level, double lambda) {
        Finding smallest = smallest();
        double value = new ClosedForm(mean, lambda).samplesFor(level);
        if (smallest.isResolved() && smallest.value() == 0 && Double.isInfinite(value)) {
            return Finding.infinite();
        }
        double error = spread(one -> new ClosedForm(one, lambda).samplesFor(level));
        boolean known = smallest.isResolved() && hasExcess() && Double.isFinite(value);
        return known && value > ERRORS * error ? Finding.of(value, error) : Finding.notResolved();
    }

    /**
     * Whether d is more than its errors, without which no number of samples means anything; that of
     * a template without wildcards is 0 exactly.
     */
    private boolean hasExcess() {
        return IntStream.range(0, outline.size())
                .filter(t -> outline.wildcards(t) > 0)
                .allMatch(
                        t -> {
                            double excess = mean.excess()[t];
                            return excess > 0 && excess > ERRORS * spread(one -> one.excess()[t]);
                        });
    }

    /** The closed form's loss after n samples. */
    public Finding closedLoss(double n, double lambda) {
        double value = new ClosedForm(mean, lambda).loss(n);
        double error = spread(one -> new ClosedForm(one, lambda).loss(n));
        return hasExcess() && value > ERRORS * error
                ? Finding.of(value, error)
                : Finding.notResolved();
    }

    /** yᵀ N⁻¹ y, where N is known to be nonsingular. */
    public Finding signal() {
        if (!isRegular()) {
            return Finding.notResolved();
        }
        return Finding.of(signal(mean), spread(this::signal));
    }

    private double signal(TemplateKernel shift) {
        double[] labels = outline.labels();
        return Vectors.dot(labels, Symmetric.solve(shift.matrix(), labels));
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
        return workers.all(
                trials,
                trial -> {
                    Sample sample = Sample.draw(outline, n, alphabet, seed, trial);
                    return Ridge.loss(outline, Ridge.predictions(mean, sample, lambda));
                });
    }

    /**
     * K̂ of a sample, sorted by template.
     *
     * @return (n, n)
     */
    public List<List<Double>> sampleKernel(int n, int alphabet, long seed) {
        return lists(SampleKernel.of(mean, Sample.draw(outline, n, alphabet, seed, 0)));
    }

    private double spread(ToDoubleFunction<TemplateKernel> of) {
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
        return Arrays.stream(values).boxed().toList();
    }

    private static List<List<Double>> lists(double[][] values) {
        return Arrays.stream(values).map(Estimate::list).toList();
    }
}
