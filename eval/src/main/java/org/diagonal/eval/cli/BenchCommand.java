package org.diagonal.eval.cli;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.diagonal.eval.bench.BenchJob;
import org.diagonal.eval.bench.BenchPage;
import org.diagonal.eval.bench.BenchSubject;
import org.diagonal.eval.bench.OnnxBench;
import org.diagonal.eval.bench.OnnxBenchJob;
import org.diagonal.eval.bench.StepBench;
import org.diagonal.eval.cli.console.Action;
import org.diagonal.eval.cli.console.Heading;
import org.diagonal.eval.cli.console.Numbers;
import org.diagonal.eval.cli.console.ResultFile;
import org.diagonal.eval.cli.option.JsonOption;
import org.diagonal.eval.cli.option.PrecisionOption;
import org.diagonal.eval.source.Backend;
import org.diagonal.eval.source.Workplace;
import org.diagonal.plugin.identity.Arm;
import org.diagonal.plugin.onnx.graph.Dtype;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code diagonal bench}: how fast training steps are, and how fast they could be. */
@Command(
        name = "bench",
        header = "Measure the speed of training steps, or of ONNX Runtime",
        description =
                "Measures the engine's matrix products and training steps of plain and scaled"
                        + " GPT-2 in one process. A step counts 6 N B T + 6 L D B T T useful"
                        + " operations, for B blocks of T tokens, N parameters in matrix products,"
                        + " L layers of width D. With --runtime onnx it exports the networks, decodes"
                        + " tokens and evaluates whole contexts with ONNX Runtime.",
        customSynopsis = "diagonal bench [options]",
        footer = {
            "diagonal bench",
            "diagonal bench --model gpt2-medium --block-size 256 --json bench.json",
            "diagonal bench --network template-transformer --steps 20",
            "diagonal bench --runtime onnx"
        })
@Heading("Benchmark")
public final class BenchCommand extends Action {

    /** Samples in a batch of the paper's trials. */
    private static final int SAMPLES = 1024;

    @Option(names = "--network", description = "a GPT-2, or the paper's network for templates")
    Network network = Network.GPT2;

    @Option(
            names = "--model",
            paramLabel = "M",
            description = "the model whose architecture is measured; weights are random")
    String model = "gpt2";

    @Option(
            names = "--runtime",
            description = "measure training steps in DJL, or exports in ONNX Runtime")
    Backend runtime = Backend.DJL;

    @Option(
            names = "--scalings",
            split = ",",
            paramLabel = "none|qk|ov|both",
            description = "which to measure, separated by commas")
    List<Arm> scalings = List.of(Arm.NONE, Arm.BOTH);

    @Option(
            names = "--dtype",
            split = ",",
            description = "forms to measure with --runtime onnx, separated by commas")
    List<Dtype> dtypes = List.of(Dtype.values());

    @Option(
            names = "--block-size",
            split = ",",
            paramLabel = "N[,N]",
            description = "tokens in a block; by default the context at most")
    List<Integer> blockSizes = List.of(1024, 256);

    @Option(names = "--batch-size", description = "blocks or samples in a batch [1; 1024]")
    Optional<Integer> batchSize;

    @Option(names = "--steps", description = "steps to measure, after one to warm up")
    int steps = 5;

    @Option(
            names = "--dropout",
            converter = Numbers.Fraction.class,
            description = "dropout probability; attention is fastest at 0")
    double dropout;

    @Mixin JsonOption json;
    @Mixin PrecisionOption products;

    /** What is trained. */
    enum Network {
        GPT2,
        TEMPLATE_TRANSFORMER
    }

    @Override
    protected int run() throws IOException {
        if (network == Network.TEMPLATE_TRANSFORMER) {
            global.refuse(
                    "is for --network gpt2, not for template-transformer",
                    List.of("--model", "--block-size", "--dropout"));
        }
        json.check(global, ResultFile.Kind.BENCHMARK);
        if (!Arm.OF_PAPER.containsAll(scalings)) {
            throw global.wrong("--scalings takes none, qk, ov and both, not controls");
        }
        return measure();
    }

    private int measure() throws IOException {
        if (runtime == Backend.ONNX) {
            return onnx();
        }
        global.refuse("is for --runtime onnx, not for djl", List.of("--dtype"));
        Workplace place = new Requests(global).workplace(products.precision);
        StepBench result =
                new BenchJob(
                                subject(place),
                                scalings,
                                batchSize.orElse(network == Network.GPT2 ? 1 : SAMPLES),
                                steps,
                                products.precision)
                        .run(place);
        json.write(StepBench.FORM.text(result), BenchPage.of(result));
        return 0;
    }

    private BenchSubject subject(Workplace place) throws IOException {
        return network == Network.GPT2
                ? BenchSubject.Gpt2.of(
                        place.hub(), model, blockSizes, !global.isGiven("--block-size"), dropout)
                : new BenchSubject.Transformer(batchSize.orElse(SAMPLES));
    }

    private int onnx() throws IOException {
        global.refuse(
                "is for --runtime djl, not for onnx",
                List.of("--network", "--block-size", "--batch-size", "--dropout", "--precision"));
        if (Set.copyOf(dtypes).size() < dtypes.size()) {
            throw global.wrong("--dtype names a form twice");
        }
        OnnxBench result =
                new OnnxBenchJob(model, scalings, dtypes, steps)
                        .run(new Requests(global).workplace());
        json.write(OnnxBench.FORM.text(result), BenchPage.of(result));
        return 0;
    }
}
