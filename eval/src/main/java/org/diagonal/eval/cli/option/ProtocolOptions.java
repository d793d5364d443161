package org.diagonal.eval.cli.option;

import java.io.IOException;
import java.util.Optional;
import org.diagonal.eval.cli.console.GlobalOptions;
import org.diagonal.eval.cli.console.Heading;
import org.diagonal.eval.cli.console.Purpose;
import org.diagonal.eval.evaluate.EvaluationJob;
import org.diagonal.eval.measure.perplexity.Protocol;
import org.diagonal.eval.source.TextSource;
import org.diagonal.eval.source.Workplace;
import org.diagonal.plugin.kernels.Precision;
import org.diagonal.wikitext.Corpus;
import org.diagonal.wikitext.Split;
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

    /** How much of a text is measured, and in which windows. */
    @Heading("Measurement")
    @Purpose(Purpose.Of.TEXTS)
    public static final class Windows {

        @Option(
                names = "--block-size",
                description = "tokens in a window [the context, at most 1024]")
        public Optional<Integer> blockSize;

        @Option(
                names = "--limit",
                description = "measure the first N documents (of plain text: lines) only")
        Optional<Integer> limit;

        /** What is measured of the text that {@code --data} names. */
        public Corpus open(Workplace place, String data, RowOptions rows) throws IOException {
            return TextSource.parse(data)
                    .with(rows.reading().first(limit))
                    .open(place.hub(), Split.TEST);
        }
    }

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
