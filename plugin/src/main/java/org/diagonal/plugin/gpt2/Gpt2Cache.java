package org.diagonal.plugin.gpt2;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.diagonal.plugin.identity.Circuit;
import org.diagonal.plugin.kernels.Arguments;
import org.diagonal.plugin.kernels.Kernel;
import org.diagonal.plugin.kernels.Kernels;

/**
 * What GPT-2 remembers of one text, so that a further id costs one position and not the whole text:
 * keys and values of every layer, and where scalings are at work the history of x, the output of
 * {@code ln_1} (paper, Observation 1.2: both circuits multiply X itself).
 *
 * <p>All arrays are made at the start, for P positions: (H, P, d) twice a layer, (P, D) once a
 * layer with scalings. The network's parameters are looked at once: scalings that are all zero then
 * count as none, as in a forward pass. For one thread at a time.
 *
 * <p>P {@code n_positions}, D width, H heads, d = D / H, V vocabulary.
 */
public final class Gpt2Cache implements AutoCloseable {

    private final Gpt2 network;
    private final NDManager manager;
    private final NDArray[] constants;
    private final NDList weights = new NDList();
    private final NDList circuits = new NDList();
    private final NDList memory = new NDList();
    private int length;

    /**
     * An empty memory.
     *
     * @param network its parameters' values must not change any more
     * @param parent owns the memory unless {@link #close} frees it before
     * @throws IllegalArgumentException if the network reads out a real number, not logits
     */
    public Gpt2Cache(Gpt2 network, NDManager parent) {
        Gpt2Config config = network.config();
        if (config.regression()) {
            throw new IllegalArgumentException(
                    "a network that reads out a real number has no next token");
        }
        this.network = network;
        this.manager = parent.newSubManager();
        this.constants =
                new NDArray[] {
                    value(Gpt2Parameters.WTE),
                    value(Gpt2Parameters.WPE),
                    value(Gpt2Parameters.LN_F_WEIGHT),
                    value(Gpt2Parameters.LN_F_BIAS),
                    value(Gpt2Parameters.head(config)),
                    manager.create(config.scalings().form()),
                    manager.create(config.activation().kernel()),
                    manager.create(config.layerNormEpsilon()),
                };
        for (int layer = 0; layer < config.nLayer(); layer++) {
            addLayer(config, layer);
        }
    }

    private void addLayer(Gpt2Config config, int layer) {
        for (String name : Gpt2Parameters.LAYER) {
            weights.add(value(Gpt2Pass.name(layer, name)));
        }
        NDArray a = scalings(config, Circuit.QK, layer);
        NDArray b = scalings(config, Circuit.OV, layer);
        circuits.addAll(new NDList(a, b, manager.create(config.attentionScale(layer))));
        Shape heads = new Shape(config.nHead(), config.nPositions(), config.headWidth());
        boolean needsHistory = a.size() + b.size() > 0;
        Shape history = new Shape(needsHistory ? config.nPositions() : 0, config.nEmbd());
        memory.addAll(
                new NDList(manager.zeros(heads), manager.zeros(heads), manager.zeros(history)));
    }

    /** A layer's scalings (H) times their multiplier, or an empty array where there are none. */
    private NDArray scalings(Gpt2Config config, Circuit circuit, int layer) {
        if (config.scalings().has(circuit)) {
            NDArray values = value(circuit.parameter(layer));
            if (!Gpt2.isZero(values)) {
                float[] scaled = values.toFloatArray();
                for (int head = 0; head < scaled.length; head++) {
                    scaled[head] *= (float) config.scalings().multiplier(circuit);
                }
                return manager.create(scaled);
            }
        }
        return manager.create(new Shape(0));
    }

    private NDArray value(String name) {
        return network.parameters().get(name).getArray();
    }

    /** The positions that are remembered. */
    public int length() {
        return length;
    }

    /** Forgets the text; the memory stays. */
    public void clear() {
        length = 0;
    }

    /**
     * Goes on with the text.
     *
     * @param inputIds (1, n) int64, n at least 1; their products with all keys so far, (H, n, p +
     *     n) for p remembered positions, are made at once
     * @return logits (1, V) float32 of the id after the last, owned by the ids' manager
     * @throws IllegalArgumentException if that would be more than P positions
     */
    public NDArray append(NDArray inputIds) {
        Shape shape = inputIds.getShape();
        Gpt2Config config = network.config();
        boolean isRow = shape.dimension() == 2 && shape.get(0) == 1 && shape.get(1) > 0;
        if (!isRow || length + shape.get(1) > config.nPositions()) {
            throw new IllegalArgumentException(
                    "input_ids must be (1, n) and fit behind the text: shape=%s, length=%d, n_positions=%d"
                            .formatted(shape, length, config.nPositions()));
        }
        try (NDArray past = inputIds.getManager().create(length)) {
            NDArray[] arguments = new NDArray[constants.length + 2];
            arguments[0] = inputIds;
            System.arraycopy(constants, 0, arguments, 1, constants.length);
            arguments[arguments.length - 1] = past;
            NDArray logits =
                    Kernels.get()
                            .call(
                                    Kernel.GPT2_CONTINUE,
                                    false,
                                    Arguments.of(arguments)
                                            .list(weights)
                                            .list(circuits)
                                            .list(memory));
            length += (int) shape.get(1);
            return logits;
        }
    }

    /** Frees the memory, not the network. */
    @Override
    public void close() {
        manager.close();
    }
}
