package org.diagonal.eval.cli.option;

import java.util.Optional;
import org.diagonal.eval.cli.console.GlobalOptions;
import org.diagonal.eval.cli.console.Heading;
import org.diagonal.eval.cli.console.Numbers;
import org.diagonal.eval.cli.console.Purpose;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Which text tells how well a training goes, and how much of each text is used. */
@Heading("Model and data")
@Purpose({Purpose.Of.TRAINING, Purpose.Of.TEXTS})
public final class SplitOptions {

    @Option(
            names = "--valid-data",
            paramLabel = "D",
            description = "for evaluation in training [--data's :validation]")
    public Optional<String> validData;

    @Option(
            names = "--validation-split",
            paramLabel = "P%",
            converter = Numbers.Percent.class,
            description = "hold out the last P%% of the blocks of --data for validation")
    public Optional<Double> validationSplit;

    @Option(
            names = "--max-train-samples",
            description = "train on the first N documents (of plain text: lines) only")
    public Optional<Integer> maxTrainSamples;

    @Option(names = "--max-eval-samples", description = "the same for validation and test data")
    public Optional<Integer> maxEvalSamples;

    /**
     * Checks what no option can check alone.
     *
     * @throws ParameterException if options contradict each other
     */
    public void check(GlobalOptions global) {
        if (validData.isPresent() && validationSplit.isPresent()) {
            throw global.wrong("--valid-data and --validation-split exclude each other");
        }
    }
}
