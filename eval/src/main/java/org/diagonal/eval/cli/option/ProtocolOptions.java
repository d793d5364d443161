package org.diagonal.eval.cli.option;

import java.util.Optional;
import org.diagonal.eval.cli.console.GlobalOptions;
import org.diagonal.eval.cli.console.Heading;
import org.diagonal.eval.cli.console.Purpose;
import org.diagonal.eval.evaluate.EvaluationJob;
import org.diagonal.eval.measure.perplexity.Protocol;
import org.diagonal.plugin.kernels.Precision;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** How perplexity is measured. */
@Heading("Measurement")
public final class ProtocolOptions {

    @Purpose(Purpose.Of.TEXTS)
    @Option(
            names = "--protocol",
            description = "overlapping windows, disjoint blocks of rows, or documents one by one")
    Protocol protocol = Protocol.HF_STRIDED;

    @Purpose(Purpose.Of.TEXTS)
    @Option(names = "--stride", description = "hf-strided: from window to window [--block-size]")
    Optional<Integer> stride;

    /** What these options ask for. */
    public EvaluationJob job(Optional<Integer> blockSize, Precision precision) {
        return new EvaluationJob(protocol, blockSize, stride, precision);
    }

    /**
     * Checks what no option can check alone.
     *
     * @throws ParameterException if options contradict each other
     */
    public void check(GlobalOptions global, Optional<Integer> blockSize) {
        if (stride.isPresent() && protocol != Protocol.HF_STRIDED) {
            throw global.wrong("--stride is for --protocol hf-strided, not for " + protocol);
        }
        if (stride.isPresent() && blockSize.isPresent() && stride.get() > blockSize.get()) {
            throw global.wrong(
                    "--stride must not exceed --block-size: stride=%d, block-size=%d"
                            .formatted(stride.get(), blockSize.get()));
        }
    }
}
