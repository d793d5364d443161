package org.diagonal.eval.cli;

import java.util.Optional;
import picocli.CommandLine.Option;

/** How the identity scalings enter, whichever circuits have them. */
@Heading("Identity scalings")
final class IdentityOptions {

    @Option(
            names = "--qk-multiplier",
            paramLabel = "X",
            converter = Numbers.Real.class,
            description = "factor on every a of the QK circuits [1]")
    Optional<Double> qkMultiplier;

    @Option(
            names = "--ov-multiplier",
            paramLabel = "X",
            converter = Numbers.Real.class,
            description = "factor on every b of the OV circuits [1]")
    Optional<Double> ovMultiplier;

    @Option(
            names = "--mask-diagonal",
            negatable = true,
            fallbackValue = "true",
            description = "keep a off the diagonal of the attention [on]")
    Optional<Boolean> maskDiagonal;
}
