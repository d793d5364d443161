package org.diagonal.eval.kernel;

import org.diagonal.eval.kernel.math.Estimate;
import org.diagonal.eval.kernel.math.Estimator;
import org.diagonal.eval.kernel.math.Finding;
import org.diagonal.eval.kernel.math.Outline;
import org.diagonal.eval.kernel.math.Phi;
import org.diagonal.eval.kernel.math.Setting;
import org.diagonal.eval.kernel.numeric.Workers;
import org.diagonal.templates.task.Task;

/** What matters to who invents a task: whether it can be learned, and from how many samples. */
public final class Forecast {

    private static final Estimator QUICK = new Estimator(1024, 4, 42);
    private static final double LAMBDA = 1e-4;
    private static final int MOST_TEMPLATES = 256;

    private Forecast() {}

    /**
     * One sentence on a task with real labels, by the kernel of one layer as {@code diagonal
     * kernel} has it by default, with fewer points.
     */
    public static String sentence(Task task, Workers workers) {
        if (task.templates().size() > MOST_TEMPLATES) {
            return "not computed for more than %d templates".formatted(MOST_TEMPLATES);
        }
        Setting setting = new Setting(1, 1, 1, 0, false, Phi.COS, 1, Math.PI / 4);
        Estimate estimate = QUICK.transformer(Outline.of(task), setting, false, workers);
        Finding smallest = estimate.smallest();
        Finding needed = estimate.samplesFor(TaskKernel.LEVEL, LAMBDA);
        if (estimate.twins().isPresent()) {
            return "singular kernel: no number of samples is enough";
        }
        if (!smallest.isResolved() || !needed.isResolved()) {
            return "not resolved: the kernel is so near to singular that a quick look cannot tell";
        }
        return "nonsingular kernel (λ_min %s): about %s samples to a loss of 0.1"
                .formatted(Say.brief(smallest.value()), Say.samples(needed.value()));
    }
}
