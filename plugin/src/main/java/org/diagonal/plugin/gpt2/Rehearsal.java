package org.diagonal.plugin.gpt2;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.Initializer;
import org.diagonal.plugin.kernels.Arguments;
import org.diagonal.plugin.kernels.Kernel;
import org.diagonal.plugin.kernels.Kernels;
import org.diagonal.plugin.kernels.Precision;

/**
 * A step of one layer, before the first of a network.
 *
 * <p>The engine compiles a kernel, and a product of new sizes, when it is first called, and keeps
 * thousands of small pieces of what it compiles. Made in a network's first step, they come to lie
 * between its arrays, so that the free memory of later steps falls into parts that the next arrays
 * do not fit: 0.2 to 0.4 GB of GPT-2 124M. No random number is drawn.
 *
 * @param config of the network
 * @param precision of its products
 */
record Rehearsal(Gpt2Config config, Precision precision) {

    private static final int VOCABULARY = 8;

    /**
     * Calls every kernel of a step once.
     *
     * @param inputIds the network's first batch (B, T)
     */
    void run(GradientCollector collector, NDArray inputIds) {
        try (NDManager manager = inputIds.getManager().newSubManager()) {
            Gpt2 layer = layer(manager);
            NDArray ids = manager.zeros(inputIds.getShape(), DataType.INT64);
            layer.pass(new ParameterStore(manager, false), collector, ids, ids, 1);
            update(manager);
        }
    }

    private Gpt2 layer(NDManager manager) {
        Gpt2Config small =
                Gpt2Config.fresh(VOCABULARY, config.nPositions(), config.nEmbd(), 1, config.nHead())
                        .withDropout(0)
                        .withScalings(config.scalings());
        Gpt2 layer = new Gpt2(small);
        layer.parameters().values().forEach(each -> each.setInitializer(Initializer.ZEROS));
        layer.initialize(manager);
        layer.prepare(precision);
        layer.clearGradients();
        return layer;
    }

    private static void update(NDManager manager) {
        NDArray one = manager.ones(new Shape());
        NDArray[] numbers = {one, one, one, one, one, one, one};
        NDList arrays = new NDList(manager.zeros(new Shape(2, 2)));
        Kernels kernels = Kernels.get();
        kernels.update(Kernel.GRAD_NORM, Arguments.of(one).list(arrays));
        kernels.update(
                Kernel.ADAMW,
                Arguments.of(numbers).list(arrays).list(arrays).list(arrays).list(arrays));
    }
}
