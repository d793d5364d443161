package org.diagonal.plugin.onnx;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.diagonal.plugin.gpt2.Gpt2;

/**
 * What ONNX Runtime computes of an exported file, beside what DJL computes of the network: for one
 * row and for two, padded on the left, of lengths 1, 7 and the whole context, at once and in steps
 * with the cache.
 *
 * @param tolerance what a difference may be, to which 1e-5 of the logit's size is added
 * @param checks what was compared
 */
public record Verification(double tolerance, List<Check> checks) {

    private static final double RELATIVE = 1e-5;
    private static final int SHORT = 7;
    private static final long SEED = 17;

    /** Copies the list. */
    public Verification {
        checks = List.copyOf(checks);
    }

    /**
     * One comparison.
     *
     * @param name what was computed
     * @param difference the largest of a logit; infinite if one is not a number
     * @param passes whether every difference is within the tolerance
     */
    public record Check(String name, double difference, boolean passes) {}

    /** Whether every difference is within the tolerance. */
    public boolean passes() {
        return checks.stream().allMatch(Check::passes);
    }

    /** The largest difference of all. */
    public double difference() {
        return checks.stream().mapToDouble(Check::difference).max().orElse(0);
    }

    /**
     * Compares a file with a network.
     *
     * @param network with the weights that the file has, of the file's precision
     */
    static Verification of(Gpt2 network, OnnxModel model, double tolerance) {
        try (NDManager manager = network.owner().newSubManager()) {
            return of(new Run(network, model, tolerance, manager, new HashMap<>()));
        }
    }

    private static Verification of(Run run) {
        Gpt2 network = run.network;
        OnnxModel model = run.model;
        List<Check> checks = new ArrayList<>();
        int context = network.config().nPositions();
        IntStream.of(1, Math.min(SHORT, context), context)
                .distinct()
                .forEach(length -> checks.add(run.check(new Rows(1, length, 0), List.of(length))));
        int length = Math.min(SHORT, context);
        int padding = length / 2;
        checks.add(run.check(new Rows(2, length, padding), List.of(length)));
        if (model.hasCache() && context > 1) {
            int first = padding + 1; // a row that is all padding says nothing
            List<Integer> steps = new ArrayList<>(List.of(first));
            IntStream.range(first, length).forEach(i -> steps.add(1));
            checks.add(run.check(new Rows(1, length, 0), steps));
            checks.add(run.check(new Rows(2, length, padding), steps));
            int last = Math.min(SHORT, context / 2);
            checks.add(run.check(new Rows(1, context, 0), List.of(context - last, last)));
        }
        return new Verification(run.tolerance, checks);
    }

    /**
     * The largest difference of a network's logits from another's, for a row of 7.
     *
     * @param other of the same shape
     */
    static double between(Gpt2 network, Gpt2 other) {
        int length = Math.min(SHORT, network.config().nPositions());
        long[] ids = Run.ids(length, network.config().vocabSize());
        try (NDManager manager = network.owner().newSubManager()) {
            FloatBuffer one = Run.logits(network, manager, ids);
            FloatBuffer two = Run.logits(other, manager, ids);
            return new Comparison(0).add(one, two).largest;
        }
    }

    /**
     * How far a network's logits of a whole context move in DJL when its embeddings change in their
     * last digit: a network that enlarges that enlarges every difference.
     */
    static double sensitivity(Gpt2 network) {
        long[] ids = Run.ids(network.config().nPositions(), network.config().vocabSize());
        NDArray embeddings = network.parameters().get("transformer.wte.weight").getArray();
        try (NDManager manager = network.owner().newSubManager();
                NDArray kept = embeddings.duplicate()) {
            FloatBuffer before = Run.logits(network, manager, ids);
            embeddings.muli(1 + Math.ulp(1f));
            FloatBuffer after = Run.logits(network, manager, ids);
            kept.copyTo(embeddings);
            return new Comparison(0).add(after, before).largest;
        }
    }

    /**
     * Rows of ids.
     *
     * @param padding ids that the second row lacks on the left
     */
    private record Rows(int batch, int length, int padding) {

        int padding(int row) {
            return row == 0 ? 0 : padding;
        }

        String words(List<Integer> steps) {
            return (batch == 1 ? "1 row" : "2 rows")
                    + " of "
                    + length
                    + (padding > 0 ? ", one padded by " + padding : "")
                    + (steps.size() > 1 ? ", in " + steps.size() + " steps" : "");
        }
    }

