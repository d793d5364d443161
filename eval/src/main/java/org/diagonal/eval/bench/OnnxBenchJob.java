package org.diagonal.eval.bench;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.onnxruntime.OrtEnvironment;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
import org.diagonal.plugin.onnx.ExportSettings;
import org.diagonal.plugin.onnx.OnnxExport;
import org.diagonal.plugin.onnx.OnnxModel;

/**
 * Measures the export of random networks, decoding with a cache in ONNX Runtime, and evaluation of
 * a whole context there and in DJL.
 *
 * @param model a name or a folder; only its architecture is used, and nothing is downloaded
 * @param arms the scalings to measure; they are random, since zero ones are left out
 * @param steps evaluations that are measured, after one to warm up; twenty times as many tokens
 */
public record OnnxBenchJob(String model, List<Arm> arms, int steps) {

    private static final long SEED = 42;
    private static final int PAST = 512;
    private static final int TOKENS_A_STEP = 20;

    /** Of the scalings: with ten times as much the network's last digits decide its logits. */
    private static final float DEVIATION = 0.02f;

    /** Copies the lists. */
    public OnnxBenchJob {
        arms = List.copyOf(arms);
    }

    /** An arm that is open: its file in ONNX Runtime and the past that tokens are decoded after. */
    private record Open(Arm arm, OnnxModel model, OnnxModel.Step past, Figures figures) {}

    /** What was measured of an arm before decoding. */
    private record Figures(
            OnnxExport.Result export, long heap, List<Double> onnx, List<Double> djl) {}

    /** Measures every arm. */
    public OnnxBenchResult run(Workplace place) throws IOException {
        Gpt2Config config = BenchJob.architecture(place.hub(), model).withDropout(0);
        int past = Math.min(PAST, config.nPositions() / 2);
        Path folder = Files.createTempDirectory("diagonal-bench");
        List<Open> open = new ArrayList<>();
        try (Reporter.Task task = place.reporter().begin("Measuring", arms.size() + 1L)) {
            for (Arm arm : arms) {
                task.step(open.size(), arm.toString());
                open.add(measure(place, config, arm, past, folder.resolve(arm.toString())));
            }
            task.step(arms.size(), "tokens");
            return new OnnxBenchResult(
                    BenchSubject.of(model, config),
                    past,
                    config.nPositions(),
                    rows(open, past),
                    Machine.cpu(),
                    versions(place));
        } finally {
            open.forEach(each -> each.past.close());
            open.forEach(each -> each.model.close());
            remove(folder);
        }
    }

    private static Map<String, String> versions(Workplace place) {
        Map<String, String> versions = new LinkedHashMap<>(place.versions());
        versions.put("onnxruntime", OrtEnvironment.getEnvironment().getVersion());
        return versions;
    }

    private Open measure(Workplace place, Gpt2Config plain, Arm arm, int past, Path out)
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
                            ExportSettings.standard(),
                            new OnnxExport.Source(model, "random", Optional.empty(), "", ""),
                            out,
                            place.threads());
            long heap = peakHeap();
            OnnxModel exported = OnnxModel.open(out, place.threads());
            int[] ids = ids(config.nPositions(), config.vocabSize());
            Scorer onnx = new OnnxScorer(exported, config.nPositions(), manager);
            Scorer djl = new DjlScorer(network, manager);
            List<Double> onnxSeconds = new ArrayList<>();
            List<Double> djlSeconds = new ArrayList<>();
            for (int i = 0; i <= steps; i++) { // in turns, since the machine's speed drifts
                onnxSeconds.add(seconds(onnx, ids));
                djlSeconds.add(seconds(djl, ids));
            }
            long[][] prefix = {Arrays.stream(ids, 0, past).asLongStream().toArray()};
            Figures figures =
                    new Figures(
                            export,
                            heap,
                            onnxSeconds.subList(1, steps + 1),
                            djlSeconds.subList(1, steps + 1));
            return new Open(arm, exported, exported.run(prefix), figures);
        }
    }

    private static void randomise(Gpt2 network, NDManager manager) {
        Engine.getEngine("PyTorch").setRandomSeed((int) SEED);
        for (String name : network.scalings()) {
            var array = network.parameters().get(name).getArray();
            Weights.overwrite(array, manager.randomNormal(array.getShape()).mul(DEVIATION));
        }
    }

    private static int[] ids(int length, int vocabulary) {
        return Arrays.stream(new RandomIds(1, length, vocabulary).row(0))
                .mapToInt(id -> (int) id)
                .toArray();
    }

    /** One window of which every target but the last is scored. */
    private static double seconds(Scorer scorer, int... ids) {
        int[] targets = Arrays.copyOfRange(ids, 1, ids.length + 1);
        targets[ids.length - 1] = Window.NOT_SCORED;
        long begin = System.nanoTime();
        scorer.nats(new int[][] {ids}, new int[][] {targets});
        return (System.nanoTime() - begin) / 1e9;
    }

    /** Decodes the same token again and again, the arms in turns. */
    private List<OnnxBenchResult.Row> rows(List<Open> open, int past) {
        Map<Arm, List<Double>> seconds = new LinkedHashMap<>();
        for (int i = 0; i < (steps + 1) * TOKENS_A_STEP; i++) {
            for (Open each : open) {
                double taken = decode(each, past);
                if (i >= TOKENS_A_STEP) { // the others warm up
                    seconds.computeIfAbsent(each.arm, arm -> new ArrayList<>()).add(taken);
                }
            }
        }
        return open.stream()
                .map(
                        each ->
                                new OnnxBenchResult.Row(
                                        each.arm,
                                        seconds.get(each.arm),
                                        each.figures.onnx,
                                        each.figures.djl,
                                        each.figures.export.writeSeconds(),
                                        each.figures.export.verifySeconds(),
                                        each.figures.export.bytes(),
                                        each.figures.export.parameters(),
                                        each.figures.heap,
                                        each.figures.export.verification().difference()))
                .toList();
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
