package org.diagonal.eval.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.diagonal.eval.trial.KeptNetwork;
import org.diagonal.eval.trial.TrialOrder;
import org.diagonal.plugin.network.Network;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks that the trials of curves and sweeps keep. */
@Tag("slow")
final class KeptModelsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String SMALL =
            " --quiet --n 8 --trials 1 --epochs 4 --valid-n 8 --test-n 12";

    private static final String TRANSFORMER =
            " --data task:aba-abb --depth 1 --width 16 --heads 2 --head-width 8 --mlp-width 16"
                    + " --arms none,qk";

    @TempDir Path work;

    private Toy.Result run(String words) {
        return Tiny.run((Object[]) words.replace("W/", work + "/").split(" +"));
    }

    private Toy.Result done(String words) {
        Toy.Result result = run(words);
        assertThat(result.code()).as(result.err()).isZero();
        return result;
    }

    private static JsonNode json(Path file) throws IOException {
        return JSON.readTree(Files.readString(file));
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.startsWith("."))
                    .map(name -> name.replace(".json", ""))
                    .sorted()
                    .toList();
        }
    }

    private Path first(String out) throws IOException {
        Path models = work.resolve(out).resolve("models");
        return models.resolve(names(models).get(0));
    }

    /** All files of the kept networks, as the SHA-256 of their bytes would tell them apart. */
    private Map<String, String> weights(String out) throws IOException {
        Map<String, String> weights = new TreeMap<>();
        Path models = work.resolve(out).resolve("models");
        for (String name : names(models)) {
            byte[] bytes = Files.readAllBytes(models.resolve(name).resolve("model.safetensors"));
            weights.put(name, DigestUtils.sha256Hex(bytes));
        }
        return weights;
    }

    /** The same digits in evaluate's record as in every trial's file. */
    private void assertMeasuredAlike(String out) throws IOException {
        Path folder = work.resolve(out);
        List<String> trials = names(folder.resolve("trials"));
        assertThat(names(folder.resolve("models"))).isEqualTo(trials).isNotEmpty();
        for (String trial : trials) {
            Path model = folder.resolve("models").resolve(trial);
            Path scores = work.resolve(out + "-" + trial + ".json");
            Toy.Result measured = done("evaluate --quiet --model " + model + " --json " + scores);
            JsonNode expected = json(folder.resolve("trials/" + trial + ".json")).path("result");
            JsonNode found = json(scores);
            for (String symbols : List.of("unseen", "seen")) {
                for (String key : List.of("loss", "accuracy", "accuracy_bits", "samples_sha256")) {
                    assertThat(found.at("/" + symbols + "/" + key))
                            .isEqualTo(expected.at("/" + symbols + "/" + key));
                }
            }
            String loss = String.format(Locale.ROOT, "%.4f", expected.path("test_loss").asDouble());
            assertThat(measured.out()).contains(loss, "As recorded   yes");
        }
    }

    @Test
    void aKeptNetworkHasTheDigitsOfItsTrialInProcessesAndShardsToo() throws Exception {
        String curve = "curve" + SMALL + TRANSFORMER + " --keep-models";
        done(curve + " --threads 1 --out W/alone");
        assertMeasuredAlike("alone");
        done(curve + " --threads 1 --shard 1/2 --out W/shards");
        assertThat(names(work.resolve("shards/models"))).hasSize(1);
        done(curve + " --threads 1 --shard 2/2 --out W/shards");
        assertThat(weights("shards")).isEqualTo(weights("alone"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"mlp-xxt", "lstm"})
    void everyNetworkIsKept(String network) throws Exception {
        done(
                "curve"
                        + SMALL
                        + " --data task:copy --keep-models --out W/other --network "
                        + network);
        assertMeasuredAlike("other");
    }

    @Test
    void aGpt2IsKeptWithItsTokenizer() throws Exception {
        done(
                "curve --quiet --n 4 --trials 1 --epochs 2 --valid-n 4 --test-n 6 --network nano"
                        + " --arms both --data task:aba-abb --keep-models --out W/gpt2");
        assertMeasuredAlike("gpt2");
        assertThat(first("gpt2").resolve("tokenizer.json")).exists();
    }

    @Test
    void aKeptNetworkIsAblatedOnTheSamplesOfItsTrial() throws Exception {
        done("curve --out W/ablated --keep-models" + SMALL + TRANSFORMER);
        for (String name : names(work.resolve("ablated").resolve("models"))) {
            Path folder = work.resolve("ablated").resolve("models").resolve(name);
            JsonNode trial = json(folder.resolve("trial.json"));
            if (trial.path("trial").path("arm").asText().equals("none")) {
                assertThat(run("ablate --quiet --model " + folder).err())
                        .contains("has no scalings that could be taken away");
                continue;
            }
            done("ablate --quiet --model " + folder + " --out W/ablation");
            JsonNode ablation = json(work.resolve("ablation").resolve("ablate.json"));
            assertThat(ablation.path("model").path("n_head").asInt()).isEqualTo(2);
            assertThat(ablation.path("trained").path("loss").asDouble())
                    .isEqualTo(trial.findValue("unseen").path("loss").asDouble());
            assertThat(ablation.path("heads")).hasSize(2);
        }
        assertThat(work.resolve("ablation").resolve("report.html")).exists();
    }

    @Test
    void aSweepKeepsTheNetworksOfBothItsPhases() throws Exception {
        Files.writeString(
                work.resolve("s.yaml"),
                "base: {task: aba-abb, n: 8, trials: 1, epochs: 3, valid-n: 4, test-n: 8,"
                        + " network: mlp, width: 8}\n"
                        + "grid: {depth: [2, 3], lr: [1e-3, 3e-3]}\n"
                        + "select: {over: lr, seeds: 2000..2000}\n"
                        + "figure: {x: depth}\n");
        done("sweep W/s.yaml --quiet --keep-models --out W/sweep");
        assertThat(names(work.resolve("sweep/models"))).hasSize(4 + 2);
        assertMeasuredAlike("sweep");
    }

    @Test
    void trialsWithoutTheirNetworksAreTrainedAgainAndStayTheSame() throws Exception {
        String curve = "curve" + SMALL + TRANSFORMER + " --threads 1 --out W/late";
        done(curve);
        List<String> trials = names(work.resolve("late/trials"));
        Path one = work.resolve("late/trials/" + trials.get(0) + ".json");
        String before = Files.readString(one);
        Toy.Result again = done(curve.replace("--quiet", "") + " --keep-models");
        assertThat(again.err())
                .contains(
                        "2 of 2 trials were run without keeping their networks: they are trained"
                                + " again, and must give the same results");
        assertThat(Files.readString(one)).isEqualTo(before);
        assertMeasuredAlike("late");
        assertThat(done(curve.replace("--quiet", "") + " --keep-models").err())
                .doesNotContain("trained again");
    }

    @Test
    void aTrialThatComesOutDifferentlyIsRefusedInOneLine() throws Exception {
        String curve = "curve" + SMALL + TRANSFORMER.replace("none,qk", "qk") + " --out W/other";
        done(curve);
        Path trial =
                work.resolve(
                        "other/trials/" + names(work.resolve("other/trials")).get(0) + ".json");
        String text = Files.readString(trial);
        String loss = json(trial).at("/result/valid_loss").asText();
        Files.writeString(trial, text.replace("\"valid_loss\" : " + loss, "\"valid_loss\" : 7.5"));
        assertThat(Files.readString(trial)).isNotEqualTo(text);
        Toy.Result refused = run(curve + " --keep-models");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.errors())
                .singleElement()
                .asString()
                .contains(trial.toString(), "has valid_loss 7.5", "gave " + loss);
        assertThat(work.resolve("other/models"))
                .satisfiesAnyOf(
                        models -> assertThat(models).doesNotExist(),
                        models -> assertThat(names(models)).isEmpty());
    }

    @Test
    void aKeptNetworkOpensWithItsTrialAndItsMeasurement() throws Exception {
        done("curve" + SMALL + TRANSFORMER.replace("none,qk", "qk") + " --keep-models --out W/api");
        KeptNetwork kept = KeptNetwork.read(first("api"));
        assertThat(kept.trial().hash()).isEqualTo(first("api").getFileName().toString());
        assertThat(kept.trial().task().text()).isPresent();
        assertThat(kept.result().unseen().loss())
                .isEqualTo(
                        json(first("api").resolve("trial.json"))
                                .at("/result/test_loss")
                                .asDouble());
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            Network network = kept.open(manager);
            assertThat(network.scalings()).isNotEmpty();
        }
    }

    /** What runs a trial on a cluster writes its file to stdout. */
    @Test
    @Tag("process")
    void aTrialOnAClusterKeepsItsNetworkInAFolderThatMachinesShare() throws Exception {
        done(
                "curve"
                        + SMALL
                        + TRANSFORMER.replace("none,qk", "qk")
                        + " --keep-models --out W/here");
        KeptNetwork here = KeptNetwork.read(first("here"));
        Path order = Files.writeString(work.resolve("order"), TrialOrder.line(here.trial()) + "\n");
        Path shared = work.resolve("shared");
        assertThat(cluster(order, shared)).isEqualTo(1);
        assertThat(Files.readString(work.resolve("err")))
                .contains("shared: is not on this machine: networks can be kept only in a folder");

        Files.createDirectories(shared.resolve("trials"));
        assertThat(cluster(order, shared)).as(Files.readString(work.resolve("err"))).isZero();
        JsonNode file = json(work.resolve("stdout"));
        assertThat(file.at("/result/test_loss"))
                .isEqualTo(json(first("here").resolve("trial.json")).at("/result/test_loss"));
        Path kept = first("shared").resolve("trial.json");
        assertThat(kept).hasContent(Files.readString(work.resolve("stdout")));
        assertThat(weights("shared")).isEqualTo(weights("here"));

        String once = Files.readString(kept);
        assertThat(cluster(order, shared)).isZero(); // a task that is repeated trains nothing
        assertThat(kept).hasContent(once);
        assertThat(work.resolve("stdout")).hasContent(once);
    }

    private int cluster(Path order, Path shared) throws Exception {
        return new ProcessBuilder(
                        Tiny.line("trials", "--quiet", "--threads", "1", "--keep-in", shared))
                .redirectInput(order.toFile())
                .redirectOutput(work.resolve("stdout").toFile())
                .redirectError(work.resolve("err").toFile())
                .start()
                .waitFor();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "model.safetensors |       | holds no model.safetensors",
                "model.safetensors | short | model.safetensors",
                "config.json       |       | holds no config.json",
                "config.json       | {}    | config.json",
                "config.json       | other | config.json is not of the trial's network",
                "trial.json        |       | holds no trial.json",
                "trial.json        | {}    | trial.json: key version: expected 2, found none",
                "trial.json        | {     | trial.json",
            })
    void aDamagedFolderIsOneLine(String file, String content, String message) throws Exception {
        done("curve" + SMALL + TRANSFORMER.replace("none,qk", "qk") + " --keep-models --out W/d");
        Path damaged = first("d").resolve(file);
        if (content == null) {
            Files.delete(damaged);
        } else if (content.equals("other")) {
            Files.writeString(
                    damaged,
                    Files.readString(damaged).replaceFirst("\"depth\" : 1", "\"depth\" : 2"));
        } else {
            Files.writeString(damaged, content);
        }
        Toy.Result refused = run("evaluate --quiet --model " + first("d"));
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.errors()).singleElement().asString().contains(message);
        assertThat(refused.out()).isEmpty();
    }

    @Test
    void anotherTrialsNetworkIsNotTakenForThisOne() throws Exception {
        String curve = "curve" + SMALL + TRANSFORMER + " --keep-models --out W/swapped";
        done(curve);
        List<String> names = names(work.resolve("swapped/models"));
        Path models = work.resolve("swapped/models");
        for (String file : List.of("trial.json", "config.json", "model.safetensors")) {
            Files.copy(
                    models.resolve(names.get(1)).resolve(file),
                    models.resolve(names.get(0)).resolve(file),
                    StandardCopyOption.REPLACE_EXISTING);
        }
        Toy.Result refused = run(curve);
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.errors())
                .singleElement()
                .asString()
                .contains(names.get(0), "is the network of another trial: expected arm");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--alphabets 8,8,8 | 2 | --alphabets is the trial's own",
                "--precision bf16 | 2 | --precision is the trial's own",
                "--runtime onnx | 2 | --runtime onnx is not for the network of a trial",
                "--stride 4 | 2 | --stride is for texts",
                "--test-samples 20 | 0 | ",
            })
    void optionsThatATrialHasDecidedAreRefused(String words, int code, String message)
            throws Exception {
        done("curve" + SMALL + TRANSFORMER.replace("none,qk", "qk") + " --keep-models --out W/o");
        Toy.Result result = run("evaluate --quiet --model " + first("o") + " " + words);
        assertThat(result.code()).as(result.err()).isEqualTo(code);
        if (code != 0) {
            assertThat(result.errors().get(0)).startsWith("diagonal evaluate: " + message);
        } else {
            assertThat(result.out()).contains("20").doesNotContain("As recorded");
        }
    }
}
