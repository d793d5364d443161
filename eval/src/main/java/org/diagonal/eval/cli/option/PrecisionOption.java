package org.diagonal.eval.cli.option;

import org.diagonal.eval.cli.console.Heading;
import org.diagonal.plugin.kernels.Precision;
import picocli.CommandLine.Option;

/** In which precision matrices are multiplied. */
@Heading("Computing")
public final class PrecisionOption {

    @Option(
            names = "--precision",
            description = "operands of matrix products; bf16 is faster, see eval/README.md")
    public Precision precision = Precision.F32;
}
