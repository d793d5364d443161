package org.diagonal.plugin.gpt2;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.diagonal.plugin.kernels.Arguments;
import org.diagonal.plugin.kernels.Kernel;
import org.diagonal.plugin.kernels.Kernels;
import org.diagonal.plugin.network.Loss;

/**
 * One pass forward and backward, in kernels that say both: the engine records nothing but the head
 * of a regression.
 */
final class Gpt2Backward {

    private final Gpt2Config config;
    private final Gpt2Pass pass;
    private final Operands operands;
    private final NDManager step;
    private final boolean fresh;
    private final List<BlockArguments> blocks = new ArrayList<>();
    private final List<NDList> kept = new ArrayList<>();

    /**
     * A pass.
     *
     * @param step owns what is made
     * @param fresh whether what gradients hold counts for nothing; other gradients than those of
     *     matrices and the head are zero then
     */
    Gpt2Backward(
            Gpt2Config config, Gpt2Pass pass, Operands operands, NDManager step, boolean fresh) {
        this.config = config;
        this.pass = pass;
        this.operands = operands;
        this.step = step;
        this.fresh = fresh;
    }

    /** The sum of nats of ids (B, T); gradients are those of the sum times scale. */
    double nats(NDArray inputIds, NDArray targets, double scale) {
        NDList embedded = forward(inputIds);
        String head = Gpt2Parameters.head(config);
        NDList found =
                Kernels.get()
                        .callForAll(
                                Kernel.GPT2_LOSS,
                                Arguments.of(
                                        embedded.get(0),
                                        targets,
                                        pass.value(Gpt2Parameters.LN_F_WEIGHT),
                                        pass.value(Gpt2Parameters.LN_F_BIAS),
                                        pass.value(head),
                                        operands.of(head),
                                        step.create(config.layerNormEpsilon()),
                                        step.create(scale),
                                        step.create(fresh ? 1 : 0)));
        backward(inputIds, found.get(1), embedded.get(1));
        return found.get(0).getFloat();
    }

    /** The sum of squared errors of what is read out of the last position. */
    double regression(
            GradientCollector collector, NDArray inputIds, NDArray targets, double scale) {
        NDList embedded = forward(inputIds);
        NDArray h = embedded.get(0).duplicate(); // what a kernel makes cannot ask for a gradient
        h.setRequiresGradient(true);
        NDArray said =
                Kernels.get()
                        .call(
                                Kernel.GPT2_LAST,
                                true,
                                h,
                                pass.value(Gpt2Parameters.LN_F_WEIGHT),
                                pass.value(Gpt2Parameters.LN_F_BIAS),
                                pass.value(Gpt2Parameters.SCORE),
                                step.create(config.layerNormEpsilon()));
        double sum = Loss.SQUARED_ERROR.backward(collector, said.squeeze(1), targets, scale);
        NDArray dh = h.getGradient();
        dh.attach(step);
        backward(inputIds, dh, embedded.get(1));
        return sum;
    }

    /** The last hidden states, and what dropout left of the embeddings. */
    private NDList forward(NDArray inputIds) {
        NDList embedded = Kernels.get().callForAll(Kernel.GPT2_EMBED_FORWARD, embedding(inputIds));
        NDArray h = embedded.get(0);
        for (int layer = 0; layer < config.nLayer(); layer++) {
            BlockArguments block = pass.block(layer, h, fresh);
            NDList results =
                    Kernels.get().callForAll(Kernel.GPT2_BLOCK_FORWARD, block.toArguments());
            h.close(); // what was kept holds it
            h = results.remove(0);
            blocks.add(block);
            kept.add(results);
        }
        return new NDList(h, embedded.get(1));
    }

    private Arguments embedding(NDArray inputIds) {
        return Arguments.of(
                inputIds,
                pass.value(Gpt2Parameters.WTE),
                pass.value(Gpt2Parameters.WPE),
                pass.dropout());
    }

    private void backward(NDArray inputIds, NDArray last, NDArray keptOfEmbedding) {
        NDArray dh = last;
        for (int layer = config.nLayer() - 1; layer >= 0; layer--) {
            try (NDList results = kept.remove(layer)) {
                NDArray next =
                        Kernels.get()
                                .call(
                                        Kernel.GPT2_BLOCK_BACKWARD,
                                        false,
                                        BlockArguments.backward(blocks.get(layer), dh, results));
                dh.close();
                dh = next;
            }
        }
        Kernels.get()
                .update(
                        Kernel.GPT2_EMBED_BACKWARD,
                        Arguments.of(
                                dh,
                                inputIds,
                                pass.value(Gpt2Parameters.WTE),
                                pass.value(Gpt2Parameters.WPE),
                                pass.dropout(),
                                keptOfEmbedding));
    }

    /** Sets to zero the gradients that a fresh pass does not overwrite. */
    static void zeroOthers(Gpt2Config config, Map<String, Parameter> parameters, NDManager step) {
        NDList gradients = new NDList();
        parameters.forEach(
                (name, parameter) -> {
                    if (parameter.requiresGradient() && !isOverwritten(config, name)) {
                        gradients.add(parameter.getArray().getGradient());
                    }
                });
        if (gradients.isEmpty()) {
            return;
        }
        try (gradients;
                NDArray anchor = step.create(new Shape(0))) {
            Kernels.get().update(Kernel.ZERO, Arguments.of(anchor).list(gradients));
        }
    }

    private static boolean isOverwritten(Gpt2Config config, String name) {
        if (name.equals(Gpt2Parameters.head(config))) {
            return !config.regression();
        }
        for (int i = 0; i < Gpt2Parameters.LAYER.length; i++) {
            if (Gpt2Pass.isMatrix(i) && name.endsWith("." + Gpt2Parameters.LAYER[i])) {
                return name.startsWith("transformer.h.");
            }
        }
        return false;
    }
}
