package org.diagonal.eval.cli.option;

import java.util.Optional;
import org.diagonal.eval.cli.console.Heading;
import org.diagonal.eval.cli.console.Numbers;
import org.diagonal.plugin.finetune.Schedule;
import picocli.CommandLine.Option;

/** AdamW and what surrounds it. */
@Heading("Optimizer: AdamW")
public final class OptimizerOptions {

    @Option(
            names = "--lr",
            paramLabel = "X",
            converter = Numbers.NotNegative.class,
            description = "highest learning rate")
    public double learningRate = 5e-5;

    @Option(
            names = "--scalings-lr",
            paramLabel = "X",
            converter = Numbers.NotNegative.class,
            description = "that of the identity scalings [--lr]")
    public Optional<Double> scalingsLearningRate;

    @Option(
            names = "--schedule",
            paramLabel = "constant|linear|cosine",
            description = "course of the learning rate after the warm-up")
    public Schedule schedule = Schedule.LINEAR;

    @Option(
            names = "--warmup",
            paramLabel = "N",
            converter = Numbers.Whole.class,
            description = "steps in which it rises from 0")
    public int warmup;

    @Option(
            names = "--weight-decay",
            paramLabel = "X",
            converter = Numbers.NotNegative.class,
            description = "of matrices; nothing else decays")
    public double weightDecay = 0.01;

    @Option(
            names = "--clip",
            paramLabel = "X",
            converter = Numbers.NotNegative.class,
            description = "highest norm of the gradients; 0 = none")
    public double clip = 1;

    @Option(
            names = "--dropout",
            paramLabel = "X",
            converter = Numbers.Fraction.class,
            description = "share of values left out; 0 = none [the model's]")
    public Optional<Double> dropout;
}
