package org.diagonal.eval.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.diagonal.eval.kernel.TaskKernel.Contrast;
import org.diagonal.eval.kernel.TaskKernel.Point;
import org.diagonal.eval.kernel.TaskKernel.SampleMatrix;
import org.diagonal.eval.kernel.TaskKernel.Summary;
import org.diagonal.eval.kernel.TaskKernel.TaskName;
import org.diagonal.eval.kernel.TaskKernel.TemplateLine;
import org.diagonal.eval.kernel.TaskKernel.Width;
import org.diagonal.eval.kernel.math.Estimate;
import org.diagonal.eval.kernel.math.Estimator;
import org.diagonal.eval.kernel.math.Finding;
import org.diagonal.eval.kernel.math.FiniteWidth;
import org.diagonal.eval.kernel.math.Outline;
import org.diagonal.eval.kernel.math.Setting;
import org.diagonal.eval.kernel.numeric.Workers;
import org.diagonal.templates.task.LabelledTemplate;
import org.diagonal.templates.template.Real;

/** Computes a task's kernel and what ridge regression with it learns. */
public final class KernelJob {

    /** Samples of the matrix that is shown. */
    private static final int SHOWN = 128;

    private static final double DIGITS = 1e6;

    private final KernelPlan plan;
    private final Outline outline;
    private final Workers workers;
    private final Steps steps;
    private int done;

    /** Hears of every step. */
    public interface Steps {
        /** How many steps are done, and what the last one was. */
        void done(int count, String what);
    }

    private KernelJob(KernelPlan plan, Workers workers, Steps steps) {
        this.plan = plan;
        this.outline = Outline.of(plan.task());
        this.workers = workers;
        this.steps = steps;
    }

    /** How many steps a plan takes. */
    public static int steps(KernelPlan plan) {
        return plan.a().size() * (1 + plan.n().size()) + 2 + plan.widths().size();
    }

    /**
     * Computes all of a plan.
     *
     * @throws IllegalArgumentException in one line, for symbolic labels and too many patterns
     */
    public static TaskKernel run(KernelPlan plan, Workers workers, Steps steps) {
        return new KernelJob(plan, workers, steps).run();
    }

    private TaskKernel run() {
        Estimate first = estimate(plan.a().get(0));
        List<Summary> sweep = new ArrayList<>(List.of(summary(first)));
        for (double a : plan.a().subList(1, plan.a().size())) {
            sweep.add(summary(estimate(a)));
        }
        Contrast mlp = contrast(false);
        Contrast mlpXxt = contrast(true);
        Summary own = sweep.get(0);
        return new TaskKernel(
                TaskKernel.FORM.version(),
                TaskKernel.KIND,
                new TaskName(plan.name(), plan.sha256()),
                first.setting(),
                plan.estimator().points(),
                plan.estimator().shifts(),
                plan.estimator().seed(),
                plan.lambda(),
                plan.trials(),
                plan.alphabet(),
                plan.task().templates().stream().map(KernelJob::line).toList(),
                first.matrix(),
                first.matrixErrors(),
                first.attention(),
                first.eigenvalues().stream().map(KernelJob::optional).toList(),
                own.lambdaMin(),
                own.lambdaMinError(),
                own.lambdaMax(),
                own.lambdaMin().isPresent() && own.lambdaMin().getAsDouble() > 0,
                first.twins().map(this::names),
                own.condition(),
                first.self(),
                first.attentionSelf(),
                own.d(),
                optional(first.signal()),
                own.needed(),
                own.neededError(),
                own.neededState(),
                own.curve(),
                mlp,
                mlpXxt,
                sweep,
                plan.trained(),
                widths(first),
                sample(first),
                plan.versions());
    }

    private static TemplateLine line(LabelledTemplate template) {
        return new TemplateLine(
                template.text(), ((Real) template.label()).value(), template.probability());
    }

    private List<String> names(org.diagonal.eval.kernel.math.Twins.Pair pair) {
        return List.of(
                plan.task().templates().get(pair.first()).text(),
                plan.task().templates().get(pair.second()).text());
    }

