package org.diagonal.eval.cli.option;

import java.util.Optional;
import org.diagonal.eval.cli.console.Heading;
import org.diagonal.plugin.identity.Arm;
import picocli.CommandLine.Option;

/** Which circuits get identity scalings; {@code compare} says it with its arms instead. */
@Heading("Identity scalings")
public final class ScalingsOption {

    @Option(
            names = "--scalings",
            paramLabel = "none|qk|ov|both",
            description =
                    "circuits to add scalings to (existing ones are kept), or a control:"
                            + " temperature, fixed-A, permuted, head, lora-R [none]")
    public Optional<Arm> scalings;
}
