package org.diagonal.eval.cli;

import picocli.CommandLine.Option;

/** How the identity scalings enter, whichever circuits have them. */
@Heading("Identity scalings")
final class IdentityOptions {

    @Option(
            names = "--qk-multiplier",
            paramLabel = "X",
            converter = Numbers.Real.class,
            description = "factor on every a of the QK circuits")
    double qkMultiplier = 1;

    @Option(
            names = "--ov-multiplier",
            paramLabel = "X",
            converter = Numbers.Real.class,
            description = "factor on every b of the OV circuits")
    double ovMultiplier = 1;

    @Option(
            names = "--mask-diagonal",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "keep a off the diagonal of the attention")
    boolean maskDiagonal;
}
