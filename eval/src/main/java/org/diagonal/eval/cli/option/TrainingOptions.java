package org.diagonal.eval.cli.option;

import java.util.Optional;
import org.diagonal.eval.cli.console.Heading;
import org.diagonal.eval.cli.console.Numbers;
import org.diagonal.plugin.finetune.Schedule;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** On which batches training goes, and for how long. */
@Heading("Training")
public final class TrainingOptions {

    @Option(
            names = "--block-size",
            paramLabel = "N",
            converter = Numbers.Positive.class,
            description = "tokens in a block [the context, at most 1024]")
    public Optional<Integer> blockSize;

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            converter = Numbers.Positive.class,
            description = "blocks in a batch")
    public int batchSize = 8;

    @Option(
            names = "--accumulate",
            paramLabel = "N",
            converter = Numbers.Positive.class,
            description = "batches in an optimizer step")
    public int accumulate = 1;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            converter = Numbers.Positive.class,
            description = "passes over the data [1], or:")
    public Optional<Integer> epochs;

    @Option(
            names = "--max-steps",
            paramLabel = "N",
            converter = Numbers.Positive.class,
            description = "optimizer steps")
    public Optional<Integer> maxSteps;

    @Option(
            names = "--shuffle",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "blocks in a new random order every epoch")
    public boolean shuffle;

    @Option(
            names = "--seed",
            paramLabel = "N",
            converter = Numbers.Seed.class,
            description = "of every random choice")
    public long seed = 42;

    @Mixin public PrecisionOption products = new PrecisionOption();

    @Mixin public OptimizerOptions optimizer = new OptimizerOptions();

    /** The options of a model that begins with random weights: it learns longer and faster. */
    public static TrainingOptions forPretraining() {
        TrainingOptions options = new TrainingOptions();
        options.optimizer.learningRate = 1e-3;
        options.optimizer.schedule = Schedule.COSINE;
        options.optimizer.warmup = 100;
        return options;
    }

    /**
     * Checks what no option can check alone.
     *
     * @throws ParameterException if options contradict each other
     */
    public void check(CommandSpec spec) {
        if (epochs.isPresent() && maxSteps.isPresent()) {
            boolean epochsFlag = isFlag(spec, "--epochs");
            boolean maxStepsFlag = isFlag(spec, "--max-steps");
            if (epochsFlag == maxStepsFlag) {
                throw new ParameterException(
                        spec.commandLine(), "--epochs and --max-steps exclude each other");
            }
            // One of them is from the configuration file, and flags win.
            epochs = epochsFlag ? epochs : Optional.empty();
            maxSteps = maxStepsFlag ? maxSteps : Optional.empty();
        }
    }

    private static boolean isFlag(CommandSpec spec, String name) {
        return spec.commandLine().getParseResult().hasMatchedOption(name);
    }
}
