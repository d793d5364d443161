package org.diagonal.eval.cli;

import java.util.Optional;
import picocli.CommandLine.Option;

/** Which texts tell how good the trained model is. */
@Heading("Model and data")
final class SplitOptions {

    @Option(
            names = "--valid-data",
            paramLabel = "D",
            description = "for evaluation in training [--data's :validation]")
    Optional<String> validData;

    @Option(
            names = "--test-data",
            paramLabel = "D",
            description = "for the finished model [--data's :test]")
    Optional<String> testData;
}
