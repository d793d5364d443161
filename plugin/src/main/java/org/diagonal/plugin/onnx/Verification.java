package org.diagonal.plugin.onnx;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.diagonal.plugin.gpt2.Gpt2;
import org.diagonal.plugin.network.Weights;
import org.diagonal.plugin.random.RandomStream;

/**
 * What ONNX Runtime computes of an exported file, beside what DJL computes of the network: for one
 * row and for two, padded on the left, of lengths 1, 7 and the whole context, at once and in steps
 * with the cache.
 *
 * @param tolerance what a difference may be, to which 1e-5 of the logit's size is added
 * @param checks what was compared
 */
public record Verification(double tolerance, List<Check> checks) {

    private static final float RELATIVE = 1e-5f;
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
     * @param opened the file, which is waited for when DJL has computed its part
     * @throws IOException if the file cannot be opened
     */
    static Verification of(Gpt2 network, Ahead<OnnxModel> opened, double tolerance)
            throws IOException {
        int context = network.config().nPositions();
        int length = Math.min(SHORT, context);
        int padding = length / 2;
        Rows one = new Rows(1, 1, 0);
        Rows some = new Rows(1, length, 0);
        Rows padded = new Rows(2, length, padding);
        Rows whole = new Rows(1, context, 0);
        try (NDManager manager = network.owner().newSubManager()) {
            Expected expected = new Expected(network, manager, new HashMap<>());
            List.of(one, some, padded, whole).forEach(expected::of);
            Run run = new Run(opened.get(), expected, tolerance);
            List<Check> checks = new ArrayList<>();
            for (Rows rows : new LinkedHashSet<>(List.of(one, some, padded))) {
                checks.add(run.check(rows, List.of(rows.length)));
            }
            if (run.model.hasCache() && context > 1) {
                int first = padding + 1; // a row that is all padding says nothing
                List<Integer> steps = new ArrayList<>(List.of(first));
                IntStream.range(first, length).forEach(i -> steps.add(1));
                checks.add(run.check(some, steps));
                checks.add(run.check(padded, steps));
            }
            if (context > length) {
                checks.addAll(run.checkWhole(whole, length));
            }
            return new Verification(tolerance, checks);
        }
    }

    /**
     * The largest difference of a network's logits from another's, for a row of 7.
     *
     * @param other of the same shape
     */
    static double between(Gpt2 network, Gpt2 other) {
        int length = Math.min(SHORT, network.config().nPositions());
        long[] ids = ids(length, network.config().vocabSize());
        try (NDManager manager = network.owner().newSubManager()) {
            FloatBuffer one = logits(network, manager, ids);
            FloatBuffer two = logits(other, manager, ids);
            return new Comparison(0).add(one, two).largest();
        }
    }

    /**
     * How far a network's logits of a whole context move in DJL when its embeddings change in their
     * last digit: a network that enlarges that enlarges every difference.
     */
    static double sensitivity(Gpt2 network) {
        long[] ids = ids(network.config().nPositions(), network.config().vocabSize());
        NDArray embeddings = network.parameters().get("transformer.wte.weight").getArray();
        try (NDManager manager = network.owner().newSubManager();
                NDArray kept = embeddings.duplicate()) {
            FloatBuffer before = logits(network, manager, ids);
            embeddings.muli(1 + Math.ulp(1f));
            FloatBuffer after = logits(network, manager, ids);
            Weights.overwrite(embeddings, kept);
            return new Comparison(0).add(after, before).largest();
        }
    }

    private static long[] ids(int length, int vocabulary) {
        return RandomStream.VERIFICATION.generator(SEED).longs(length, 0, vocabulary).toArray();
    }

