package org.diagonal.plugin.small;

import java.util.List;
import org.diagonal.plugin.kernels.Kernel;

/**
 * The paper's LSTM baseline (Figure 21): one layer over the string, and a linear map of its last
 * output. Tensors have the names of the authors' code.
 *
 * <p>It differs from the authors' in one point: theirs draws its first hidden and cell state at
 * random in every pass, in tests too, so that its figures are noisy by construction; this one
 * begins with zeros.
 *
 * @param contextLength T, the ids in every string
 * @param numTokenTypes V, the ids that a string may hold
 * @param numClasses 1 for a real number, V for logits of symbols
 * @param hiddenDim width of embeddings and state; the paper does not state its own
 */
public record Lstm(int contextLength, int numTokenTypes, int numClasses, int hiddenDim)
        implements Architecture {

    /**
     * Checks the sizes.
     *
     * @throws IllegalArgumentException naming the key and its value
     */
    public Lstm {
        Architecture.requireSizes(contextLength, numTokenTypes, numClasses);
        Architecture.requirePositive("hidden_dim", hiddenDim);
    }

    @Override
    public boolean readsAnyLength() {
        return true;
    }

    @Override
    public List<Tensor> tensors() {
        int gates = Math.multiplyExact(4, hiddenDim);
        return List.of(
                Tensor.normal("to_embedding.weight", numTokenTypes, hiddenDim),
                Tensor.uniform("lstm.weight_ih_l0", hiddenDim, gates, hiddenDim),
                Tensor.uniform("lstm.weight_hh_l0", hiddenDim, gates, hiddenDim),
                Tensor.uniform("lstm.bias_ih_l0", hiddenDim, gates),
                Tensor.uniform("lstm.bias_hh_l0", hiddenDim, gates),
                Tensor.uniform("fc.weight", hiddenDim, numClasses, hiddenDim),
                Tensor.uniform("fc.bias", hiddenDim, numClasses));
    }

    @Override
    public String head() {
        return "fc.";
    }

    @Override
    public Kernel kernel() {
        return Kernel.TEMPLATE_LSTM;
    }

    @Override
    public List<Double> numbers() {
        return List.of();
    }
}
