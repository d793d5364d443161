package org.diagonal.plugin.small;

import java.util.List;
import org.diagonal.plugin.kernels.Kernel;

/**
 * The paper's recurrent baseline (Figure 21): h ← relu(W [x, h] + c) over the string from h = 0,
 * and a linear map of the last state. Tensors have the names of the authors' code.
 *
 * @param contextLength T, the ids in every string
 * @param numTokenTypes V, the ids that a string may hold
 * @param numClasses 1 for a real number, V for logits of symbols
 * @param hiddenDim width of embeddings and state; the paper does not state its own
 */
public record Rnn(int contextLength, int numTokenTypes, int numClasses, int hiddenDim)
        implements Architecture {

    /**
     * Checks the sizes.
     *
     * @throws IllegalArgumentException naming the key and its value
     */
    public Rnn {
        Architecture.requireSizes(contextLength, numTokenTypes, numClasses);
        Architecture.requirePositive("hidden_dim", hiddenDim);
    }

    @Override
    public boolean readsAnyLength() {
        return true;
    }

    @Override
    public List<Tensor> tensors() {
        int both = Math.multiplyExact(2, hiddenDim);
        return List.of(
                Tensor.normal("to_embedding.weight", numTokenTypes, hiddenDim),
                Tensor.uniform("i2h.weight", both, hiddenDim, both),
                Tensor.uniform("i2h.bias", both, hiddenDim),
                Tensor.uniform("h2o.weight", hiddenDim, numClasses, hiddenDim),
                Tensor.uniform("h2o.bias", hiddenDim, numClasses));
    }

    @Override
    public String head() {
        return "h2o.";
    }

    @Override
    public Kernel kernel() {
        return Kernel.TEMPLATE_RNN;
    }

    @Override
    public List<Double> numbers() {
        return List.of();
    }
}
