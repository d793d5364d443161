package org.diagonal.eval.cli.option;

import java.util.Optional;
import org.diagonal.eval.cli.console.Heading;
import org.diagonal.eval.cli.console.Purpose;
import org.diagonal.plugin.identity.Arm;
import picocli.CommandLine.Option;

/** How the identity scalings enter, whichever circuits have them. */
@Heading("Identity scalings")
@Purpose(Purpose.Of.TRAINING)
public final class IdentityOptions {

    @Option(names = "--qk-multiplier", description = "factor on every a of the QK circuits [1]")
    public Optional<Double> qkMultiplier;

    @Option(names = "--ov-multiplier", description = "factor on every b of the OV circuits [1]")
    public Optional<Double> ovMultiplier;

    @Option(
            names = "--mask-diagonal",
            negatable = true,
            fallbackValue = "true",
            description = "exclude each token's attention to itself from the a-term [on]")
    public Optional<Boolean> maskDiagonal;

    /** Which circuits get them; {@code compare} says it with its arms instead. */
    @Heading("Identity scalings")
    public static final class OfArm {

        @Option(
                names = "--scalings",
                paramLabel = "none|qk|ov|both",
                description =
                        "circuits to add scalings to (existing ones are kept), or a control:"
                                + " temperature, fixed-A, permuted, head, lora-R")
        public Arm scalings = Arm.NONE;
    }
}
