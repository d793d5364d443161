package org.diagonal.eval.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Template tasks through the commands that train and measure. */
@Tag("slow")
final class TaskTrainingTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir static Path work;

    @BeforeAll
    static void model() throws IOException {
        Tiny.model(work.resolve("model"), 32, 3);
        Tiny.text(work.resolve("text.txt"), 20, 1);
    }

    private static Toy.Result run(String words) {
        return Tiny.run((Object[]) words.replace("W/", work + "/").split(" "));
    }

    private static void assertDone(Toy.Result result) {
        assertThat(result.code()).as(result.err()).isZero();
    }

    private static JsonNode json(String name) throws IOException {
        return JSON.readTree(Files.readString(work.resolve(name)));
    }

    private static final String LETTERS = " --quiet --symbols names --alphabets 12,8,8";

    private static final String SHORT = LETTERS + " --samples 20 --valid-samples 8 --max-steps 3";

    @Test
    void realLabelsTrainAHeadAndAreMeasuredOnSeenAndUnseenSymbols() throws IOException {
        assertDone(
                run(
                        "fine-tune --model W/model --data task:aba-abb --out W/real --scalings both"
                                + SHORT));
        assertThat(Gpt2Config.read(work.resolve("real")).regression()).isTrue();
        assertThat(json("real/run.json").path("settings").path("train_alphabet").asInt())
                .isEqualTo(12);
        assertThat(json("real/result.json").path("loss").asText()).isEqualTo("squared_error");

        Toy.Result measured =
                run(
                        "evaluate --model W/real --data task:aba-abb --test-samples 40 --json"
                                + " W/real.json"
                                + LETTERS);
        assertDone(measured);
        JsonNode scores = json("real.json");
        assertThat(scores.path("unseen").path("samples").asInt()).isEqualTo(40);
        assertThat(scores.path("unseen").path("accuracy_bits").asText()).hasSize(40);
        assertThat(measured.out())
                .contains(
                        String.format(
                                java.util.Locale.ROOT,
                                "%.4f",
                                scores.path("unseen").path("accuracy").asDouble()));
    }

    @Test
    void aModelIsNotMeasuredWithOtherAlphabetsThanItsOwn() {
        assertDone(run("fine-tune --model W/model --data task:aabb-abab --out W/own" + SHORT));
        Toy.Result other =
                run(
                        "evaluate --quiet --symbols names --alphabets 13,8,8 --model W/own --data"
                                + " task:aabb-abab");
        assertThat(other.code()).isEqualTo(1);
        assertThat(other.errors())
                .singleElement()
                .asString()
                .contains("was trained with")
                .contains("seen symbols would count as unseen");
        Toy.Result text = run("evaluate --quiet --model W/own --data W/text.txt");
        assertThat(text.code()).isEqualTo(1);
        assertThat(text.errors()).singleElement().asString().contains("has no perplexity");
    }

    @Test
    void armsAreComparedStringByString() throws IOException {
        String command =
                "compare --model W/model --data task:symbolic-majority-3 --seeds 2 --test-samples 50"
                        + " --out W/compare"
                        + SHORT;
        Toy.Result first = run(command);
        assertDone(first);
        JsonNode result = json("compare/compare.json");
        JsonNode both = result.path("arms").path(1);
        assertThat(both.path("name").asText()).isEqualTo("both");
        JsonNode none = result.path("arms").path(0);
        assertThat(both.path("difference").doubleValue())
                .isCloseTo(
                        both.path("accuracy_unseen").doubleValue()
                                - none.path("accuracy_unseen").doubleValue(),
                        within(1e-12));
        assertThat(both.path("per_seed")).hasSize(2);
        assertThat(both.path("units").intValue()).isEqualTo(50); // however many seeds
        assertThat(both.path("difference_ci95").path(0).doubleValue())
                .isLessThanOrEqualTo(both.path("difference_ci95_texts").path(0).doubleValue());
        assertThat(result.path("before").path("accuracy_unseen_per_seed")).hasSize(1);
        assertThat(both.path("against_before").path("per_seed")).hasSize(2);
        assertThat(both.path("trainable_parameters").asInt())
                .isEqualTo(result.path("arms").path(0).path("trainable_parameters").asInt() + 8);
        Toy.Result again = run(command);
        assertThat(again.out()).isEqualTo(first.out());

        Toy.Result pairOnly =
                run(
                        "compare W/compare/none-seed42 W/compare/both-seed42 --data"
                                + " task:symbolic-majority-3 --test-samples 50"
                                + LETTERS);
        assertDone(pairOnly);
        assertThat(pairOnly.out()).contains("Among");
    }

    @Test
    void aComparisonOfTwoModelsIsNotOverwritten() throws IOException {
        String pair =
                "compare W/pair-a W/pair-b --data task:symbolic-majority-3 --test-samples 20 --out"
                        + " W/pair"
                        + LETTERS;
        for (String model : List.of("a", "b")) {
            Tiny.model(work.resolve("pair-" + model), 32, model.charAt(0));
        }
        assertDone(run(pair));
        String before = Files.readString(work.resolve("pair/compare.json"));
        Toy.Result again = run(pair);
        assertThat(again.code()).isEqualTo(1);
        assertThat(again.errors())
                .containsExactly(
                        "diagonal compare: W/pair holds a comparison already; choose another folder (--out)"
                                .replace("W/", work + "/"));
        assertThat(work.resolve("pair/compare.json")).hasContent(before);
    }

    @Test
    void scalingsAloneLearnRealLabelsWithTheNewHead() throws IOException {
        Toy.Result tuned =
                run(
                        "fine-tune --model W/model --data task:aba-abb --out W/few --scalings both"
                                + " --train scalings"
                                + SHORT.replace(" --quiet", ""));
        assertDone(tuned);
        assertThat(tuned.err()).contains("the new head for real labels is trained");
        assertThat(json("few/result.json").path("trainable_parameters").asInt())
                .isEqualTo(2 * 2 * 2 + 16); // layers, heads, circuits; the head's width
        assertThat(json("few/run.json").path("settings").path("trained").asText())
                .isEqualTo("SCALINGS_AND_HEAD");
        assertThat(work.resolve("few/adapter_config.json")).doesNotExist();
        assertDone(
                run(
                        "fine-tune --model W/few --data task:aba-abb --out W/fewer --scalings both"
                                + " --train scalings"
                                + SHORT));
        assertThat(json("fewer/result.json").path("trainable_parameters").asInt())
                .isEqualTo(2 * 2 * 2);
        assertThat(work.resolve("fewer/adapter_config.json")).exists();
    }

    @Test
    void aCurveIsTheSameWhenItIsDrawnAgainAndInWhateverOrder() throws IOException {
        String command =
                "curve --quiet --data task:same-different --n 4,8 --trials 2 --epochs 3 --valid-n 4"
                        + " --test-n 8 --width 16 --heads 2 --head-width 8 --mlp-width 16";
        Toy.Result first = run(command + " --arms none,both --out W/curve");
        assertDone(first);
        List<String> rows = Files.readAllLines(work.resolve("curve/curve.csv"));
        assertThat(rows).hasSize(1 + 4);
        Toy.Result again = run(command + " --arms none,both --out W/curve");
        assertThat(again.out()).isEqualTo(first.out());

        assertDone(run(command + " --arms none,both --shard 2/2 --out W/sharded"));
        assertDone(run(command + " --arms none,both --shard 1/2 --out W/sharded"));
        assertThat(numbers("sharded")).isEqualTo(numbers("curve"));
    }

    /** What of a curve does not depend on time. */
    private static List<String> numbers(String folder) throws IOException {
        JsonNode curve = json(folder + "/curve.json");
        return curve.findValuesAsText("mean");
    }

    @Test
    void aCurveOfAGpt2CanBeOfNamesAndOfFewUnseenSymbols() throws IOException {
        String command =
                "curve --quiet --n 4 --trials 1 --epochs 2 --valid-n 4 --test-n 4 --network W/model"
                        + " --valid-alphabet 6 --test-alphabet 7 --arms none --data task:copy"
                        + " --out W/names";
        assertDone(run(command + " --symbols names"));
        JsonNode settings = json("names/curve.json").path("settings");
        assertThat(settings.path("network").path("symbols").asText()).isEqualTo("names");
        assertThat(settings.path("samples").path("valid_alphabet").asInt()).isEqualTo(6);
        assertThat(settings.path("samples").path("test_alphabet").asInt()).isEqualTo(7);
        Toy.Result words = run(command + " --symbols words");
        assertThat(words.code()).isEqualTo(1);
        assertThat(words.errors())
                .singleElement()
                .asString()
                .contains("holds a curve with network.symbols names, not none");
    }

    @Test
    void everyNetworkLearnsEitherKindOfLabel() {
        for (String network : List.of("mlp", "mlp-xxt", "rnn", "lstm", "nano")) {
            for (String task : List.of("aba-abb", "copy")) {
                String arms = network.equals("nano") ? " --arms both" : "";
                assertDone(
                        run(
                                "curve --quiet --n 4 --trials 1 --epochs 2 --valid-n 4 --test-n 4"
                                        + " --network "
                                        + network
                                        + " --data task:"
                                        + task
                                        + " --out W/"
                                        + task
                                        + "-"
                                        + network
                                        + arms));
            }
        }
    }

    @Test
    void attentionAloneLearnsSymbolsAndNoNumbers() throws Exception {
        String command =
                "curve --quiet --n 4 --trials 1 --epochs 2 --valid-n 4 --test-n 4"
                        + " --network attention --width 8 --arms none,both --out W/";
        assertDone(run(command + "alone --data task:copy"));
        assertThat(json("alone/curve.json").at("/settings/network/kind").asText())
                .isEqualTo("attention");
        Toy.Result refused = run(command + "none --data task:aba-abb");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.errors())
                .containsExactly(
                        "diagonal curve: attention reads out symbols, and the labels of aba-abb are"
                                + " real: try copy, print or another symbolic task");
        assertThat(work.resolve("none")).doesNotExist();
    }
}
