package org.diagonal.plugin.small;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.diagonal.plugin.identity.IdentityScalings;
import org.diagonal.plugin.kernels.Kernel;

/**
 * The paper's network for copying (Section 5, equations 27 and 28): one attention layer, read out
 * at the last position through the tied embedding. There is nothing beside the layer that could
 * copy, or stand in the way of it: no residual connection, no MLP, no positions, no {@code [CLS]}.
 * The LayerNorms before the layer and before the readout are those of the authors' code, and so are
 * the tensors' names.
 *
 * @param contextLength T, the ids in every string
 * @param numTokenTypes V, the ids that a string may hold
 * @param dim D, the width
 * @param heads H
 * @param dimHead d, a head's width; H d need not be D
 * @param wkwqIdMult fixed multiplier of every a; 0 for none
 * @param wvwoIdMult fixed multiplier of every b; 0 for none
 * @param permuteWkwq whether every row of X Xᵀ has its positions in reverse before a multiplies it
 *     ({@link org.diagonal.plugin.identity.Control.Permuted})
 */
public record TemplateAttention(
        int contextLength,
        int numTokenTypes,
        int dim,
        int heads,
        int dimHead,
        double wkwqIdMult,
        double wvwoIdMult,
        boolean permuteWkwq)
        implements Architecture {

    private static final String LAYER = "transformer.layers.0.0.";

    /**
     * Checks the sizes.
     *
     * @throws IllegalArgumentException naming the key and its value
     */
    public TemplateAttention {
        Architecture.requireSizes(contextLength, numTokenTypes, numTokenTypes);
        Architecture.requirePositive("dim", dim);
        Architecture.requirePositive("heads", heads);
        Architecture.requirePositive("dim_head", dimHead);
        permuteWkwq = // refuses multipliers that are not finite
                new IdentityScalings(wkwqIdMult, wvwoIdMult, false, permuteWkwq).permuteWkwq();
    }

    /** V: it says symbols, and no real numbers. */
    @Override
    public int numClasses() {
        return numTokenTypes;
    }

    @Override
    public Optional<HeadWeights> headWeights() {
        return Optional.of(new HeadWeights(1, heads, dim, dimHead));
    }

    @Override
    public boolean readsAnyLength() {
        return true;
    }

    @Override
    public List<Tensor> tensors() {
        IdentityScalings scalings = new IdentityScalings(wkwqIdMult, wvwoIdMult, false);
        List<Tensor> all = new ArrayList<>();
        all.add(Tensor.normal("to_embedding.weight", numTokenTypes, dim));
        Tensor.addAttention(all, LAYER, dim, Math.multiplyExact(heads, dimHead));
        Tensor.addScalings(all, LAYER, scalings, heads);
        return all;
    }

    /** Nothing: the embedding reads out. */
    @Override
    public String head() {
        return "mlp_head.";
    }

    @Override
    public Kernel kernel() {
        return Kernel.TEMPLATE_ATTENTION;
    }

    @Override
    public List<Double> numbers() {
        return List.of((double) heads, wkwqIdMult, wvwoIdMult, permuteWkwq ? 2.0 : 0.0);
    }
}
