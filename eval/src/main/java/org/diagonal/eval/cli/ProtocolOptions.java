package org.diagonal.eval.cli;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.diagonal.eval.job.EvaluationJob;
import org.diagonal.eval.measure.Protocol;
import org.diagonal.plugin.checkpoint.AtomicFiles;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** How perplexity is measured. */
@Heading("Measurement")
final class ProtocolOptions {

    @Option(
            names = "--protocol",
            paramLabel = "hf-strided|run-clm|lm-eval",
            description = "overlapping windows, disjoint blocks of rows, or documents one by one")
    Protocol protocol = Protocol.HF_STRIDED;

    @Option(
            names = "--stride",
            paramLabel = "N",
            converter = Numbers.Positive.class,
            description = "hf-strided: from window to window [--block-size]")
    Optional<Integer> stride;

    @Option(names = "--json", paramLabel = "FILE", description = "write the result there too")
    Optional<Path> json;

    /** What these options ask for. */
    EvaluationJob job(Optional<Integer> blockSize) {
        return new EvaluationJob(protocol, blockSize, stride);
    }

    /** Writes a result to the file of {@code --json}, if it is given. */
    void write(String result) throws IOException {
        if (json.isPresent()) {
            AtomicFiles.writeString(json.get(), result);
        }
    }

    /**
     * Checks what no option can check alone.
     *
     * @throws ParameterException if options contradict each other
     * @throws IOException if the file of {@code --json} could not be written
     */
    void check(CommandSpec spec, Optional<Integer> blockSize) throws IOException {
        if (stride.isPresent() && protocol != Protocol.HF_STRIDED) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--stride is for --protocol hf-strided, not for " + protocol);
        }
        if (stride.isPresent() && blockSize.isPresent() && stride.get() > blockSize.get()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--stride must not exceed --block-size: stride=%d, block-size=%d"
                            .formatted(stride.get(), blockSize.get()));
        }
        if (json.isPresent()) {
            requireFile(json.get());
        }
    }

    private static void requireFile(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new FileSystemException(file.toString(), null, "--json: is a folder, not a file");
        }
        AtomicFiles.requirePlace(file);
    }
}