    /** A view of the logits (T, V), or of the one number, of a row; the manager owns them. */
    private static FloatBuffer logits(Gpt2 network, NDManager manager, long[] row) {
        ParameterStore store = new ParameterStore(manager, false);
        NDArray ids = manager.create(new long[][] {row});
        NDArray said = network.forward(store, new NDList(ids), false).singletonOrThrow();
        return said.toByteBuffer(true).order(ByteOrder.nativeOrder()).asFloatBuffer();
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
     * What DJL computes.
     *
     * @param manager owns it
     * @param known of rows by their first id and the id after their last: two checks share one, and
     *     that of a whole context takes its time
     */
    private record Expected(
            Gpt2 network, NDManager manager, Map<List<Integer>, FloatBuffer> known) {

        long[] ids(Rows rows) {
            return Verification.ids(rows.length, network.config().vocabSize());
        }

        /** The logits of each row's ids that are no padding. */
        List<FloatBuffer> of(Rows rows) {
            return IntStream.range(0, rows.batch)
                    .mapToObj(row -> of(ids(rows), rows.padding(row), rows.length))
                    .toList();
        }

        private FloatBuffer of(long[] ids, int from, int to) {
            return known.computeIfAbsent(
                    List.of(from, to),
                    unused -> logits(network, manager, Arrays.copyOfRange(ids, from, to)));
        }
    }

    /** One file, and what is expected of it. */
    private record Run(OnnxModel model, Expected reference, double tolerance) {

        Check check(Rows rows, List<Integer> steps) {
            Comparison comparison = new Comparison(tolerance);
            long[] ids = reference.ids(rows);
            List<FloatBuffer> expected = reference.of(rows);
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
            return comparison.check(rows.words(steps));
        }

        /**
         * The whole context at once; and with a cache its last positions again, after those before
         * as they stand in that cache: the first part is not computed twice.
         */
        List<Check> checkWhole(Rows rows, int last) {
            List<Check> checks = new ArrayList<>();
            long[] ids = reference.ids(rows);
            List<FloatBuffer> expected = reference.of(rows);
            int before = rows.length - last;
            try (OnnxModel.Step whole = step(rows, ids, 0, rows.length, null)) {
                Comparison atOnce = new Comparison(tolerance);
                compare(whole, rows, 0, rows.length, expected, atOnce);
                checks.add(atOnce.check(rows.words(List.of(rows.length))));
                if (model.hasCache()) {
                    Comparison cached = new Comparison(tolerance);
                    try (OnnxModel.Step past = model.first(whole, before);
                            OnnxModel.Step rest = step(rows, ids, before, last, past)) {
                        compare(rest, rows, before, last, expected, cached);
                    }
                    checks.add(cached.check(rows.words(List.of(before, last))));
                }
            }
            return checks;
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
    }

    /** The largest difference so far. */
    private static final class Comparison {

        private static final int BLOCK = 4096;

        private final double tolerance;
        private final float[] ours = new float[BLOCK];
        private final float[] theirs = new float[BLOCK];
        private float largest;
        private boolean hasNan;
        private boolean passes = true;

        Comparison(double tolerance) {
            this.tolerance = tolerance;
        }

        Check check(String name) {
            return new Check(name, largest(), passes);
        }

        /** The largest difference; infinite if one is not a number. */
        double largest() {
            return hasNan ? Double.POSITIVE_INFINITY : largest;
        }

        Comparison add(FloatBuffer said, FloatBuffer expected) {
            if (said.remaining() != expected.remaining()) {
                throw new IllegalStateException(
                        "logits must be as many: ONNX Runtime's %d, DJL's %d"
                                .formatted(said.remaining(), expected.remaining()));
            }
            for (int from = 0; from < said.remaining(); from += BLOCK) {
                int count = Math.min(BLOCK, said.remaining() - from);
                said.get(said.position() + from, theirs, 0, count);
                expected.get(expected.position() + from, ours, 0, count);
                add(count);
            }
            return this;
        }

        private void add(int count) {
            float most = largest;
            float allowed = (float) tolerance;
            for (int i = 0; i < count; i++) { // branches that are hardly ever taken cost nothing
                float difference = Math.abs(theirs[i] - ours[i]);
                if (difference > most) {
                    most = difference;
                }
                if (!(difference <= allowed + RELATIVE * Math.abs(ours[i]))) {
                    passes = false;
                    hasNan |= Float.isNaN(difference);
                }
            }
            largest = most;
        }
    }
}
