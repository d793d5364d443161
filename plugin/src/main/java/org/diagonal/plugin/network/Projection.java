package org.diagonal.plugin.network;

import java.util.Optional;

/**
 * A matrix that makes queries, keys or values of an attention layer's inputs.
 *
 * @param module its name without {@code .weight}, such as {@code transformer.h.0.attn.c_attn}
 * @param outputsFirst whether it is stored (out, in), as PyTorch's linear layers are, and not (in,
 *     out), as GPT-2's
 * @param biased whether it has a bias (out)
 * @param heads H of which it makes queries, the first H d of its outputs; 0 where it makes none
 * @param headWidth d
 */
public record Projection(
        String module, boolean outputsFirst, boolean biased, int heads, int headWidth) {

    /** The name of the matrix. */
    public String weight() {
        return module + ".weight";
    }

    /** The name of the bias, if there is one. */
    public Optional<String> bias() {
        return biased ? Optional.of(module + ".bias") : Optional.empty();
    }

    /** The name of something of the attention that this matrix belongs to. */
    public String beside(String name) {
        return module.substring(0, module.lastIndexOf('.') + 1) + name;
    }
}
