package org.diagonal.eval.inspect;

import java.io.IOException;
import java.util.Optional;
import org.diagonal.eval.source.ModelSource;
import org.diagonal.plugin.gpt2.AttentionWeights;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.identity.Adapter;

/**
 * Whose heads were inspected.
 *
 * @param name what the user called it
 * @param attentionSha256 the identity of the tensors that were read, {@link
 *     AttentionWeights#sha256}
 * @param adapterSha256 of the adapter's scalings, if it has one
 * @param layers L
 * @param heads H in each layer
 * @param width D
 * @param scalings {@code none}, {@code qk}, {@code ov} or {@code both}
 */
public record InspectedModel(
        String name,
        String attentionSha256,
        Optional<String> adapterSha256,
        int layers,
        int heads,
        int width,
        String scalings) {

    static InspectedModel of(ModelSource source, AttentionWeights weights) throws IOException {
        Gpt2Config config = weights.config();
        Optional<String> adapter =
                source.adapter().isPresent()
                        ? Optional.of(Adapter.sha256(source.adapter().get()))
                        : Optional.empty();
        return new InspectedModel(
                source.measured().title(),
                weights.sha256(),
                adapter,
                config.nLayer(),
                config.nHead(),
                config.nEmbd(),
                config.scalings().arm());
    }

    /** Weights and scalings, whatever the model is called. */
    String identity() {
        return attentionSha256 + adapterSha256.map(hash -> "+" + hash).orElse("");
    }

    /** For messages: {@code 12 layers, 12 heads, width 768}. */
    public String shape() {
        return "%d layers, %d heads, width %d".formatted(layers, heads, width);
    }
}
