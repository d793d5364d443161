package org.diagonal.plugin.identity;

import org.apiguardian.api.API;
import org.apiguardian.api.API.Status;

/**
 * What an experiment holds against trained identity scalings: about as many numbers, put elsewhere,
 * or the scalings without what shall make them work.
 */
@API(status = Status.MAINTAINED, since = "0.3.0")
public sealed interface Control {

    /**
     * One number t a head on its logits: (1 + t) x W_Q W_Kᵀ xᵀ/√d, t = 0 at first. As sharp or flat
     * as a head may become without looking elsewhere.
     */
    record Temperature() implements Control {}

    /**
     * Scalings of the QK circuits that are the same in every head and do not move.
     *
     * @param a their value, finite and not 0
     */
    record Fixed(double a) implements Control {

        /** Refuses what changes nothing. */
        public Fixed {
            if (!Double.isFinite(a) || a == 0) {
                throw new IllegalArgumentException(
                        "a fixed scaling must be finite and not 0: " + a);
            }
        }
    }

    /**
     * Scalings of the QK circuits that multiply X Xᵀ with the positions of every row in reverse:
     * the very same numbers on other keys. Row i holds x_i · x_(i−j) at key j where attention is
     * causal, and x_i · x_(T−1−j) where it is not.
     */
    record Permuted() implements Control {}

    /**
     * What reads out and no more: the last LayerNorm, and the head where it is not the embedding.
     */
    record Head() implements Control {}

    /**
     * LoRA (Hu et al. 2021) on W_Q, W_K and W_V: W + A B with A (D, R) and B (R, 3 D), B = 0 at
     * first.
     *
     * @param rank R, at least 1
     */
    record Lora(int rank) implements Control {

        /** Refuses a rank below 1. */
        public Lora {
            if (rank < 1) {
                throw new IllegalArgumentException("a rank must be at least 1: " + rank);
            }
        }
    }
}
