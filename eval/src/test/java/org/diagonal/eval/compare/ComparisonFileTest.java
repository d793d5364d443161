package org.diagonal.eval.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.diagonal.eval.measure.effect.Effect;
import org.diagonal.eval.measure.effect.PerplexityRatio;
import org.diagonal.eval.measure.statistics.Interval;
import org.diagonal.plugin.identity.Arm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ComparisonFileTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir Path folder;

    private static PerplexityRatio ratio(double... perSeed) {
        List<PerplexityRatio.SeedRatio> seeds = new java.util.ArrayList<>();
        for (double one : perSeed) {
            seeds.add(new PerplexityRatio.SeedRatio(42 + seeds.size(), one));
        }
        return new PerplexityRatio(
                seeds, .99, new Interval(.98, .995), new Interval(.985, .994), "articles", 130);
    }

    private static Comparison.Arm arm(Arm arm, double perplexity, Optional<Effect> effect) {
        return new Comparison.Arm(
                arm.toString(),
                arm,
                new Comparison.Perplexities(perplexity, 1000 * Math.log(perplexity), 1000),
                OptionalLong.of(3_432_896),
                OptionalDouble.of(12.5),
                List.of("runs/x/" + arm + "-seed42", "runs/x/" + arm + "-seed43"),
                List.of(40L, 36L),
                effect,
                Optional.of(ratio(.25, .24)));
    }

    private static final Comparison COMPARISON =
            new Comparison(
                    2,
                    Optional.of("nano"),
                    new Comparison.OnText(
                            "hf-strided", 256, OptionalInt.of(256), "a text", "d0", "e0"),
                    2,
                    Optional.of(Map.of("lr", "0.003", "max_steps", "30")),
                    Optional.of(
                            new Comparison.Before(
                                    "nano",
                                    "pretrained",
                                    new Comparison.Perplexities(2000, 7600.9, 1000))),
                    List.of(
                            arm(Arm.NONE, 500, Optional.empty()),
                            arm(Arm.BOTH, 495, Optional.of(ratio(.991, .989)))),
                    Map.of("commit", "abc"));

    private ObjectNode written() throws IOException {
        ComparisonFile.write(folder, COMPARISON);
        return (ObjectNode) JSON.readTree(folder.resolve("compare.json").toFile());
    }

    private void write(JsonNode tree) throws IOException {
        Files.writeString(folder.resolve("compare.json"), tree.toPrettyString());
    }

    @Test
    void whatIsWrittenIsRead() throws Exception {
        written();
        assertThat(ComparisonFile.read(folder)).isEqualTo(COMPARISON);
    }

    @Test
    void everyArmButTheFirstHasRatioSeedsAndBothIntervals() throws Exception {
        ObjectNode root = written();
        JsonNode second = root.path("arms").path(1);
        assertThat(second.path("per_seed").path(1).toString())
                .isEqualTo("{\"seed\":43,\"ratio\":0.989}");
        assertThat(second.path("ratio").doubleValue()).isEqualTo(.99);
        assertThat(second.path("ratio_ci95").toString()).isEqualTo("[0.98,0.995]");
        assertThat(second.path("ratio_ci95_texts").toString()).isEqualTo("[0.985,0.994]");
        assertThat(root.path("arms").path(0).has("ratio")).isFalse();
        assertThat(root.path("ratio").doubleValue()).isEqualTo(.99);
        assertThat(root.path("before").path("perplexity").doubleValue()).isEqualTo(2000);
        assertThat(root.path("data_sha256").asText()).isEqualTo("d0");
        assertThat(root.path("settings").path("lr").asText()).isEqualTo("0.003");
    }

    @Test
    void aFileFromBeforeThereWereSettingsIsRead() throws Exception {
        ObjectNode root = written();
        root.remove("settings");
        write(root);
        assertThat(ComparisonFile.read(folder).settings()).isEmpty();
    }

    @Test
    void trainingComesFirstInWhatItSays() {
        assertThat(COMPARISON.findings().get(0))
                .isEqualTo(
                        "training improves perplexity: from 2000.00 before to 500.00 (none, 1.00 %"
                                + " better), 495.00 (both, 1.00 % better); seeds 42 and 43");
        assertThat(COMPARISON.findings().get(1))
                .startsWith("both improves perplexity by 1.00 % over none");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "arms[1].nats | \"x\" | key arms[1].nats: expected a number, found \"x\"",
                "seeds | null | key seeds: is missing",
                "unknown | 1 | key unknown: is not known",
                "version | 3 | key version: expected 2, found 3: a newer version of this program wrote it",
                "arms | [] | key arms: expected two or more, found 0",
            })
    void whatDoesNotFitIsNamedWithItsPath(String key, String value, String message)
            throws Exception {
        ObjectNode root = written();
        ObjectNode place =
                key.startsWith("arms[1].") ? (ObjectNode) root.path("arms").path(1) : root;
        place.set(key.replaceFirst(".*\\.", ""), JSON.readTree(value));
        write(root);
        assertThatThrownBy(() -> ComparisonFile.read(folder))
                .hasMessageStartingWith(folder.resolve("compare.json") + ": ")
                .hasMessageContaining(message)
                .message()
                .doesNotContain("\n");
    }

    private static Path older(String name) {
        return Path.of(System.getProperty("diagonal.root"))
                .resolve("eval/src/test/resources/results-of-0.1.0")
                .resolve(name);
    }

    /** Its interval, [1.0023, 1.0043], was of texts alone; three seeds know less. */
    @Test
    void aTextComparisonOfAnEarlierVersionIsReadWithTheNoiseOfItsSeeds() throws Exception {
        Comparison comparison = ComparisonFile.read(older("shakespeare-europarl"));
        PerplexityRatio both =
                (PerplexityRatio) comparison.compared().get(0).effect().orElseThrow();
        assertThat(comparison.seeds()).isEqualTo(3);
        assertThat(comparison.before()).isEmpty();
        assertThat(both.perSeed())
                .extracting(PerplexityRatio.SeedRatio::seed)
                .containsExactly(42L, 43L, 44L);
        assertThat(both.sampleInterval().low()).isBetween(1.0022, 1.0024);
        assertThat(both.interval().low()).isBetween(.998, 1.0);
        assertThat(both.verdict()).isEqualTo(Effect.Verdict.NO_SIGNIFICANT_DIFFERENCE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nano-majority", "order"})
    void anArmOfAnEarlierVersionWithOtherSeedsIsRefusedInOneLine(String name, @TempDir Path work)
            throws Exception {
        ObjectNode root = (ObjectNode) JSON.readTree(older(name).resolve("compare.json").toFile());
        ((ArrayNode) root.path("arms").path(1).path("accuracy_unseen_per_seed")).remove(0);
        Path file = Files.writeString(work.resolve("compare.json"), root.toString());
        assertThatThrownBy(() -> ComparisonFile.read(work))
                .hasMessageContaining("all arms need the same seeds")
                .hasMessageContaining(file.toString())
                .hasMessageNotContaining("\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nano-majority", "order"})
    void aTaskComparisonOfAnEarlierVersionIsRead(String name) throws Exception {
        Comparison comparison = ComparisonFile.read(older(name));
        JsonNode arm =
                JSON.readTree(older(name).resolve("compare.json").toFile()).path("arms").path(1);
        Effect effect = comparison.compared().get(0).effect().orElseThrow();
        assertThat(effect.value())
                .isEqualTo(arm.path("against_first").path("difference").doubleValue());
        Comparison.Accuracies scores =
                (Comparison.Accuracies) comparison.compared().get(0).scores();
        assertThat(scores.accuracyUnseen()).isEqualTo(arm.path("accuracy_unseen").doubleValue());
    }

    @ParameterizedTest
    @ValueSource(strings = {"seeds", "arms", "protocol", "versions"})
    void whatIsMissingIsNamed(String key) throws Exception {
        ObjectNode root = written();
        root.remove(key);
        write(root);
        assertThatThrownBy(() -> ComparisonFile.read(folder)).hasMessageContaining(key);
    }
}
