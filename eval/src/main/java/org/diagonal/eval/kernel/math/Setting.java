package org.diagonal.eval.kernel.math;

/**
 * Which kernel: the network and its initial weights.
 *
 * @param depth attention layers, 1 (the paper's) or 2 (an extension)
 * @param beta the softmax's inverse temperature, 0 or more
 * @param gamma the size of the positional embeddings, 0 or more
 * @param a the multiple of the identity in W_K W_Qᵀ
 * @param maskDiagonal whether the a-term leaves out a token's attention to itself
 * @param phi the activation
 * @param b1 its frequency, for cos
 * @param b2 its phase, for cos
 */
public record Setting(
        int depth,
        double beta,
        double gamma,
        double a,
        boolean maskDiagonal,
        Phi phi,
        double b1,
        double b2) {

    /** β beyond this makes the softmax a maximum, which no quadrature of ours resolves. */
    public static final double LARGEST_BETA = 64;

    /** Checks the ranges. */
    public Setting {
        require(depth == 1 || depth == 2, "depth must be 1 or 2", depth);
        require(beta >= 0 && beta <= LARGEST_BETA, "beta must be from 0 to 64", beta);
        require(gamma >= 0 && Double.isFinite(gamma), "gamma must be 0 or more", gamma);
        require(Double.isFinite(a), "a must be finite", a);
        require(b1 > 0 && Double.isFinite(b1), "b1 must be more than 0", b1);
        require(Double.isFinite(b2), "b2 must be finite", b2);
    }

    private static void require(boolean holds, String words, double value) {
        if (!holds) {
            throw new IllegalArgumentException(words + ": " + value);
        }
    }

    /** The same kernel with another a. */
    public Setting withA(double other) {
        return new Setting(depth, beta, gamma, other, maskDiagonal, phi, b1, b2);
    }

    /** β as finite networks and deeper layers have it: their tokens have the length √(1 + γ²). */
    double scaledBeta() {
        return beta / Math.sqrt(1 + gamma * gamma);
    }

    /** K of two strings from their attention kernels. */
    double kernel(double selfX, double selfY, double both) {
        return phi.of(selfX, selfY, both, b1, b2);
    }
}
