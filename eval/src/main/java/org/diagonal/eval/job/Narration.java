package org.diagonal.eval.job;

import java.nio.file.Path;
import java.util.Locale;
import org.diagonal.plugin.finetune.TrainingListener;
import org.diagonal.plugin.finetune.TrainingStep;

/** Tells a reported task of each step of a training. */
record Narration(Reporter.Task task) implements TrainingListener {

    @Override
    public void resumed(long step, Path checkpoint) {
        task.note("Going on after step " + step + " from " + checkpoint);
    }

    @Override
    public void stepped(TrainingStep step, long maxSteps) {
        task.step(
                step.step(),
                String.format(
                        Locale.ROOT,
                        "loss %.3f, %,.0f tokens/s",
                        step.loss(),
                        step.tokensPerSecond()));
        step.validLoss()
                .ifPresent(
                        loss ->
                                task.note(
                                        String.format(
                                                Locale.ROOT,
                                                "Step %d: validation perplexity %.2f",
                                                step.step(),
                                                Math.exp(loss))));
    }

    @Override
    public void skipped(long step, double loss, double gradNorm) {
        task.note("Step %d skipped: loss %s, gradient norm %s".formatted(step, loss, gradNorm));
    }
}
