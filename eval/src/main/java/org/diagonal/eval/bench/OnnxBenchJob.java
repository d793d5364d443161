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
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.diagonal.eval.evaluate.DjlScorer;
import org.diagonal.eval.evaluate.OnnxScorer;
import org.diagonal.eval.measure.perplexity.Scorer;
import org.diagonal.eval.measure.perplexity.Window;
import org.diagonal.eval.source.Reporter;
import org.diagonal.eval.source.Workplace;
import org.diagonal.eval.train.Start;
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
    private static final int PAST = 512;
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
     * @param past that tokens are decoded after
     * @param windows seconds of a whole context, of the arm's first form
     */
    private record Open(
            Arm arm,
            ExportedFile file,
            OnnxModel model,
            OnnxStep past,
            long parameters,
            long heap,
            Optional<OnnxBench.Windows> windows) {}

    /** Measures every arm. */
    public OnnxBench run(Workplace place) throws IOException {
        Gpt2Config config = PublishedSize.architecture(place.hub(), model).withDropout(0);
        int past = Math.min(PAST, config.nPositions() / 2);
        Path folder = Files.createTempDirectory("diagonal-bench");
        List<Open> open = new ArrayList<>();
        try (Reporter.Task task = place.reporter().begin("Measuring", arms.size() + 1L)) {
            for (Arm arm : arms) {
                task.step(open.size() / dtypes.size(), arm.toString());
                measure(place, config, arm, past, folder.resolve(arm.toString()), open);
            }
            task.step(arms.size(), "tokens");
            long[][] prompt = {Arrays.copyOf(ids(config), past)};
            return new OnnxBench(
                    OnnxBench.FORM.version(),
                    model,
                    Sizes.of(config),
                    past,
                    config.nPositions(),
                    OnnxBench.configurations(past, timings(open, prompt)),
                    Machine.cpu(),
                    versions(place));
        } finally {
            open.forEach(each -> each.past.close());
            open.forEach(each -> each.model.close());
            remove(folder);
        }
    }

    private static SortedMap<String, String> versions(Workplace place) throws IOException {
        SortedMap<String, String> versions = new TreeMap<>(place.versions());
        versions.put("onnxruntime", OnnxRuntime.environment().getVersion());
        return versions;
    }

    /** Adds an arm's files. */
    private void measure(
            Workplace place, Gpt2Config plain, Arm arm, int past, Path out, List<Open> open)
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
            long[][] prefix = {Arrays.copyOf(ids(config), past)};
            for (ExportedFile file : export.files()) {
                OnnxModel exported = OnnxModel.open(out, file.dtype(), place.threads());
                Optional<OnnxBench.Windows> windows =
                        file.dtype() == dtypes.get(0)
                                ? Optional.of(windows(exported, network, manager))
                                : Optional.empty();
                open.add(
                        new Open(
                                arm,
                                file,
                                exported,
                                exported.run(prefix),
                                export.parameters(),
                                heap,
                                windows));
            }
        }
    }

    private OnnxBench.Windows windows(OnnxModel exported, Gpt2 network, NDManager manager) {
        int[] ids = Arrays.stream(ids(network.config())).mapToInt(id -> (int) id).toArray();
        Scorer onnx = new OnnxScorer(exported, ids.length, manager);
        Scorer djl = new DjlScorer(network, manager);
        List<Double> onnxSeconds = new ArrayList<>();
        List<Double> djlSeconds = new ArrayList<>();
        for (int i = 0; i <= steps; i++) { // in turns, since the machine's speed drifts
            onnxSeconds.add(seconds(onnx, ids));
            djlSeconds.add(seconds(djl, ids));
        }
        return new OnnxBench.Windows(
                onnxSeconds.subList(1, steps + 1), djlSeconds.subList(1, steps + 1));
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
    private static double seconds(Scorer scorer, int... ids) {
        int[] targets = Arrays.copyOfRange(ids, 1, ids.length + 1);
        targets[ids.length - 1] = Window.NOT_SCORED;
        long begin = System.nanoTime();
        scorer.nats(new int[][] {ids}, new int[][] {targets});
        return (System.nanoTime() - begin) / 1e9;
    }

    /** Decodes the same token again and again, and reads the same prompt, the files in turns. */
    private List<OnnxBench.Timings> timings(List<Open> open, long[][] prompt) {
        List<List<Double>> prompts = seconds(open, steps + 1, file -> read(file, prompt));
        List<List<Double>> tokens =
                seconds(open, (steps + 1) * TOKENS_A_STEP, file -> decode(file, prompt[0].length));
        return IntStream.range(0, open.size())
                .mapToObj(
                        i ->
                                timings(
                                        open.get(i),
                                        tokens.get(i).subList(TOKENS_A_STEP, tokens.get(i).size()),
                                        prompts.get(i).subList(1, steps + 1)))
                .toList();
    }

    /** What is measured of every file, some times, those that warm up among them. */
    private static List<List<Double>> seconds(
            List<Open> open, int times, ToDoubleFunction<Open> measured) {
        List<List<Double>> seconds = new ArrayList<>();
        open.forEach(file -> seconds.add(new ArrayList<>()));
        for (int i = 0; i < times; i++) {
            for (int file = 0; file < open.size(); file++) {
                seconds.get(file).add(measured.applyAsDouble(open.get(file)));
            }
        }
        return seconds;
    }

    private static OnnxBench.Timings timings(Open open, List<Double> tokens, List<Double> prompts) {
        return new OnnxBench.Timings(
                open.arm, open.file, open.parameters, open.heap, open.windows, tokens, prompts);
    }

    private static double read(Open open, long[][] prompt) {
        long begin = System.nanoTime();
        open.model.run(prompt).close();
        return (System.nanoTime() - begin) / 1e9;
    }

    private static double decode(Open open, int past) {
        long[][] mask = {LongStream.rangeClosed(0, past).map(i -> 1).toArray()};
        long begin = System.nanoTime();
        open.model.run(new long[][] {{1}}, mask, new long[][] {{past}}, open.past).close();
        return (System.nanoTime() - begin) / 1e9;
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

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
