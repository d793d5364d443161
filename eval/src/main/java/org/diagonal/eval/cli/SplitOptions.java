package org.diagonal.eval.cli;

import java.util.Optional;
import picocli.CommandLine.Option;

/** Which texts tell how good the trained model is. */
@Heading("Model and data")
final class SplitOptions {

    @Option(
            names = "--valid-data",
            paramLabel = "D",
            description =
                    "what to evaluate on while training (default: the :validation split of --data,"
                            + " if it has one)")
    Optional<String> validData;

    @Option(
            names = "--test-data",
            paramLabel = "D",
            description =
                    "what to evaluate the finished model on (default: the :test split of --data, if"
                            + " it has one)")
    Optional<String> testData;
}