    /**
     * One network and one file.
     *
     * @param manager owns what DJL computed
     * @param known of a row, what DJL computed, since that of a whole context takes its time
     */
    private record Run(
            Gpt2 network,
            OnnxModel model,
            double tolerance,
            NDManager manager,
            Map<List<Long>, FloatBuffer> known) {

        Check check(Rows rows, List<Integer> steps) {
            Comparison comparison = new Comparison(tolerance);
            long[] ids = ids(rows.length, network.config().vocabSize());
            List<FloatBuffer> expected = new ArrayList<>();
            for (int row = 0; row < rows.batch; row++) {
                long[] real = Arrays.copyOfRange(ids, rows.padding(row), rows.length);
                expected.add(
                        known.computeIfAbsent(
                                Arrays.stream(real).boxed().toList(),
                                unused -> logits(network, manager, real)));
            }
            int from = 0;
            OnnxModel.Step past = null;
            for (int count : steps) {
                OnnxModel.Step step = step(rows, ids, from, count, past);
                if (past != null) {
                    past.close();
                }
                past = step;
                compare(step, rows, from, count, expected, comparison);
                from += count;
            }
            if (past != null) {
                past.close();
            }
            return new Check(rows.words(steps), comparison.largest, comparison.passes);
        }

        private OnnxModel.Step step(
                Rows rows, long[] ids, int from, int count, OnnxModel.Step past) {
            long[][] inputIds = new long[rows.batch][];
            long[][] mask = new long[rows.batch][];
            long[][] positions = new long[rows.batch][];
            for (int row = 0; row < rows.batch; row++) {
                int padding = rows.padding(row);
                inputIds[row] = Arrays.copyOfRange(ids, from, from + count);
                mask[row] =
                        IntStream.range(0, from + count)
                                .mapToLong(i -> i < padding ? 0 : 1)
                                .toArray();
                positions[row] =
                        IntStream.range(from, from + count)
                                .mapToLong(i -> Math.max(0, i - padding))
                                .toArray();
            }
            return past == null
                    ? model.run(inputIds, mask, positions)
                    : model.run(inputIds, mask, positions, past);
        }

        /** Compares what a step says of positions that are no padding. */
        private void compare(
                OnnxModel.Step step,
                Rows rows,
                int from,
                int count,
                List<FloatBuffer> expected,
                Comparison comparison) {
            int size = model.outputs();
            FloatBuffer said = step.logits();
            for (int row = 0; row < rows.batch; row++) {
                FloatBuffer all = expected.get(row);
                if (model.readsLastAlone()) {
                    comparison.add(said.slice(row, 1), all);
                    continue;
                }
                int begin = Math.max(from, rows.padding(row));
                int positions = from + count - begin;
                int skipped = row * count + begin - from;
                comparison.add(
                        said.slice(skipped * size, positions * size),
                        all.slice((begin - rows.padding(row)) * size, positions * size));
            }
        }

        static long[] ids(int length, int vocabulary) {
            UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(SEED);
            return random.longs(length, 0, vocabulary).toArray();
        }

        /** A view of the logits (T, V), or of the one number, of a row; the manager owns them. */
        static FloatBuffer logits(Gpt2 network, NDManager manager, long[] row) {
            ParameterStore store = new ParameterStore(manager, false);
            NDArray ids = manager.create(new long[][] {row});
            NDArray said = network.forward(store, new NDList(ids), false).singletonOrThrow();
            return said.toByteBuffer(true).order(ByteOrder.nativeOrder()).asFloatBuffer();
        }
    }

    /** The largest difference so far. */
    private static final class Comparison {

        private final double tolerance;
        private double largest;
        private boolean passes = true;

        Comparison(double tolerance) {
            this.tolerance = tolerance;
        }

        Comparison add(FloatBuffer said, FloatBuffer expected) {
            if (said.remaining() != expected.remaining()) {
                throw new IllegalStateException(
                        "logits must be as many: ONNX Runtime's %d, DJL's %d"
                                .formatted(said.remaining(), expected.remaining()));
            }
            for (int i = 0; i < said.remaining(); i++) {
                double reference = expected.get(i);
                double difference = Math.abs(said.get(i) - reference);
                if (!(difference <= tolerance + RELATIVE * Math.abs(reference))) {
                    passes = false;
                }
                largest = Math.max(largest, Double.isNaN(difference) ? 1 / 0.0 : difference);
            }
            return this;
        }
    }
}
