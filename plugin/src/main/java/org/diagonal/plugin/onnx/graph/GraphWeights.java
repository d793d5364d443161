package org.diagonal.plugin.onnx.graph;

import ai.djl.ndarray.NDArray;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.diagonal.plugin.checkpoint.SafetensorsWriter;
import org.diagonal.plugin.checkpoint.TensorType;
import org.diagonal.plugin.gpt2.Gpt2;

/** The weights of a network as they enter a graph, each of them once. */
public final class GraphWeights {

    private final Gpt2 network;
    private final OnnxGraph graph;
    private final Map<String, String> known = new HashMap<>();

    /**
     * Nothing of it is in the graph yet.
     *
     * @param network float32 on the CPU; stays open until the weights are written
     */
    GraphWeights(Gpt2 network, OnnxGraph graph) {
        this.network = network;
        this.graph = graph;
    }

    OnnxGraph graph() {
        return graph;
    }

    NDArray array(String name) {
        return network.parameters().get(name).getArray();
    }

    FloatMatrix matrix(String name) {
        return FloatMatrix.of(array(name));
    }

    /** The matrix that logits are computed with. */
    String head() {
        return isTied() ? Matrices.EMBEDDING : Matrices.HEAD;
    }

    boolean isTied() {
        return network.config().tieWordEmbeddings();
    }

    /** Whether a parameter is one of the matrices that are rounded. */
    public static boolean isMatrix(String name, NDArray array) {
        return array.getShape().dimension() == 2
                && !name.equals(Gpt2Graph.POSITIONS)
                && !name.equals(Gpt2Graph.SCORE);
    }

    /** A weight as it is, float32. */
    String whole(String name) {
        return known.computeIfAbsent(
                name,
                unused ->
                        graph.weight(
                                Weight.of(
                                        SafetensorsWriter.of(name, array(name), TensorType.F32))));
    }

    /** A weight of half the size, as float32. */
    String half(String name) {
        return known.computeIfAbsent(
                name,
                unused -> {
                    String stored =
                            graph.weight(
                                    Weight.of(
                                            SafetensorsWriter.of(
                                                    name, array(name), TensorType.F16)));
                    return graph.op("Cast").with("to", OnnxGraph.FLOAT).of(stored);
                });
    }

    /** A weight that is made of others. */
    String made(String name, int type, List<Long> shape, Supplier<ByteBuffer> data) {
        return known.computeIfAbsent(
                name, unused -> graph.weight(new Weight(name, type, shape, data)));
    }
}
