package org.diagonal.plugin.small;

import java.util.ArrayList;
import java.util.List;
import org.diagonal.plugin.kernels.Kernel;

/**
 * The paper's fully connected network (Appendix I): ReLU layers on the concatenated one-hot vectors
 * of the string, and with {@code xxtScaling} also on its incidence matrix X Xᵀ, which says what ids
 * are equal (Figure 24). Tensors have the names of the authors' code.
 *
 * @param contextLength T, the ids in every string
 * @param numTokenTypes V, the ids that a string may hold
 * @param numClasses 1 for a real number, V for logits of symbols
 * @param hiddenDim width of the hidden layers; the paper does not state its own
 * @param numLayers linear layers in all, at least 2; the paper has 3
 * @param xxtScaling factor of the T² numbers of X Xᵀ behind the one-hots; 0 for the one-hots alone
 */
public record Mlp(
        int contextLength,
        int numTokenTypes,
        int numClasses,
        int hiddenDim,
        int numLayers,
        double xxtScaling)
        implements Architecture {

    /**
     * Checks the sizes.
     *
     * @throws IllegalArgumentException naming the key and its value
     */
    public Mlp {
        Architecture.requireSizes(contextLength, numTokenTypes, numClasses);
        Architecture.requirePositive("hidden_dim", hiddenDim);
        if (numLayers < 2) {
            throw new IllegalArgumentException("num_layers must be at least 2: " + numLayers);
        }
        if (!Double.isFinite(xxtScaling)) {
            throw new IllegalArgumentException("xxt_scaling must be finite: " + xxtScaling);
        }
    }

    @Override
    public List<Tensor> tensors() {
        List<Tensor> all = new ArrayList<>();
        int pairs = xxtScaling == 0 ? 0 : Math.multiplyExact(contextLength, contextLength);
        int in = Math.addExact(Math.multiplyExact(contextLength, numTokenTypes), pairs);
        for (int layer = 0; layer < numLayers - 1; layer++) {
            addLinear(all, "linears." + layer, in, hiddenDim);
            in = hiddenDim;
        }
        addLinear(all, "output", in, numClasses);
        return all;
    }

    private static void addLinear(List<Tensor> all, String name, int in, int out) {
        all.add(Tensor.uniform(name + ".weight", in, out, in));
        all.add(Tensor.uniform(name + ".bias", in, out));
    }

    @Override
    public String head() {
        return "output.";
    }

    @Override
    public Kernel kernel() {
        return Kernel.TEMPLATE_MLP;
    }

    @Override
    public List<Double> numbers() {
        return List.of((double) numTokenTypes, xxtScaling);
    }
}
