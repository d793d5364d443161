package org.diagonal.eval.cli.option;

import java.util.Optional;
import org.diagonal.eval.cli.console.GlobalOptions;
import org.diagonal.eval.cli.console.Heading;
import org.diagonal.eval.cli.console.Purpose;
import org.diagonal.plugin.finetune.Schedule;
import org.diagonal.plugin.finetune.TrainingSettings;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** On which batches training goes, and for how long. */
@Heading("Training")
@Purpose(Purpose.Of.TRAINING)
public final class TrainingOptions {

    @Purpose(Purpose.Of.TEXTS)
    @Option(names = "--block-size", description = "tokens in a block [the context, at most 1024]")
    public Optional<Integer> blockSize;

    @Option(names = "--batch-size", description = "blocks in a batch")
    public int batchSize = TrainingSettings.DEFAULTS.batchSize();

    @Option(names = "--accumulate", description = "batches per optimizer step")
    public int accumulate = TrainingSettings.DEFAULTS.accumulate();

    @Option(names = "--epochs", description = "passes over the data [1], or:")
    public Optional<Integer> epochs;

    @Option(names = "--max-steps", description = "optimizer steps")
    public Optional<Integer> maxSteps;

    @Option(
            names = "--shuffle",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "blocks in a new random order every epoch")
    public boolean shuffle;

    @Option(names = "--seed", description = "of every random choice")
    public long seed = TrainingSettings.DEFAULTS.seed();

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

    /** Settings with what these options say; {@link #epochs} and what depends on them left out. */
    public TrainingSettings on(TrainingSettings settings) {
        return optimizer
                .on(settings)
                .withBatchSize(batchSize)
                .withAccumulate(accumulate)
                .withShuffle(shuffle)
                .withSeed(seed);
    }

    /**
     * Checks what no option can check alone.
     *
     * @throws ParameterException if options contradict each other
     */
    public void check(GlobalOptions global) {
        if (epochs.isPresent() && maxSteps.isPresent()) {
            boolean epochsFlag = isFlag(global, "--epochs");
            boolean maxStepsFlag = isFlag(global, "--max-steps");
            if (epochsFlag == maxStepsFlag) {
                throw global.wrong("--epochs and --max-steps exclude each other");
            }
            // One of them is from the configuration file, and flags win.
            epochs = epochsFlag ? epochs : Optional.empty();
            maxSteps = maxStepsFlag ? maxSteps : Optional.empty();
        }
    }

    private static boolean isFlag(GlobalOptions global, String name) {
        return global.spec.commandLine().getParseResult().hasMatchedOption(name);
    }
}
