package org.diagonal.eval.cli.option;

import java.util.Optional;
import org.diagonal.eval.cli.console.Heading;
import picocli.CommandLine.Option;

/** Which text tells how well a training goes. */
@Heading("Model and data")
public final class SplitOptions {

    @Option(
            names = "--valid-data",
            paramLabel = "D",
            description = "for evaluation in training [--data's :validation]")
    public Optional<String> validData;
}
