package org.diagonal.eval.cli.option;

import java.util.Optional;
import org.diagonal.eval.cli.console.Heading;
import org.diagonal.eval.cli.console.Numbers;
import org.diagonal.eval.cli.console.Purpose;
import org.diagonal.plugin.finetune.Schedule;
import org.diagonal.plugin.finetune.TrainingSettings;
import picocli.CommandLine.Option;

/** AdamW and what surrounds it. */
@Heading("Optimizer: AdamW")
@Purpose(Purpose.Of.TRAINING)
public final class OptimizerOptions {

    @Option(
            names = "--lr",
            converter = Numbers.NotNegative.class,
            description = "peak learning rate")
    public double learningRate = TrainingSettings.DEFAULTS.lr();

    @Option(
            names = "--scalings-lr",
            converter = Numbers.NotNegative.class,
            description =
                    "learning rate of the scalings, or of what a control arm has in their place [--lr]")
    public Optional<Double> scalingsLearningRate;

    @Option(names = "--schedule", description = "course of the learning rate after the warm-up")
    public Schedule schedule = TrainingSettings.DEFAULTS.schedule();

    @Option(
            names = "--warmup",
            converter = Numbers.Whole.class,
            description = "steps over which the learning rate rises from 0")
    public int warmup = TrainingSettings.DEFAULTS.warmup();

    @Option(
            names = "--weight-decay",
            converter = Numbers.NotNegative.class,
            description = "weight decay of matrices; nothing else decays")
    public double weightDecay = TrainingSettings.DEFAULTS.weightDecay();

    @Option(
            names = "--clip",
            converter = Numbers.NotNegative.class,
            description = "highest norm of the gradients; 0 = none")
    public double clip = TrainingSettings.DEFAULTS.clip();

    @Option(
            names = "--dropout",
            converter = Numbers.Fraction.class,
            description = "dropout probability; 0 = none [the model's]")
    public Optional<Double> dropout;

    /** Settings with what these options say. */
    TrainingSettings on(TrainingSettings settings) {
        return settings.withLr(learningRate)
                .withScalingsLr(scalingsLearningRate.orElse(learningRate))
                .withSchedule(schedule)
                .withWarmup(warmup)
                .withWeightDecay(weightDecay)
                .withClip(clip);
    }
}
