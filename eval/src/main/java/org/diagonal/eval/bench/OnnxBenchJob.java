package org.diagonal.eval.bench;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.diagonal.eval.evaluate.DjlScorer;
import org.diagonal.eval.evaluate.OnnxScorer;
import org.diagonal.eval.measure.perplexity.Scorer;
import org.diagonal.eval.measure.perplexity.Window;
import org.diagonal.eval.source.Reporter;
import org.diagonal.eval.source.Workplace;
import org.diagonal.eval.train.Start;
import org.diagonal.plugin.files.AtomicFiles;
import org.diagonal.plugin.generate.Decoder;
import org.diagonal.plugin.generate.DjlDecoder;
import org.diagonal.plugin.generate.OnnxDecoder;
import org.diagonal.plugin.gpt2.Gpt2;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.identity.Arm;
import org.diagonal.plugin.identity.IdentityScalings;
import org.diagonal.plugin.network.Weights;
import org.diagonal.plugin.onnx.ExportedFile;
import org.diagonal.plugin.onnx.OnnxExport;
import org.diagonal.plugin.onnx.graph.Dtype;
import org.diagonal.plugin.onnx.graph.ExportSettings;
import org.diagonal.plugin.onnx.run.OnnxModel;
import org.diagonal.plugin.onnx.run.OnnxRuntime;
import org.diagonal.plugin.onnx.run.OnnxStep;

/**
 * Measures the export of random networks, decoding with a cache and reading prompts in ONNX Runtime
 * in every form, and evaluation of a whole context there and in DJL.
 *
 * @param model a name or a folder; only its architecture is used, and nothing is downloaded
 * @param arms the scalings to measure; they are random, since zero ones are left out
 * @param dtypes the forms of each arm, each once
 * @param steps evaluations and prompts that are measured, after one to warm up; twenty times as
 *     many tokens
 */
public record OnnxBenchJob(String model, List<Arm> arms, List<Dtype> dtypes, int steps) {

    private static final long SEED = 42;
    private static final int PAST = 32;
    private static final int PROMPT = 512;
    private static final int TOKENS_A_STEP = 20;

    /** Of the scalings: with ten times as much the network's last digits decide its logits. */
    private static final float DEVIATION = 0.02f;

    /** Copies the lists. */
    public OnnxBenchJob {
        arms = List.copyOf(arms);
        dtypes = List.copyOf(dtypes);
    }

    /**
     * A file that is open in ONNX Runtime.
     *
     * @param timings what is measured of it
     * @param past a short text, after which tokens are decoded
     * @param prompt a long one
     */
    private record Open(
            OnnxBench.Timings timings, OnnxModel model, OnnxStep past, OnnxStep prompt) {}

    /** Measures every arm. */
    public OnnxBench run(Workplace place) throws IOException {
        Gpt2Config config = PublishedSize.architecture(place.hub(), model).withDropout(0);
        int prompt = Math.min(PROMPT, config.nPositions() / 2);
        int past = Math.min(PAST, prompt / 2);
        Path folder = Files.createTempDirectory("diagonal-bench");
        List<Open> open = new ArrayList<>();
        try (Reporter.Task task = place.reporter().begin("Measuring", arms.size() + 1L)) {
            for (Arm arm : arms) {
                task.step(open.size() / dtypes.size(), arm.toString());
                measure(place, config, arm, past, prompt, folder.resolve(arm.toString()), open);
            }
            task.step(arms.size(), "tokens");
            time(open, Arrays.copyOf(ids(config), prompt));
            return new OnnxBench(
                    OnnxBench.FORM.version(),
                    model,
                    Sizes.of(config),
                    past,
                    prompt,
                    config.nPositions(),
                    OnnxBench.configurations(prompt, open.stream().map(Open::timings).toList()),
                    Machine.cpu(),
                    versions(place));
        } finally {
            open.forEach(each -> each.past.close());
            open.forEach(each -> each.prompt.close());
            open.forEach(each -> each.model.close());
            AtomicFiles.removeFolder(folder);
        }
    }

    private static SortedMap<String, String> versions(Workplace place) throws IOException {
        SortedMap<String, String> versions = new TreeMap<>(place.versions());
        versions.put("onnxruntime", OnnxRuntime.environment().getVersion());
        return versions;
    }

