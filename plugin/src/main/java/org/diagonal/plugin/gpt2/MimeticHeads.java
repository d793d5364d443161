package org.diagonal.plugin.gpt2;

import ai.djl.ndarray.NDArray;
import org.diagonal.plugin.identity.Mimetic;
import org.diagonal.plugin.network.Weights;

/** Mimetic initialisation of a GPT-2 that was drawn. */
public final class MimeticHeads {

    private MimeticHeads() {}

    /** Gives the W_Q and W_K of every head their new values; nothing else changes. */
    public static void apply(Mimetic mimetic, Gpt2 network) {
        Gpt2Config config = network.config();
        for (int layer = 0; layer < config.nLayer(); layer++) {
            String name = "transformer.h." + layer + ".attn.c_attn.weight";
            NDArray array = network.parameters().get(name).getArray();
            float[] values = array.toFloatArray();
            for (int head = 0; head < config.nHead(); head++) {
                mimetic.apply(
                        values,
                        AttentionLayer.queries(config, head),
                        AttentionLayer.keys(config, head),
                        config.nEmbd(),
                        config.headWidth());
            }
            Weights.overwrite(array, values);
        }
    }
}
