package org.diagonal.eval.cli;

import java.util.Optional;
import picocli.CommandLine.Option;

/** Which circuits get identity scalings; {@code compare} says it with its arms instead. */
@Heading("Identity scalings")
final class ScalingsOption {

    @Option(
            names = "--scalings",
            paramLabel = "none|qk|ov|both",
            description = "circuits that get them, besides the model's [none]")
    Optional<Scalings> scalings;
}