    /** Adds an arm's files. */
    private void measure(
            Workplace place,
            Gpt2Config plain,
            Arm arm,
            int past,
            int prompt,
            Path out,
            List<Open> open)
            throws IOException {
        Gpt2Config config = plain.withScalings(IdentityScalings.of(arm, true));
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            Gpt2 network =
                    Start.fresh(config, Optional.empty(), Optional.empty())
                            .network(config, SEED, manager);
            randomise(network, manager);
            resetHeap();
            OnnxExport.Result export =
                    OnnxExport.write(
                            network,
                            Optional.empty(),
                            ExportSettings.standard().withDtypes(dtypes),
                            new OnnxExport.Source(model, "random", Optional.empty(), "", ""),
                            out,
                            OnnxExport.Extras.none(),
                            place.threads());
            long heap = peakHeap();
            long[] ids = ids(config);
            for (ExportedFile file : export.files()) {
                OnnxModel exported = OnnxModel.open(out, file.dtype(), place.threads());
                boolean first = file.dtype() == dtypes.get(0);
                OnnxBench.Timings timings =
                        new OnnxBench.Timings(
                                arm,
                                file,
                                export.parameters(),
                                heap,
                                first
                                        ? Optional.of(windows(exported, network, manager))
                                        : Optional.empty(),
                                first
                                        ? Optional.of(decoded(exported, network, manager, prompt))
                                        : Optional.empty(),
                                new ArrayList<>(),
                                new ArrayList<>(),
                                new ArrayList<>());
                open.add(
                        new Open(
                                timings,
                                exported,
                                exported.run(new long[][] {Arrays.copyOf(ids, past)}),
                                exported.run(new long[][] {Arrays.copyOf(ids, prompt)})));
            }
        }
    }

    private OnnxBench.Turns windows(OnnxModel exported, Gpt2 network, NDManager manager) {
        int[] ids = Arrays.stream(ids(network.config())).mapToInt(id -> (int) id).toArray();
        Scorer onnx = new OnnxScorer(exported, ids.length, manager);
        Scorer djl = new DjlScorer(network, manager);
        return turns(steps, 1, () -> score(onnx, ids), () -> score(djl, ids));
    }

    /** What {@code generate} does: a text grows token by token. */
    private OnnxBench.Turns decoded(
            OnnxModel exported, Gpt2 network, NDManager manager, int prompt) {
        int context = network.config().nPositions();
        int tokens = Math.min(steps * TOKENS_A_STEP, (context - prompt) / 2);
        long[] text = Arrays.copyOf(ids(network.config()), prompt);
        try (NDManager own = manager.newSubManager();
                Decoder onnx = new OnnxDecoder(exported, context);
                Decoder djl = new DjlDecoder(network, own)) {
            onnx.prime(text);
            djl.prime(text);
            return turns(
                    tokens, Math.min(TOKENS_A_STEP, tokens), () -> onnx.next(1), () -> djl.next(1));
        }
    }

    /** Measures both in turns, since the machine's speed drifts; the first times warm up. */
    private static OnnxBench.Turns turns(int times, int before, Runnable onnx, Runnable djl) {
        List<Double> onnxSeconds = new ArrayList<>();
        List<Double> djlSeconds = new ArrayList<>();
        for (int i = 0; i < before + times; i++) {
            onnxSeconds.add(seconds(onnx));
            djlSeconds.add(seconds(djl));
        }
        return new OnnxBench.Turns(
                onnxSeconds.subList(before, before + times),
                djlSeconds.subList(before, before + times));
    }

    private static void randomise(Gpt2 network, NDManager manager) {
        Engine.getEngine("PyTorch").setRandomSeed((int) SEED);
        for (String name : network.scalings()) {
            var array = network.parameters().get(name).getArray();
            Weights.overwrite(array, manager.randomNormal(array.getShape()).mul(DEVIATION));
        }
    }

    private static long[] ids(Gpt2Config config) {
        return new RandomIds(1, config.nPositions(), config.vocabSize()).row(0);
    }

    /** One window of which every target but the last is scored. */
    private static void score(Scorer scorer, int... ids) {
        int[] targets = Arrays.copyOfRange(ids, 1, ids.length + 1);
        targets[ids.length - 1] = Window.NOT_SCORED;
        scorer.nats(new int[][] {ids}, new int[][] {targets});
    }

    /** Decodes the same token again and again, and reads the same prompt, the files in turns. */
    private void time(List<Open> open, long... prompt) {
        int tokens = steps * TOKENS_A_STEP;
        time(
                open,
                steps,
                1,
                file -> file.model.run(new long[][] {prompt}).close(),
                OnnxBench.Timings::prompts);
        time(
                open,
                tokens,
                TOKENS_A_STEP,
                file -> decode(file, file.past),
                OnnxBench.Timings::tokens);
        time(
                open,
                tokens,
                TOKENS_A_STEP,
                file -> decode(file, file.prompt),
                OnnxBench.Timings::afterPrompt);
    }

    /** Notes the seconds of every file after some times that warm up. */
    private static void time(
            List<Open> open,
            int times,
            int before,
            Consumer<Open> measured,
            Function<OnnxBench.Timings, List<Double>> noted) {
        for (int i = 0; i < before + times; i++) {
            for (Open file : open) {
                double taken = seconds(() -> measured.accept(file));
                if (i >= before) {
                    noted.apply(file.timings).add(taken);
                }
            }
        }
    }

    private static double seconds(Runnable work) {
        long begin = System.nanoTime();
        work.run();
        return (System.nanoTime() - begin) / 1e9;
    }

    private static void decode(Open open, OnnxStep past) {
        long[] mask = new long[past.length() + 1];
        Arrays.fill(mask, 1);
        long[][] position = {{past.length()}};
        open.model.run(new long[][] {{1}}, new long[][] {mask}, position, past).close();
    }

    private static void resetHeap() {
        System.gc(); // what was made before is no part of the export
        heap().forEach(MemoryPoolMXBean::resetPeakUsage);
    }

    private static long peakHeap() {
        return heap().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum();
    }

    private static Stream<MemoryPoolMXBean> heap() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP);
    }
}
