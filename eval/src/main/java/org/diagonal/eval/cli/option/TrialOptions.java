package org.diagonal.eval.cli.option;

import java.util.Optional;
import java.util.OptionalInt;
import org.diagonal.eval.cli.console.Heading;
import org.diagonal.eval.cli.console.Numbers;
import org.diagonal.eval.curve.CurvePlan;
import org.diagonal.eval.task.NetworkKind;
import org.diagonal.eval.trial.Trial;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * How each trial of a curve is trained; the defaults are the paper's (Appendix A), but for the
 * learning rates: it took the best for each curve, and says neither which nor its multipliers.
 */
@Heading("Training")
public final class TrialOptions {

    @Option(
            names = "--epochs",
            description = "passes over the samples; the best on validation counts")
    int epochs = 1000;

    @Option(names = "--batch-size", description = "samples in a batch, at most")
    int batchSize = 1024;

    @Option(
            names = "--lr",
            converter = Numbers.NotNegative.class,
            description = "Adam's learning rate [0.003; others: 0.001]")
    Optional<Double> learningRate;

    @Option(
            names = "--scalings-lr",
            converter = Numbers.NotNegative.class,
            description = "that of the scalings [ten times --lr; M: --lr]")
    Optional<Double> scalingsLearningRate;

    @Option(
            names = "--train-alphabet",
            paramLabel = "K",
            description = "symbols that training strings are drawn from, the same at every n [n]")
    Optional<Integer> trainAlphabet;

    @Option(names = "--valid-n", description = "validation samples")
    int validN = CurvePlan.Samples.PAPER.valid();

    @Option(names = "--valid-alphabet", description = "symbols of theirs; no other sample has them")
    int validAlphabet = CurvePlan.Samples.PAPER.validAlphabet();

    @Option(names = "--test-n", description = "test samples")
    int testN = CurvePlan.Samples.PAPER.test();

    @Option(names = "--test-alphabet", description = "symbols of theirs, which no training sees")
    int testAlphabet = CurvePlan.Samples.PAPER.testAlphabet();

    @Option(names = "--seed", description = "of the first trial; the others have the next ones")
    public long seed = 42;

    @Mixin public PrecisionOption products = new PrecisionOption();

    /** The training of every trial. */
    public Trial.Training training(NetworkKind kind) {
        double lr = learningRate.orElse(kind.learningRate());
        return new Trial.Training(
                epochs,
                batchSize,
                lr,
                scalingsLearningRate.orElseGet(() -> kind.scalingsLearningRate(lr)),
                products.precision);
    }

    /** The samples of every trial. */
    public CurvePlan.Samples samples() {
        OptionalInt symbols = trainAlphabet.map(OptionalInt::of).orElseGet(OptionalInt::empty);
        return new CurvePlan.Samples(symbols, validN, validAlphabet, testN, testAlphabet);
    }
}
