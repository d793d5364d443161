package org.diagonal.eval.cli;

import java.util.Optional;
import picocli.CommandLine.Option;

/** AdamW and what surrounds it. */
@Heading("Optimizer: AdamW")
final class OptimizerOptions {

    /** How the learning rate goes on after the warm-up. */
    enum Schedule {
        CONSTANT,
        LINEAR,
        COSINE
    }

    @Option(
            names = "--lr",
            paramLabel = "X",
            converter = Numbers.NotNegative.class,
            description = "highest learning rate")
    double learningRate = 5e-5;

    @Option(
            names = "--scalings-lr",
            paramLabel = "X",
            converter = Numbers.NotNegative.class,
            description = "the same for the identity scalings (default: --lr)")
    Optional<Double> scalingsLearningRate;

    @Option(
            names = "--schedule",
            paramLabel = "constant|linear|cosine",
            description = "how it falls to 0 after the warm-up, if it does")
    Schedule schedule = Schedule.LINEAR;

    @Option(
            names = "--warmup",
            paramLabel = "N",
            converter = Numbers.Whole.class,
            description = "steps in which it rises from 0")
    int warmup;

    @Option(
            names = "--weight-decay",
            paramLabel = "X",
            converter = Numbers.NotNegative.class,
            description = "decay of matrices; biases, norms and scalings have none")
    double weightDecay = 0.01;

    @Option(
            names = "--clip",
            paramLabel = "X",
            converter = Numbers.NotNegative.class,
            description = "highest norm of all gradients together; 0 = none")
    double clip = 1;

    @Option(
            names = "--dropout",
            paramLabel = "X",
            converter = Numbers.Fraction.class,
            description = "share of values left out; 0 = none (default: the model's)")
    Optional<Double> dropout;
}
