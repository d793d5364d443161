package org.diagonal.eval.cli;

import picocli.CommandLine.Option;

/** Which circuits get identity scalings; {@code compare} says it with its arms instead. */
@Heading("Identity scalings")
final class ScalingsOption {

    @Option(
            names = "--scalings",
            paramLabel = "none|qk|ov|both",
            description = "circuits that get them, besides the model's")
    Scalings scalings;

    /** Both circuits where the user says nothing. */
    ScalingsOption() {
        this(Scalings.BOTH);
    }

    ScalingsOption(Scalings byDefault) {
        scalings = byDefault;
    }
}
