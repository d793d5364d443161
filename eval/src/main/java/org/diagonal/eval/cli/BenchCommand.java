package org.diagonal.eval.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code diagonal bench}: how fast training steps are, and how fast they could be. */
@Command(
        name = "bench",
        header = "Measure the speed of training steps",
        description =
                "Measures the engine's matrix products and training steps of plain and scaled"
                        + " GPT-2 in one process.",
        customSynopsis = "diagonal bench [options]",
        footer = {
            "diagonal bench",
            "diagonal bench --model gpt2-medium --block-size 256 --json bench.json"
        })
@Heading("Benchmark")
public final class BenchCommand implements Callable<Integer> {

    @Option(
            names = "--model",
            paramLabel = "M",
            description = "whose architecture; the weights are random")
    String model = "gpt2";

    @Option(
            names = "--scalings",
            split = ",",
            paramLabel = "none|qk|ov|both",
            description = "which to measure, separated by commas")
    List<Scalings> scalings = List.of(Scalings.NONE, Scalings.BOTH);

    @Option(
            names = "--block-size",
            split = ",",
            paramLabel = "N[,N]",
            converter = Numbers.Positive.class,
            description = "tokens in a block")
    List<Integer> blockSizes = List.of(1024, 256);

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            converter = Numbers.Positive.class,
            description = "blocks in a batch")
    int batchSize = 1;

    @Option(
            names = "--steps",
            paramLabel = "N",
            converter = Numbers.Positive.class,
            description = "steps to measure, after one to warm up")
    int steps = 5;

    @Option(names = "--json", paramLabel = "FILE", description = "write the result there too")
    Optional<Path> json;

    @Mixin GlobalOptions global;

    @Override
    public Integer call() throws IOException {
        global.apply();
        return run();
    }

    private int run() throws IOException {
        throw new UnsupportedOperationException("bench is not built yet");
    }
}
