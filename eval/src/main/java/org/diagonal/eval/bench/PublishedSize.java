package org.diagonal.eval.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.diagonal.eval.hub.Card;
import org.diagonal.eval.hub.Hub;
import org.diagonal.eval.source.ModelSource;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.identity.IdentityScalings;

/** The sizes in which GPT-2 was published: their shapes are known without a download. */
enum PublishedSize {
    GPT2(12, 12, 768),
    GPT2_MEDIUM(24, 16, 1024),
    GPT2_LARGE(36, 20, 1280),
    GPT2_XL(48, 25, 1600),
    DISTILGPT2(6, 12, 768);

    private static final int VOCABULARY = 50_257;
    private static final int POSITIONS = 1024;

    private final int layers;
    private final int heads;
    private final int width;

    PublishedSize(int layers, int heads, int width) {
        this.layers = layers;
        this.heads = heads;
        this.width = width;
    }

    /** The size that a card's name stands for. */
    static Optional<PublishedSize> of(String name) {
        return Arrays.stream(values())
                .filter(size -> size.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(name))
                .findFirst();
    }

    Gpt2Config config() {
        return Gpt2Config.fresh(VOCABULARY, POSITIONS, width, layers, heads);
    }

    /** A model's sizes, without scalings; those of a published one are known without its files. */
    static Gpt2Config architecture(Hub hub, String model) throws IOException {
        Optional<PublishedSize> published =
                hub.cards().find(Card.Kind.MODEL, model).map(Card::name).flatMap(PublishedSize::of);
        if (published.isPresent() && !Files.exists(Path.of(model))) {
            return published.get().config();
        }
        return ModelSource.resolve(hub, model, Optional.empty())
                .config()
                .withScalings(IdentityScalings.NONE);
    }
}
