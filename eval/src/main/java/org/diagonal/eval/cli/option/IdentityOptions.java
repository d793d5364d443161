package org.diagonal.eval.cli.option;

import java.util.Optional;
import org.diagonal.eval.cli.console.Heading;
import org.diagonal.eval.cli.console.Numbers;
import picocli.CommandLine.Option;

/** How the identity scalings enter, whichever circuits have them. */
@Heading("Identity scalings")
public final class IdentityOptions {

    @Option(
            names = "--qk-multiplier",
            paramLabel = "X",
            converter = Numbers.Real.class,
            description = "factor on every a of the QK circuits [1]")
    public Optional<Double> qkMultiplier;

    @Option(
            names = "--ov-multiplier",
            paramLabel = "X",
            converter = Numbers.Real.class,
            description = "factor on every b of the OV circuits [1]")
    public Optional<Double> ovMultiplier;

    @Option(
            names = "--mask-diagonal",
            negatable = true,
            fallbackValue = "true",
            description = "keep a off the diagonal of the attention [on]")
    public Optional<Boolean> maskDiagonal;
}
