package org.diagonal.plugin.identity;

import org.diagonal.plugin.product.Library;

/**
 * Mimetic initialisation of QK circuits (Trockman and Kolter 2023, in the form of the paper's
 * published code): a head that was drawn with W_Q W_Kᵀ = Z gets the factors U_d √S_d and V_d √S_d
 * of the singular value decomposition U S Vᵀ of √α Z + √β I, cut to the head's width d. OV circuits
 * stay as they were drawn.
 *
 * <p>α = 1 and β = 0 leave W_Q W_Kᵀ as it was drawn. A head can hold d of the identity's D
 * dimensions only, so the mean of its diagonal is about √β d/D where β rules.
 *
 * @param alpha α, at least 0: how much stays of what was drawn
 * @param beta β, at least 0: how much of the identity is added
 */
public record Mimetic(double alpha, double beta) {

    /** Refuses what has no root. */
    public Mimetic {
        if (!isFine(alpha) || !isFine(beta)) {
            throw new IllegalArgumentException(
                    "alpha and beta must be finite and at least 0: alpha=%s, beta=%s"
                            .formatted(alpha, beta));
        }
    }

    private static boolean isFine(double value) {
        return Double.isFinite(value) && value >= 0;
    }

    /**
     * The matrix of rank d nearest to √α Z + √β I, in two factors of equal norms.
     *
     * @param drawn Z of rank d
     */
    public FactoredMatrix apply(FactoredMatrix drawn) {
        Library.EJML.require("mimetic initialisation");
        return new NearestFactors(alpha, beta).of(drawn);
    }

    /**
     * Gives W_Q and W_K of one head, in a weight that all heads share, their new values.
     *
     * @param size D
     * @param rank d
     */
    public void apply(float[] weight, Slice queries, Slice keys, int size, int rank) {
        FactoredMatrix drawn =
                FactoredMatrix.of(
                        size,
                        rank,
                        queries.read(weight, size, rank, 1),
                        keys.read(weight, size, rank, 1));
        FactoredMatrix mimetic = apply(drawn);
        queries.write(mimetic.left(), size, rank, weight);
        keys.write(mimetic.right(), size, rank, weight);
    }
}
