package org.diagonal.plugin.small;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.diagonal.plugin.identity.IdentityScalings;
import org.diagonal.plugin.kernels.Kernel;

/**
 * The paper's transformer for templates (Appendices A and B): pre-norm blocks with residuals, token
 * embeddings and learned positions, attention that is not causal, projections without bias, exact
 * GELU, no dropout, and a final LayerNorm without parameters. Tensors have the names of the
 * authors' code.
 *
 * @param contextLength T, the ids in every string, {@code [CLS]} not counted
 * @param numTokenTypes V, the ids that a string may hold
 * @param numClasses 1 for a head that reads out a real number, V for logits of symbols through the
 *     tied embedding
 * @param dim D, the width
 * @param depth L, the layers
 * @param heads H
 * @param dimHead d, a head's width; H d need not be D
 * @param mlpDim inner width of the MLPs
 * @param pool which position is read out
 * @param wkwqIdMult fixed multiplier of every a; 0 for none
 * @param wvwoIdMult fixed multiplier of every b; 0 for none
 * @param maskDiagWkwq whether the diagonal of X Xᵀ is set to zero before a multiplies it; the
 *     paper's networks do not
 * @param permuteWkwq whether every row of X Xᵀ has its positions in reverse before a multiplies it
 *     ({@link org.diagonal.plugin.identity.Control.Permuted})
 */
public record TemplateTransformer(
        int contextLength,
        int numTokenTypes,
        int numClasses,
        int dim,
        int depth,
        int heads,
        int dimHead,
        int mlpDim,
        Pool pool,
        double wkwqIdMult,
        double wvwoIdMult,
        boolean maskDiagWkwq,
        boolean permuteWkwq)
        implements Architecture {

    /** Positions that go forward and backward together: what they keep stays in the caches. */
    private static final int POSITIONS_TOGETHER = 1024;

    /** The position that is read out. */
    public enum Pool {
        /**
         * A learned token after the string: for real labels, and for symbols that no position holds
         * already, as in the paper's copying task.
         */
        @JsonProperty("cls")
        CLS,
        /** The string's last id. */
        @JsonProperty("final")
        FINAL
    }

    /**
     * Checks the sizes.
     *
     * @throws IllegalArgumentException naming the key and its value
     */
    public TemplateTransformer {
        Architecture.requireSizes(contextLength, numTokenTypes, numClasses);
        Architecture.requirePositive("dim", dim);
        Architecture.requirePositive("depth", depth);
        Architecture.requirePositive("heads", heads);
        Architecture.requirePositive("dim_head", dimHead);
        Architecture.requirePositive("mlp_dim", mlpDim);
        if (numClasses == 1 && pool != Pool.CLS) {
            throw new IllegalArgumentException(
                    "pool must be cls where num_classes is 1: a real number is read out of [CLS]");
        }
        IdentityScalings checked =
                new IdentityScalings(wkwqIdMult, wvwoIdMult, maskDiagWkwq, permuteWkwq);
        maskDiagWkwq = checked.maskDiagWkwq();
        permuteWkwq = checked.permuteWkwq();
    }

    /**
     * The size of most of the paper's figures: 2 layers, 16 heads of 64, width 128, MLP 256.
     *
     * @param scalings none are {@link IdentityScalings#NONE}
     */
    public static TemplateTransformer base(
            int contextLength, int numTokenTypes, int numClasses, IdentityScalings scalings) {
        return new TemplateTransformer(
                contextLength,
                numTokenTypes,
                numClasses,
                128,
                2,
                16,
                64,
                256,
                numClasses == 1 ? Pool.CLS : Pool.FINAL,
                scalings.wkwqIdMult(),
                scalings.wvwoIdMult(),
                scalings.maskDiagWkwq(),
                scalings.permuteWkwq());
    }

    /** The identity scalings. */
    public IdentityScalings scalings() {
        return new IdentityScalings(wkwqIdMult, wvwoIdMult, maskDiagWkwq, permuteWkwq);
    }

    @Override
    public List<Tensor> tensors() {
        List<Tensor> all = new ArrayList<>();
        boolean cls = pool == Pool.CLS;
        boolean tied = numClasses != 1;
        all.add(Tensor.normal("to_embedding.weight", numTokenTypes, dim));
        all.add(Tensor.normal("pos_embedding", 1, positions(), dim));
        all.add(cls ? Tensor.normal("cls_token", 1, 1, dim) : Tensor.ABSENT);
        all.add(tied ? Tensor.ABSENT : Tensor.uniform("mlp_head.1.weight", dim, 1, dim));
        all.add(tied ? Tensor.ABSENT : Tensor.uniform("mlp_head.1.bias", dim, 1));
        for (int layer = 0; layer < depth; layer++) {
            String attention = "transformer.layers." + layer + ".0.";
            Tensor.addAttention(all, attention, dim, Math.multiplyExact(heads, dimHead));
            addMlp(all, "transformer.layers." + layer + ".1.");
            Tensor.addScalings(all, attention, scalings(), heads);
        }
        return all;
    }

    @Override
    public Optional<HeadWeights> headWeights() {
        return Optional.of(new HeadWeights(depth, heads, dim, dimHead));
    }

    private void addMlp(List<Tensor> all, String name) {
        all.add(Tensor.constant(name + "norm.weight", 1, dim));
        all.add(Tensor.constant(name + "norm.bias", 0, dim));
        all.add(Tensor.uniform(name + "fn.net.0.weight", dim, mlpDim, dim));
        all.add(Tensor.uniform(name + "fn.net.0.bias", dim, mlpDim));
        all.add(Tensor.uniform(name + "fn.net.3.weight", mlpDim, dim, mlpDim));
        all.add(Tensor.uniform(name + "fn.net.3.bias", mlpDim, dim));
    }

    @Override
    public String head() {
        return "mlp_head.";
    }

    @Override
    public int examplesTogether() {
        return Math.max(1, POSITIONS_TOGETHER / positions());
    }

    /** T, and one more with {@code [CLS]}. */
    private int positions() {
        return contextLength + (pool == Pool.CLS ? 1 : 0);
    }

    @Override
    public Kernel kernel() {
        return Kernel.TEMPLATE_TRANSFORMER;
    }

    @Override
    public List<Double> numbers() {
        return List.of((double) heads, wkwqIdMult, wvwoIdMult, (double) scalings().form());
    }
}