    private Estimate estimate(double a) {
        Setting setting = plan.setting().withA(a);
        Estimate estimate =
                plan.estimator().transformer(outline, setting, plan.trials() > 0, workers);
        step("kernel, a = " + a);
        return estimate;
    }

    private void step(String what) {
        steps.done(++done, what);
    }

    private Summary summary(Estimate estimate) {
        Finding smallest = estimate.smallest();
        Finding needed = estimate.samplesFor(TaskKernel.LEVEL, plan.lambda());
        double largest = estimate.largest();
        boolean isRegular = smallest.isResolved() && smallest.value() > 0;
        List<Point> curve = new ArrayList<>();
        for (int n : plan.n()) {
            curve.add(point(estimate, n));
            step("samples, n = " + n);
        }
        return new Summary(
                estimate.setting().a(),
                optional(smallest),
                error(smallest),
                largest,
                isRegular ? OptionalDouble.of(largest / smallest.value()) : OptionalDouble.empty(),
                estimate.excess(),
                optional(needed),
                error(needed),
                needed.state(),
                curve);
    }

    private Point point(Estimate estimate, int n) {
        int alphabet = plan.alphabetOf(n);
        Finding closed = estimate.closedLoss(n, plan.lambda());
        OptionalDouble none = OptionalDouble.empty();
        if (!closed.isResolved() || plan.trials() == 0) {
            return new Point(n, alphabet, none, none, optional(closed));
        }
        List<Double> losses =
                estimate.simulate(
                        n,
                        alphabet,
                        plan.lambda(),
                        plan.trials(),
                        plan.estimator().seed() + n,
                        workers);
        double mean = losses.stream().mapToDouble(loss -> loss).average().orElseThrow();
        double squares = losses.stream().mapToDouble(x -> (x - mean) * (x - mean)).sum();
        int count = losses.size();
        return new Point(
                n,
                alphabet,
                OptionalDouble.of(mean),
                count < 2 ? none : OptionalDouble.of(Math.sqrt(squares / (count - 1) / count)),
                optional(closed));
    }

    private Contrast contrast(boolean withEqualities) {
        Estimate estimate =
                Estimator.mlp(outline, plan.setting(), withEqualities, plan.trials() > 0);
        Finding needed = estimate.samplesFor(TaskKernel.LEVEL, plan.lambda());
        List<Point> curve = plan.n().stream().map(n -> point(estimate, n)).toList();
        step(withEqualities ? "MLP + XXᵀ" : "MLP");
        return new Contrast(
                estimate.matrix(),
                estimate.exactEigenvalues(),
                estimate.smallest().value() == 0,
                optional(needed),
                needed.state(),
                curve);
    }

    private List<Width> widths(Estimate estimate) {
        List<Width> widths = new ArrayList<>();
        for (int width : plan.widths()) {
            FiniteWidth found =
                    FiniteWidth.measure(
                            outline,
                            estimate.setting(),
                            estimate,
                            width,
                            plan.networks(),
                            plan.estimator().seed(),
                            workers);
            widths.add(
                    new Width(
                            width,
                            plan.networks(),
                            found.attentionError(),
                            found.error(),
                            found.meanError()));
            step("networks, width " + width);
        }
        return widths;
    }

    private Optional<SampleMatrix> sample(Estimate estimate) {
        if (plan.trials() == 0) {
            return Optional.empty();
        }
        int alphabet = Math.max(plan.alphabetOf(SHOWN), plan.task().mostWildcards());
        List<List<Double>> full =
                estimate.sampleKernel(SHOWN, alphabet, plan.estimator().seed() + SHOWN);
        List<List<Double>> rows = new ArrayList<>();
        for (int i = 0; i < full.size(); i++) {
            rows.add(
                    full.get(i).subList(i, full.size()).stream()
                            .map(value -> Math.rint(value * DIGITS) / DIGITS)
                            .toList());
        }
        return Optional.of(new SampleMatrix(SHOWN, alphabet, rows));
    }

    private static OptionalDouble optional(Finding finding) {
        return finding.isResolved() ? OptionalDouble.of(finding.value()) : OptionalDouble.empty();
    }

    private static OptionalDouble error(Finding finding) {
        return finding.isResolved() ? OptionalDouble.of(finding.error()) : OptionalDouble.empty();
    }
}
