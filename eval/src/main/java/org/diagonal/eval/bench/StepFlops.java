package org.diagonal.eval.bench;

import org.diagonal.plugin.gpt2.Gpt2Config;

/**
 * The useful floating-point operations of a training step of GPT-2, a multiplication and an
 * addition counted as two.
 *
 * <p>With B blocks of T tokens, L layers, width D, MLP width I and vocabulary V:
 *
 * <pre>6 N B T + 6 L D B T²    where    N = L (3 D² + D² + 2 D I) + V D</pre>
 *
 * <p>N counts the parameters in matrix products: those of the layers and the head, not the lookup
 * in the embeddings. Each takes part in one product forward and two backward, 2 operations a token
 * in each. Attention has two products (q kᵀ and weights times v) of 2 T² D operations a layer and
 * block, half of them where the mask leaves something; twice that backward. What the identity
 * scalings compute beside this is not counted, so that arms can be compared.
 */
final class StepFlops {

    private StepFlops() {}

    /** N, the parameters in matrix products. */
    static long matrixParameters(Gpt2Config config) {
        long width = config.nEmbd();
        long layer = 4 * width * width + 2 * width * config.nInner();
        return config.nLayer() * layer + config.vocabSize() * width;
    }

    /** Operations of one step. */
    static double of(Gpt2Config config, int batchSize, int blockSize) {
        double tokens = (double) batchSize * blockSize;
        double attention = 6.0 * config.nLayer() * config.nEmbd() * tokens * blockSize;
        return 6.0 * matrixParameters(config) * tokens + attention;
    }
}
