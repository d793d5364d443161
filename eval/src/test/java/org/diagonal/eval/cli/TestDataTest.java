package org.diagonal.eval.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks that are measured on another task than they learned. */
@Tag("slow")
final class TestDataTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String BRIEF =
            " --quiet --n 8 --trials 1 --epochs 4 --valid-n 8 --test-n 12 --threads 1";

    private static final String TRANSFORMER =
            " --depth 1 --width 16 --heads 2 --head-width 8 --mlp-width 16 --arms none,qk";

    private static final String TUNED =
            " --quiet --symbols names --alphabets 12,8,8 --samples 20 --valid-samples 8"
                    + " --max-steps 3 --test-samples 30";

    @TempDir Path work;

    @BeforeEach
    void tasks() throws IOException {
        task("distract", "αγβδα, label: 1", "αγβδβ, label: -1");
        task("other", "ααβ, label: 1", "αββ, label: -1");
        task("far", "αβα, label: 1", "αββ, label: 3");
        task("token", "αSα, label: 1", "αSβ, label: -1");
    }

    private void task(String name, String... templates) throws IOException {
        List<String> wildcards = new ArrayList<>();
        for (String letter : List.of("α", "β", "γ", "δ")) {
            if (String.join("", templates).contains(letter)) {
                wildcards.add(letter);
            }
        }
        StringBuilder text =
                new StringBuilder(
                        """
                        format: 1
                        name: %s
                        about: Is the last symbol the first?
                        labels: real
                        tokens: characters
                        wildcards: [%s]
                        templates:
                        """
                                .formatted(name, String.join(", ", wildcards)));
        for (String template : templates) {
            text.append("  - {template: ").append(template).append("}\n");
        }
        Files.writeString(work.resolve(name + ".yaml"), text);
    }

    private Toy.Result run(String words) {
        return Tiny.run((Object[]) words.replace("W/", work + "/").split(" +"));
    }

    private Toy.Result done(String words) {
        Toy.Result result = run(words);
        assertThat(result.code()).as(result.err()).isZero();
        return result;
    }

    private JsonNode json(String file) throws IOException {
        return JSON.readTree(Files.readString(work.resolve(file)));
    }

    private List<String> trials(String out) throws IOException {
        try (Stream<Path> files = Files.list(work.resolve(out).resolve("trials"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".json"))
                    .sorted()
                    .toList();
        }
    }

    /** What of the trials' results does not depend on time or on names of tasks. */
    private List<String> results(String out) throws IOException {
        List<String> results = new ArrayList<>();
        for (String trial : trials(out)) {
            ObjectNode result = (ObjectNode) json(out + "/trials/" + trial).path("result");
            result.remove("seconds");
            results.add(result.toString());
        }
        return results.stream().sorted().toList();
    }

    @Test
    void theSameTaskAsTestDataGivesTheSameDigitsUnderAnotherName() throws Exception {
        String curve = "curve --data task:aba-abb" + BRIEF + TRANSFORMER;
        done(curve + " --out W/plain");
        done(curve + " --test-data task:aba-abb --out W/same");
        assertThat(results("same")).isEqualTo(results("plain"));
        assertThat(trials("same")).doesNotContainAnyElementsOf(trials("plain"));
    }

    @Test
    void aTaskOfTheSameLengthMeasuresATransformerAndThePageNamesBoth() throws Exception {
        String curve = "curve --data task:aba-abb" + BRIEF + TRANSFORMER;
        Toy.Result drawn = done(curve + " --test-data task:W/other.yaml --keep-models --out W/m");
        assertThat(drawn.out()).contains("aba-abb, tested on").contains("other.yaml");
        JsonNode settings = json("m/curve.json").path("settings");
        assertThat(settings.at("/task/name").asText()).isEqualTo("aba-abb");
        assertThat(settings.at("/test_task/name").asText()).endsWith("other.yaml");
        for (String trial : trials("m")) {
            JsonNode file = json("m/trials/" + trial);
            assertThat(file.path("test_task_text").asText()).contains("other");
            assertThat(file.at("/result/unseen/task_sha256"))
                    .isEqualTo(settings.at("/test_task/sha256"));
            String model = "W/m/models/" + trial.replace(".json", "");
            done("evaluate --quiet --threads 1 --model " + model + " --json W/own.json");
            done(
                    "evaluate --quiet --threads 1 --data task:W/other.yaml --json W/other.json"
                            + " --model "
                            + model);
            done(
                    "evaluate --quiet --threads 1 --test-data task:aba-abb --json W/learned.json"
                            + " --model "
                            + model);
            for (String key : List.of("loss", "accuracy_bits", "samples_sha256")) {
                JsonNode digits = file.at("/result/unseen/" + key);
                assertThat(json("own.json").at("/unseen/" + key)).isEqualTo(digits);
                assertThat(json("other.json").at("/unseen/" + key)).isEqualTo(digits);
            }
            assertThat(json("learned.json").at("/unseen/samples_sha256"))
                    .isNotEqualTo(file.at("/result/unseen/samples_sha256"));
        }
    }

    /** Workers get the texts of both tasks, not their paths. */
    @Test
    @Tag("process")
    void processesOfJobsTrainTheSameTrialsAndKeepTheSameNetworks() throws Exception {
        String curve =
                "curve --data task:aba-abb --keep-models"
                        + BRIEF.replace("--threads 1", "")
                        + TRANSFORMER
                        + " --test-data task:W/other.yaml --out W/";
        done(curve + "alone --threads 1");
        Process jobs =
                Tiny.start(
                        Tiny.line(
                                (Object[])
                                        (curve + "jobs --threads 2 --jobs 2")
                                                .replace("W/", work + "/")
                                                .split(" +")),
                        work.resolve("log").toFile());
        assertThat(jobs.waitFor()).as(Files.readString(work.resolve("log"))).isZero();
        assertThat(results("jobs")).isEqualTo(results("alone")).hasSize(2);
        for (String trial : trials("jobs")) {
            String weights = "models/" + trial.replace(".json", "") + "/model.safetensors";
            assertThat(work.resolve("jobs").resolve(weights))
                    .hasSameBinaryContentAs(work.resolve("alone").resolve(weights));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rnn", "lstm", "nano"})
    void networksWithoutAWeightForEveryPositionReadOtherLengths(String network) throws Exception {
        done(
                "curve --data task:aba-abb --test-data task:W/distract.yaml --out W/long --arms none"
                        + " --keep-models --network "
                        + network
                        + BRIEF.replace("--epochs 4", "--epochs 2"));
        JsonNode result = json("long/trials/" + trials("long").get(0)).path("result");
        assertThat(result.at("/unseen/samples").asInt()).isEqualTo(12);
        String model = trials("long").get(0).replace(".json", "");
        done("evaluate --quiet --threads 1 --json W/l.json --model W/long/models/" + model);
        assertThat(json("l.json").at("/unseen/loss")).isEqualTo(result.path("test_loss"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--test-data task:W/distract.yaml | template-transformer has a weight for every"
                        + " position: trained on aba-abb it reads strings of 3 tokens, and those of"
                        + " distract have 5; attention, rnn, lstm and a GPT-2 read other lengths",
                "--test-data task:copy | copy has symbolic labels, and aba-abb, the training task,"
                        + " has real ones",
                "--test-data task:W/far.yaml | far has the label 3, which is not a label of"
                        + " aba-abb, the training task: -1, 1",
                "--test-data task:W/token.yaml | token has the token \"S\", which aba-abb, the"
                        + " training task, does not have",
                "--test-data task:abaabb | ",
            })
    void whatDoesNotFitIsOneLineBeforeAnythingIsTrained(String words, String message) {
        Toy.Result refused =
                run("curve --data task:aba-abb --out W/none " + words + BRIEF + TRANSFORMER);
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.errors()).hasSize(1);
        if (message != null) {
            assertThat(refused.errors()).containsExactly("diagonal curve: " + message);
        }
        assertThat(work.resolve("none")).doesNotExist();
    }

    @Test
    void aSweepTakesTestDataAsASetting() throws Exception {
        Files.writeString(
                work.resolve("s.yaml"),
                "base: {task: aba-abb, n: 8, trials: 1, epochs: 3, valid-n: 4, test-n: 8,"
                        + " network: rnn, width: 8, train-alphabet: 6}\n"
                        + "grid: {test-data: [aba-abb, '"
                        + work.resolve("distract.yaml")
                        + "'], lr: [1e-3, 3e-3]}\n");
        done("sweep W/s.yaml --quiet --out W/sweep");
        assertThat(trials("sweep")).hasSize(4);
        for (String trial : trials("sweep")) {
            assertThat(json("sweep/trials/" + trial).at("/trial/test_task/name").asText())
                    .isNotEmpty();
        }
    }

    @Test
    void comparisonsOnTheSameTaskAgreeAndNameBothTasks() throws Exception {
        Tiny.model(work.resolve("model"), 32, 3);
        String compare = "compare --model W/model --data task:aba-abb --arms none,qk" + TUNED;
        done(compare + " --out W/plain");
        done(compare + " --test-data task:aba-abb --out W/same");
        ObjectNode plain = (ObjectNode) json("plain/compare.json");
        ObjectNode same = (ObjectNode) json("same/compare.json");
        assertThat(same.path("trained_task").asText()).isEqualTo("task:aba-abb");
        assertThat(same.path("trained_task_sha256")).isEqualTo(plain.path("task_sha256"));
        for (String key : List.of("accuracy_unseen", "loss_unseen", "accuracy_seen")) {
            assertThat(same.path("arms").findValuesAsText(key))
                    .isEqualTo(plain.path("arms").findValuesAsText(key));
        }
        Toy.Result longer = done(compare + " --test-data task:W/distract.yaml --out W/longer");
        assertThat(longer.out().replaceAll("\\s+", " ")).contains("task:aba-abb, tested on task:");
        assertThat(json("longer/compare.json").path("task").asText()).endsWith("distract.yaml");

        String evaluate = "evaluate --model W/longer/qk-seed42 --quiet --symbols names";
        String drawn = " --alphabets 12,8,8 --test-samples 30 --data task:aba-abb --json W/";
        done(evaluate + drawn + "e.json --test-data task:W/distract.yaml");
        assertThat(json("e.json").at("/unseen/accuracy").asText())
                .isEqualTo(json("longer/compare.json").at("/arms/1/accuracy_unseen").asText());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--data task:aba-abb --test-data W/t.txt | 2 | --test-data: --data is a template"
                        + " task (task:NAME), so this must be one, too, not 'W/t.txt'",
                "--data W/t.txt --test-data task:copy | 2 | --test-data: --data is a text, so this"
                        + " must be one, too, not 'task:copy'",
                "--data task:aba-abb --test-data task:copy | 1 | copy has symbolic labels, and"
                        + " aba-abb, the training task, has real ones",
            })
    void whatDoesNotFitAComparisonIsOneLine(String words, int code, String message)
            throws Exception {
        Tiny.model(work.resolve("model"), 32, 3);
        Tiny.text(work.resolve("t.txt"), 20, 1);
        Toy.Result refused = run("compare --quiet --model W/model --out W/none " + words);
        assertThat(refused.code()).isEqualTo(code);
        assertThat(refused.errors().get(0))
                .isEqualTo("diagonal compare: " + message.replace("W/", work + "/"));
        assertThat(work.resolve("none")).doesNotExist();
    }
}
