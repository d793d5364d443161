package org.diagonal.plugin.onnx;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.diagonal.plugin.gpt2.Gpt2;
import org.diagonal.plugin.network.Weights;
import org.diagonal.plugin.onnx.graph.Matrices;
import org.diagonal.plugin.random.RandomStream;

/**
 * What DJL computes of a network: what files are compared with. Logits are computed once; several
 * files may be compared with the same.
 */
final class Reference implements AutoCloseable {

    /** The length of a short row. */
    static final int SHORT = 7;

    private static final long SEED = 17;

    private final Gpt2 network;
    private final NDManager manager;
    private final Map<List<Integer>, FloatBuffer> known = new HashMap<>();

    /**
     * Nothing is computed yet.
     *
     * @param network with the weights that a file has, of the file's precision
     */
    Reference(Gpt2 network) {
        this.network = network;
        this.manager = network.owner().newSubManager();
    }

    Gpt2 network() {
        return network;
    }

    int context() {
        return network.config().nPositions();
    }

    /** The ids of rows, the same for every file. */
    long[] ids(Rows rows) {
        return ids(rows.length(), network.config().vocabSize());
    }

    /** The logits of each row's ids that are no padding. */
    List<FloatBuffer> of(Rows rows) {
        return IntStream.range(0, rows.batch())
                .mapToObj(row -> of(ids(rows), rows.padding(row), rows.length()))
                .toList();
    }

    private FloatBuffer of(long[] ids, int from, int to) {
        return known.computeIfAbsent(
                List.of(from, to),
                unused -> logits(network, manager, Arrays.copyOfRange(ids, from, to)));
    }

    /**
     * The largest difference of a network's logits from another's, for a short row.
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
     * How far the network's logits of a whole context move in DJL when its embeddings change in
     * their last digit: a network that enlarges that enlarges every difference.
     */
    double sensitivity() {
        long[] ids = ids(context(), network.config().vocabSize());
        NDArray embeddings = network.parameters().get(Matrices.EMBEDDING).getArray();
        try (NDManager scope = network.owner().newSubManager();
                NDArray kept = embeddings.duplicate()) {
            FloatBuffer before = logits(network, scope, ids);
            embeddings.muli(1 + Math.ulp(1f));
            FloatBuffer after = logits(network, scope, ids);
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

    @Override
    public void close() {
        manager.close();
    }
}
