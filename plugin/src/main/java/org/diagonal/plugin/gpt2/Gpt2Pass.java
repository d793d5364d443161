package org.diagonal.plugin.gpt2;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.util.Map;
import org.diagonal.plugin.identity.Circuit;
import org.diagonal.plugin.kernels.Kernel;
import org.diagonal.plugin.kernels.Kernels;

/**
 * One pass forward: ids (B, T) to the hidden states (B, T, D) before {@code ln_f}.
 *
 * <p>Of this class, {@link #block} says what a layer is computed from, and where a and b come from.
 */
final class Gpt2Pass {

    /** Of a layer's twelve tensors, those that are matrices. */
    private static final int[] MATRICES = {2, 4, 8, 10};

    private final Gpt2Config config;
    private final Map<String, Parameter> parameters;
    private final Operands operands;
    private final ParameterStore store;
    private final NDManager step;
    private final boolean training;

    /**
     * A pass.
     *
     * @param operands of products; those of a pass that gradients flow through are the parameters
     * @param step owns what is made
     * @param training whether there is dropout, and scalings count even where they are zero
     */
    Gpt2Pass(
            Gpt2 network,
            Operands operands,
            ParameterStore store,
            NDManager step,
            boolean training) {
        this.config = network.config();
        this.parameters = network.parameters();
        this.operands = operands;
        this.store = store;
        this.step = step;
        this.training = training;
    }

    /** The hidden states of ids; gradients flow through them in training. */
    NDArray hidden(NDArray inputIds) {
        NDArray h =
                Kernels.get()
                        .call(
                                Kernel.GPT2_EMBED,
                                training,
                                inputIds,
                                value(Gpt2Parameters.WTE),
                                value(Gpt2Parameters.WPE),
                                dropout());
        for (int layer = 0; layer < config.nLayer(); layer++) {
            NDArray next =
                    Kernels.get()
                            .call(
                                    Kernel.GPT2_BLOCK,
                                    training,
                                    block(layer, h, false).toArguments());
            if (!training) {
                h.close();
            }
            h = next;
        }
        return h;
    }

    /** What a layer is computed from. */
    BlockArguments block(int layer, NDArray h, boolean overwrite) {
        NDList weights = new NDList();
        for (String name : Gpt2Parameters.LAYER) {
            weights.add(value(name(layer, name)));
        }
        NDList matrices = new NDList();
        for (int matrix : MATRICES) {
            matrices.add(operands.of(name(layer, Gpt2Parameters.LAYER[matrix])));
        }
        return new BlockArguments(
                h,
                scalings(Circuit.QK, layer),
                scalings(Circuit.OV, layer),
                new BlockNumbers(config, layer, training, overwrite).toArray(step),
                weights,
                matrices);
    }

    static String name(int layer, String rest) {
        return "transformer.h." + layer + "." + rest;
    }

    static boolean isMatrix(int tensor) {
        for (int matrix : MATRICES) {
            if (matrix == tensor) {
                return true;
            }
        }
        return false;
    }

    /**
     * A layer's scalings (H), or an empty array where the circuit has none. Outside training,
     * scalings that are all zero count as none: the layer is then plain GPT-2's to the bit.
     */
    private NDArray scalings(Circuit circuit, int layer) {
        if (!config.scalings().has(circuit)) {
            return step.create(new Shape(0));
        }
        NDArray values = value(circuit.parameter(layer));
        if (!training && Gpt2.isZero(values)) {
            return step.create(new Shape(0));
        }
        return values;
    }

    /** The share of embeddings that is left out, for the kernels. */
    NDArray dropout() {
        return step.create(training ? config.embdPdrop() : 0.0);
    }

    /** A parameter's array. */
    NDArray value(String name) {
        return store.getValue(parameters.get(name), step.getDevice(), training);
    }
}
