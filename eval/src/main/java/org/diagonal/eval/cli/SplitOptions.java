package org.diagonal.eval.cli;

import java.util.Optional;
import picocli.CommandLine.Option;

/** Which text tells how well a training goes. */
@Heading("Model and data")
final class SplitOptions {

    @Option(
            names = "--valid-data",
            paramLabel = "D",
            description = "for evaluation in training [--data's :validation]")
    Optional<String> validData;
}
