package org.diagonal.plugin.gpt2;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import org.diagonal.plugin.kernels.Arguments;

/**
 * What one layer is computed from: the arguments of the kernels {@code gpt2_block}, {@code
 * gpt2_block_forward} and {@code gpt2_block_backward}, in their order.
 *
 * <p>B batch, T positions, D width, H heads.
 *
 * @param h hidden states (B, T, D)
 * @param a scalings of the QK circuit (H), or an empty array
 * @param b scalings of the OV circuit (H), or an empty array
 * @param numbers {@link BlockNumbers}
 * @param weights the twelve tensors of {@link Gpt2Parameters#LAYER}, float32
 * @param matrices the four matrices among them as operands of products
 */
record BlockArguments(
        NDArray h, NDArray a, NDArray b, NDArray numbers, NDList weights, NDList matrices) {

    /** For the kernels that go forward. */
    Arguments toArguments() {
        return Arguments.of(h, a, b, numbers).list(weights).list(matrices);
    }

    /**
     * For the kernel that goes backward.
     *
     * @param dh gradient of the layer's result
     * @param kept what the forward pass returned after its result
     */
    static Arguments backward(BlockArguments forward, NDArray dh, NDList kept) {
        return Arguments.of(dh, forward.a, forward.b, forward.numbers)
                .list(forward.weights)
                .list(forward.matrices)
                .list(kept);
    }
}
