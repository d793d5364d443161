package org.diagonal.plugin.card;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.diagonal.plugin.finetune.Standing;
import org.diagonal.plugin.finetune.TrainingState;
import org.diagonal.plugin.identity.Adapter;
import org.diagonal.plugin.identity.IdentityScalings;
import org.diagonal.plugin.identity.ScalingsAdapter;
import org.diagonal.plugin.network.Loss;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A card says what there is, and nothing else. */
class ModelCardTest {

    private static final Standing STANDING =
            new Standing(
                    new TrainingState(12, 12, 3456, 0, 9, 1.25, 1, null),
                    40,
                    OptionalDouble.of(1.5));

    private static ModelCard card(IdentityScalings scalings) {
        return new ModelCard(
                Optional.of("owner/base"),
                Optional.of("mit"),
                List.of("owner/text"),
                "Learned much.",
                scalings,
                Map.of("lr", "0.001"));
    }

    private static String text(IdentityScalings scalings) {
        return card(scalings).text(Loss.NATS, Optional.empty(), STANDING);
    }

    @Test
    void frontMatterIsWhatHubsRead() {
        assertThat(text(new IdentityScalings(1, 1, true)))
                .startsWith(
                        """
                        ---
                        library_name: diagonal
                        base_model: owner/base
                        license: mit
                        datasets:
                        - owner/text
                        pipeline_tag: text-generation
                        tags:
                        - gpt2
                        - identity-scalings
                        ---

                        # GPT-2 with identity scalings in both circuits

                        Learned much.
                        """);
        assertThat(text(IdentityScalings.NONE))
                .contains("library_name: transformers\n", "# GPT-2\n", "every program that loads")
                .doesNotContain("identity-scalings", "id_scalings", "merged");
    }

    @Test
    void permutedScalingsAreDescribedAsTheyAreComputed() {
        assertThat(text(new IdentityScalings(1, 0, true, true)))
                .contains("column t - s in the place of column s", "g.gather(2", "permute_wkwq");
        assertThat(text(new IdentityScalings(1, 0, true))).doesNotContain("gather", "permute_wkwq");
    }

    @Test
    void whatIsNotKnownIsNotThere() {
        ModelCard bare =
                new ModelCard(
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        "Learned much.",
                        IdentityScalings.NONE,
                        Map.of());
        Standing unmeasured = new Standing(TrainingState.START, 40, OptionalDouble.empty());
        assertThat(bare.text(Loss.SQUARED_ERROR, Optional.empty(), unmeasured))
                .doesNotContain("base_model", "license", "datasets", "pipeline_tag", "setting")
                .doesNotContain("perplexity", "best")
                .contains("# GPT-2 for real labels\n", "`score.weight`")
                .contains("| validation loss | not measured |");
    }

    @Test
    void resultsAreThoseOfThisModelAndOfTheBest() {
        assertThat(text(IdentityScalings.NONE))
                .contains(
                        "| optimizer steps | 12 of 40 |\n",
                        "| input ids seen | 3456 |\n",
                        "| validation loss | 1.50000 |\n",
                        "| validation perplexity | 4.48169 |\n",
                        "| best validation loss | 1.25000, after step 9 |\n",
                        "| `lr` | 0.001 |\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1.0 | 0.0 | true | √d + 1.0 · a_h · G",
                "0.5 | 0.0 | false | √d + 0.5 · a_h · G",
                "0.0 | 2.0 | false | Σ_h A_h X W_V W_O + 2.0 · Σ_h b_h · A_h X",
            })
    void formulasHaveTheCircuitsTheMultipliersAndTheMask(
            double qk, double ov, boolean masked, String formula) {
        String text = text(new IdentityScalings(qk, ov, masked));
        assertThat(text.contains("attn.wkwq_id_scalings")).isEqualTo(qk != 0);
        assertThat(text.contains("a = tensors[")).isEqualTo(qk != 0);
        assertThat(text.contains("attn.wvwo_id_scalings")).isEqualTo(ov != 0);
        assertThat(text.contains("b = tensors[")).isEqualTo(ov != 0);
        assertThat(text.contains("torch.diagonal(g")).isEqualTo(masked);
        assertThat(text.contains("X Xᵀ, its diagonal set to 0")).isEqualTo(masked);
        assertThat(text).contains(formula, "cannot be merged");
    }

    @Test
    void anAdapterIsNamedWithItsBase() {
        IdentityScalings both = new IdentityScalings(1, 1, true);
        Adapter adapter = new ScalingsAdapter("/home/me/base", "0123abcd", both);
        assertThat(card(both).text(Loss.NATS, Optional.of(adapter), STANDING))
                .contains("`adapter_model.safetensors`", "`0123abcd`")
                .doesNotContain("/home/me");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/home/me/base", "a: b", "a/b/c", "", "-x"})
    void namesThatAreNoneAreRefused(String name) {
        assertThatThrownBy(
                        () ->
                                new ModelCard(
                                        Optional.of(name),
                                        Optional.empty(),
                                        List.of(),
                                        "",
                                        IdentityScalings.NONE,
                                        Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + name + "'");
    }
}
