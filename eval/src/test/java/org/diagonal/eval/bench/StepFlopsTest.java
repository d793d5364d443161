package org.diagonal.eval.bench;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.nn.Parameter;
import java.io.IOException;
import java.util.List;
import org.diagonal.eval.hub.Card;
import org.diagonal.eval.hub.Card.Kind;
import org.diagonal.eval.hub.Cards;
import org.diagonal.plugin.gpt2.Gpt2;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.identity.IdentityScalings;
import org.junit.jupiter.api.Test;

final class StepFlopsTest {

    @Test
    void aStepOfATinyNetworkIsAsCountedByHand() {
        // D = 4, I = 16, V = 10. A layer's matrices: c_attn 4 x 12, c_proj 4 x 4, MLP 4 x 16 twice.
        long layer = 48 + 16 + 64 + 64;
        long head = 40;
        Gpt2Config config = Gpt2Config.fresh(10, 8, 4, 2, 2);
        assertThat(StepFlops.matrixParameters(config)).isEqualTo(2 * layer + head);
        // B = 3, T = 5: of each product a multiplication and an addition, once forward and twice
        // backward; attention's two products have 5 x 5 x 4 of them a layer and block, half masked.
        double products = 3 * 2 * (2 * layer + head) * 15.0;
        double attention = 3 * (2 * 2 * 5 * 5 * 4) / 2.0 * 2 * 3;
        assertThat(StepFlops.of(config, 3, 5)).isEqualTo(products + attention);
    }

    @Test
    void scalingsAreNotCounted() {
        Gpt2Config config = Gpt2Config.fresh(10, 8, 4, 2, 2);
        Gpt2Config scaled = config.withScalings(new IdentityScalings(1, 1, true));
        assertThat(StepFlops.of(scaled, 1, 8)).isEqualTo(StepFlops.of(config, 1, 8));
    }

    @Test
    void gpt2HasItsKnownNumbers() {
        Gpt2Config config = PublishedSize.GPT2.config();
        assertThat(StepFlops.matrixParameters(config)).isEqualTo(123_532_032);
        assertThat(StepFlops.of(config, 1, 1024) / 1e9).isBetween(816.9, 817.0);
    }

    @Test
    void everyModelThatWouldBeDownloadedHasItsSizeInTheTable() throws IOException {
        for (Card card : Cards.read().all(Kind.MODEL)) {
            if (card.bundled()) {
                continue;
            }
            Gpt2Config config = PublishedSize.of(card.name()).orElseThrow().config();
            List<Parameter> parameters = List.copyOf(new Gpt2(config).parameters().values());
            assertThat(parameters.stream().mapToLong(p -> p.getShape().size()).sum())
                    .as(card.name())
                    .isEqualTo(card.parameters().orElseThrow());
        }
        assertThat(PublishedSize.of("GPT2")).isEmpty();
    }
}
