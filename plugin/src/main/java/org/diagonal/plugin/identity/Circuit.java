package org.diagonal.plugin.identity;

/**
 * The two circuits of an attention head, each with its identity scaling (paper, Observation 1.2).
 */
public enum Circuit {
    /** W_Q W_Kᵀ + a I: adds a multiple of X Xᵀ to the attention logits. */
    QK("wkwq_id_scalings"),
    /** W_V W_O + b I: adds a multiple of A X to the head's output. */
    OV("wvwo_id_scalings");

    private final String parameter;

    Circuit(String parameter) {
        this.parameter = parameter;
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
