package org.diagonal.eval.cli;

import picocli.CommandLine.Option;

/** Which circuits get identity scalings; {@code compare} says it with its arms instead. */
@Heading("Identity scalings")
final class ScalingsOption {

    @Option(
            names = "--scalings",
            paramLabel = "none|qk|ov|both",
            description =
                    "the circuits of every head that get a trainable multiple of the identity;"
                            + " those that the model brings are kept")
    Scalings scalings;

    /** Both circuits where the user says nothing. */
    ScalingsOption() {
        this(Scalings.BOTH);
    }

    ScalingsOption(Scalings byDefault) {
        scalings = byDefault;
    }
}
