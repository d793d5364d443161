package org.diagonal.eval.train;

import java.nio.file.Path;
import java.util.Locale;
import org.diagonal.eval.source.Reporter;
import org.diagonal.plugin.finetune.TrainingListener;
import org.diagonal.plugin.finetune.TrainingStep;
import org.diagonal.plugin.network.Loss;

/**
 * Tells a reported task of each step of a training.
 *
 * @param kind what the training's loss is
 */
record Narration(Reporter.Task task, Loss kind) implements TrainingListener {

    @Override
    public void resumed(long step, Path checkpoint) {
        task.note("Going on after step " + step + " from " + checkpoint);
    }

    @Override
    public void began(double validLoss) {
        note(0, validLoss);
    }

    @Override
    public void stepped(TrainingStep step, long maxSteps) {
        String pace = String.format(Locale.ROOT, "%,.0f tokens/s", step.tokensPerSecond());
        String loss = String.format(Locale.ROOT, "loss %.3f", step.loss());
        task.step(step.step(), loss + ", " + pace);
        step.validLoss().ifPresent(valid -> note(step.step(), valid));
    }

    private void note(long step, double loss) {
        String words =
                kind == Loss.NATS
                        ? String.format(Locale.ROOT, "perplexity %.2f", Math.exp(loss))
                        : String.format(Locale.ROOT, "loss %.4f", loss);
        task.note("Step %d: validation %s".formatted(step, words));
    }

    @Override
    public void skipped(long step, double loss, double gradNorm) {
        task.note("Step %d skipped: loss %s, gradient norm %s".formatted(step, loss, gradNorm));
    }
}
