package org.diagonal.plugin.identity;

import org.apiguardian.api.API;
import org.apiguardian.api.API.Status;

/**
 * The two circuits of an attention head, each with its identity scaling (paper, Observation 1.2).
 */
@API(status = Status.MAINTAINED, since = "0.1.0")
public enum Circuit {
    /** W_Q W_Kᵀ + a I: adds a multiple of X Xᵀ to the attention logits. */
    QK("a", "wkwq_id_scalings"),
    /** W_V W_O + b I: adds a multiple of A X to the head's output. */
    OV("b", "wvwo_id_scalings");

    private final String letter;
    private final String parameter;

    Circuit(String letter, String parameter) {
        this.letter = letter;
        this.parameter = parameter;
    }

    /** What the paper calls its scaling: {@code a} or {@code b}. */
    public String letter() {
        return letter;
    }

    /** The name of a layer's scalings of this circuit, shape (n_head). */
    public String parameter(int layer) {
        return "transformer.h." + layer + ".attn." + parameter;
    }

    /** Whether a tensor's name is that of scalings, of either circuit. */
    public static boolean isScaling(String name) {
        return name.endsWith("." + QK.parameter) || name.endsWith("." + OV.parameter);
    }
}
