package org.diagonal.eval.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.diagonal.plugin.checkpoint.Checkpoint;
import org.diagonal.plugin.checkpoint.TensorType;
import org.diagonal.plugin.gpt2.Gpt2;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.gpt2.ModelFolder;
import org.diagonal.plugin.identity.IdentityScalings;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code diagonal export}, and what is measured of it with ONNX Runtime. */
@Tag("slow")
final class ExportTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir static Path work;

    @BeforeAll
    static void models() throws IOException {
        Tiny.model(work.resolve("plain"), 32, 3);
        scaled(work.resolve("scaled"), 0.3f);
        scaled(work.resolve("zero"), 0);
        scaled(work.resolve("loud"), 2);
        Tiny.text(work.resolve("text.txt"), 30, 1);
        Toy.Result exported = run("export --quiet --model W/scaled --out W/exported");
        assertDone(exported);
        assertThat(exported.out())
                .contains("2 rows of 7, one padded by 3, in 4 steps", "tolerance")
                .contains("exported/onnx/model.onnx", "Scalings  both");
        assertThat(exported.out().lines())
                .filteredOn(line -> !line.startsWith("File "))
                .allSatisfy(line -> assertThat(line).hasSizeLessThan(81));
    }

    private static void scaled(Path folder, float deviation) throws IOException {
        Gpt2Config config =
                Gpt2Config.fresh(256, 32, 16, 2, 2).withScalings(new IdentityScalings(1, 1, true));
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            Engine.getEngine("PyTorch").setRandomSeed(3);
            Gpt2 network = new Gpt2(config);
            network.initialize(manager);
            for (String name : network.scalings()) {
                var array = network.parameters().get(name).getArray();
                array.set(manager.randomNormal(array.getShape()).mul(deviation).toFloatArray());
            }
            ModelFolder.save(network, folder, TensorType.F32);
        }
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

    @ParameterizedTest
    @ValueSource(strings = {"hf-strided --stride 8", "run-clm --block-size 16", "lm-eval"})
    void everyProtocolSaysTheSameWithOnnxRuntime(String protocol) throws IOException {
        String more = " --quiet --data W/text.txt --protocol " + protocol + " --json W/";
        assertDone(run("evaluate --model W/scaled" + more + "djl.json"));
        assertDone(run("evaluate --model W/exported --runtime onnx" + more + "onnx.json"));
        JsonNode djl = json("djl.json");
        JsonNode onnx = json("onnx.json");
        assertThat(djl.size()).isGreaterThan(10);
        djl.properties()
                .forEach(
                        entry -> {
                            JsonNode other = onnx.path(entry.getKey());
                            if (entry.getValue().isDouble() && !entry.getKey().equals("seconds")) {
                                double value = entry.getValue().asDouble();
                                assertThat(other.asDouble())
                                        .as(entry.getKey())
                                        .isCloseTo(value, within(1e-4 * Math.abs(value)));
                            } else if (entry.getValue().isIntegralNumber()) {
                                assertThat(other).as(entry.getKey()).isEqualTo(entry.getValue());
                            }
                        });
        assertThat(onnx.path("perplexity").asDouble())
                .isCloseTo(
                        djl.path("perplexity").asDouble(),
                        within(1e-4 * djl.path("perplexity").asDouble()));
    }

    @ParameterizedTest
    @CsvSource({"aba-abb", "copy"})
    void tasksAreAnsweredTheSameAndKeepTheirAlphabets(String task) throws IOException {
        String letters = " --quiet --symbols names --alphabets 12,8,8";
        assertDone(
                run(
                        "fine-tune --model W/plain --scalings both --scalings-lr 1e-2 --data task:"
                                + task
                                + " --out W/"
                                + task
                                + letters
                                + " --samples 40 --valid-samples 8 --max-steps 10 --lr 1e-3"));
        assertDone(run("export --quiet --model W/%s --out W/%s-onnx".formatted(task, task)));
        String measuring = letters + " --test-samples 50 --data task:" + task + " --json W/" + task;
        assertDone(run("evaluate --model W/" + task + measuring + ".djl.json"));
        assertDone(
                run(
                        "evaluate --runtime onnx --model W/"
                                + task
                                + "-onnx"
                                + measuring
                                + ".onnx.json"));
        for (String symbols : new String[] {"seen", "unseen"}) {
            JsonNode djl = json(task + ".djl.json").path(symbols);
            JsonNode onnx = json(task + ".onnx.json").path(symbols);
            assertThat(onnx.path("accuracy_bits")).isEqualTo(djl.path("accuracy_bits"));
            double loss = djl.path("loss").asDouble();
            assertThat(onnx.path("loss").asDouble()).isCloseTo(loss, within(1e-4 * loss));
        }
        Toy.Result other =
                run(
                        "evaluate --quiet --runtime onnx --symbols names --alphabets 13,8,8 --model W/"
                                + task
                                + "-onnx --data task:"
                                + task);
        assertThat(other.errors())
                .singleElement()
                .asString()
                .contains("seen symbols would count as unseen");
    }

    @Test
    void aFolderForTransformersIsPlainWhereTheScalingsAreZero() throws IOException {
        Toy.Result plain = run("export --quiet --format hf --model W/zero --out W/hf-zero");
        assertDone(plain);
        assertThat(plain.out()).contains("none: plain GPT-2").doesNotContain("ignore");
        assertThat(Checkpoint.open(work.resolve("hf-zero")).names())
                .hasSize(2 + 2 * 12 + 2)
                .noneMatch(name -> name.contains("id_scalings"));
        assertThat(json("hf-zero/config.json").has("wkwq_id_mult")).isFalse();
        assertThat(json("hf-zero/generation_config.json").path("eos_token_id").asInt())
                .isEqualTo(255);

        Toy.Result scaled =
                run("export --quiet --format hf --dtype fp16 --model W/scaled --out W/hf-scaled");
        assertDone(scaled);
        assertThat(scaled.out()).contains("ignore wkwq_id_mult", "they compute plain GPT-2");
        assertThat(scaled.out().lines())
                .filteredOn(line -> !line.startsWith("Folder "))
                .allSatisfy(line -> assertThat(line).hasSizeLessThan(81));
        assertDone(run("evaluate --quiet --model W/hf-scaled --data W/text.txt"));
    }

    @Test
    void anAdaptersScalingsAreExported() throws IOException {
        assertDone(
                run(
                        "fine-tune --quiet --model W/plain --data W/text.txt --scalings both --train"
                                + " scalings --scalings-lr 1e-1 --max-steps 4 --out W/few"));
        assertDone(
                run("export --quiet --model W/plain --adapter W/few --out W/few-onnx --opset 20"));
        assertThat(json("few-onnx/config.json").path("identity_scalings").path("n_layer").asInt())
                .isEqualTo(2);
        String more = " --quiet --data W/text.txt --json W/";
        assertDone(run("evaluate --model W/plain --adapter W/few" + more + "few.json"));
        assertDone(run("evaluate --runtime onnx --model W/few-onnx" + more + "few-onnx.json"));
        double expected = json("few.json").path("perplexity").asDouble();
        assertThat(json("few-onnx.json").path("perplexity").asDouble())
                .isCloseTo(expected, within(1e-4 * expected));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "export --model W/scaled --out W/plain | W/plain: is not empty and not overwritten",
                "export --model W/scaled --out W/text.txt | W/text.txt: already exists and is"
                        + " not overwritten",
                "export --model W/nothing --out W/new | W/nothing: no such path",
                "export --model W/exported --out W/new | W/exported: is an exported folder, whose"
                        + " weights only ONNX Runtime runs",
                "export --model W/scaled --out W/text.txt/new | W/text.txt/new: cannot be written:",
                "export --model W/real --out W/new --cache-layout layers | a model that reads out a"
                        + " real number has no cache",
                "evaluate --model W/exported --data W/text.txt | W/exported: is an exported folder,"
                        + " whose weights only ONNX Runtime runs (--runtime)",
                "evaluate --model W/plain --runtime onnx --data W/text.txt | W/plain: is not an exported"
                        + " folder: it holds no onnx/model.onnx",
                "evaluate --model W/cut --runtime onnx --data W/text.txt | W/cut/onnx/model.onnx:"
                        + " is damaged, or no ONNX model",
                "evaluate --model W/away --runtime onnx --data W/text.txt |"
                        + " W/away/onnx/model.onnx_data: is missing",
            })
    void whatCannotBeDoneIsSaidInOneLineAndLeavesNothing(String words, String message)
            throws IOException {
        if (words.contains("W/cut")) {
            copied("cut");
            Path file = work.resolve("cut/onnx/model.onnx");
            byte[] bytes = Files.readAllBytes(file);
            Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length / 2));
        }
        if (words.contains("W/away")) {
            assertDone(run("export --quiet --model W/scaled --out W/away --external-data always"));
            Files.delete(work.resolve("away/onnx/model.onnx_data"));
        }
        if (words.contains("W/real")) {
            Tiny.model(
                    work.resolve("real"), Gpt2Config.fresh(256, 32, 16, 2, 2).withRegression(), 1);
        }
        Map<String, String> before = tree();
        Toy.Result result = run(words.replaceFirst(" ", " --quiet "));
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.errors())
                .singleElement()
                .asString()
                .startsWith("diagonal " + words.substring(0, words.indexOf(' ')) + ": ")
                .contains(message.replace("W/", work + "/"));
        assertThat(tree()).isEqualTo(before);
    }

    private static void copied(String name) throws IOException {
        for (String file : new String[] {"config.json", "tokenizer.json", "onnx/model.onnx"}) {
            Path to = work.resolve(name).resolve(file);
            Files.createDirectories(to.getParent());
            Files.copy(work.resolve("exported").resolve(file), to);
        }
    }

    private static Map<String, String> tree() throws IOException {
        try (Stream<Path> files = Files.walk(work)) {
            Map<String, String> tree = new TreeMap<>();
            for (Path file : files.toList()) {
                tree.put(file.toString(), Files.getLastModifiedTime(file).toString());
            }
            return tree;
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--model m --out o --opset 16 | --opset: '16' is not one of: 17, 18, 19, 20, 21",
                "--model m --out o --atol 0 | --atol: must be more than 0, not 0",
                "--model m | missing --out DIR",
                "--model m --out o --dtype q8,q8 | --dtype names a form twice",
                "--model m --out o --dtype q5 | --dtype: 'q5' is not one of: fp32, fp16, q8, q4",
                "--model m --out o --format hf --dtype q8 | --format hf takes one --dtype, fp32 or"
                        + " fp16",
                "--model m --out o --max-perplexity-increase 1 | --max-perplexity-increase needs a"
                        + " text to measure on: --data",
                "--model m --out o --demo-script s.js | --demo-script is for the page of --demo",
                "--model m --out o --format hf --opset 17 | --opset is for --format onnx, not for"
                        + " hf",
                "--model m --out o --format hf --attentions | --attentions is for --format onnx, not"
                        + " for hf",
            })
    void wrongUsageIsRefused(String words, String message) {
        Toy.Result result = run("export " + words);
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.errors())
                .containsExactly("diagonal export: " + message, "See diagonal export --help.");
    }

    @Tag("process")
    @Test
    void everyFormIsMeasuredGeneratedFromAndDescribed() throws IOException {
        Toy.Result exported =
                run(
                        "export --quiet --model W/scaled --out W/forms --dtype fp32,fp16,q8,q4 --demo"
                                + " --data W/text.txt --max-perplexity-increase 50%");
        assertDone(exported);
        assertThat(exported.out())
                .contains(
                        "same most likely token",
                        "model_quantized.onnx",
                        "model_q4.onnx",
                        "in DJL");
        assertThat(exported.out().lines())
                .filteredOn(line -> !line.startsWith("File ") && !line.contains(" on "))
                .allSatisfy(line -> assertThat(line).hasSizeLessThan(81));
        assertThat(json("forms/tokenizer_config.json").path("model_max_length").asInt())
                .isEqualTo(32);
        assertThat(work.resolve("forms/demo.html")).content().contains("transformers.min.js");
        double exact = perplexity("fp32");
        assertThat(perplexity("fp16")).isCloseTo(exact, within(1e-3 * exact));
        assertThat(perplexity("q8")).isNotEqualTo(exact).isCloseTo(exact, within(0.01 * exact));
        assertThat(perplexity("q4")).isNotEqualTo(exact).isCloseTo(exact, within(0.1 * exact));
        Toy.Result generated =
                run(
                        "generate --quiet --model W/forms --dtype q4 --ids --prompt 1 --max-new-tokens 3");
        assertDone(generated);
        assertThat(generated.out()).matches("1 \\d+ \\d+ \\d+\\R");
        assertThat(run("generate --quiet --model W/exported --dtype q4 --prompt a").errors())
                .singleElement()
                .asString()
                .endsWith("exported: holds no onnx/model_q4.onnx: it has fp32");
    }

    private static double perplexity(String dtype) throws IOException {
        assertDone(
                run(
                        "evaluate --quiet --runtime onnx --model W/forms --data W/text.txt --dtype "
                                + dtype
                                + " --json W/"
                                + dtype
                                + ".json"));
        assertThat(json(dtype + ".json").path("model").asText()).endsWith("(" + dtype + ")");
        return json(dtype + ".json").path("perplexity").asDouble();
    }

    @Test
    void aFormThatIsTooFarOffIsRefusedAndLeavesNothing() throws IOException {
        Set<String> before = tree().keySet();
        Toy.Result result =
                run(
                        "export --quiet --model W/loud --out W/refused --dtype fp32,q4 --data"
                                + " W/text.txt --max-perplexity-increase 0");
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.errors())
                .singleElement()
                .asString()
                .contains("q4 raises the perplexity", "allowed; nothing was kept");
        assertThat(tree().keySet()).isEqualTo(before);
    }

    @Test
    void aFullDiskLeavesNothing() throws Exception {
        Path out = work.resolve("full");
        File said = work.resolve("full.txt").toFile();
        Object[] words = {"export", "--quiet", "--model", work.resolve("scaled"), "--out", out};
        Process process = Tiny.start(Tiny.limited(8, Tiny.line(words)), said);
        assertThat(process.waitFor()).isEqualTo(1);
        assertThat(Files.readAllLines(said.toPath()))
                .filteredOn(line -> line.startsWith("diagonal"))
                .containsExactly(
                        "diagonal export: %s: could not be written: File too large".formatted(out));
        assertThat(work)
                .isDirectoryNotContaining("glob:**full")
                .isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void helpSaysWhyNothingIsMerged() {
        assertThat(run("export --help").out()).contains("no merge", "rank D");
    }

    @Test
    void theBenchmarkDecodesAndEvaluatesEveryArm() throws IOException {
        Toy.Result result =
                run("bench --quiet --runtime onnx --model W/plain --steps 1 --json W/bench.json");
        assertDone(result);
        assertThat(result.out().lines())
                .filteredOn(line -> line.matches("(none|both) +(fp32|fp16|q8|q4)( +[0-9.]+){8}"))
                .hasSize(8);
        assertThat(result.out().lines())
                .filteredOn(line -> !line.startsWith("Model "))
                .allSatisfy(line -> assertThat(line).hasSizeLessThan(85));
        int past = json("bench.json").path("past").asInt();
        assertThat(json("bench.json").path("prompt").asInt()).isGreaterThan(past);
        JsonNode rows = json("bench.json").path("configurations");
        assertThat(rows.findValuesAsText("dtype"))
                .containsExactly("fp32", "fp16", "q8", "q4", "fp32", "fp16", "q8", "q4");
        for (String key : List.of("token_ratio", "prompt_tokens_per_second", "file_bytes")) {
            assertThat(rows.findValues(key)).hasSize(8).allMatch(node -> node.asDouble() > 0);
        }
        for (String key : List.of("window_ratio", "runtime_ratio", "after_prompt_ratio")) {
            assertThat(rows.get(4).path(key).asDouble()).isPositive();
        }
        for (String token : List.of("token", "after_prompt")) {
            assertThat(rows.get(7).path(token + "_ratio").asDouble())
                    .isEqualTo(
                            rows.get(7).path(token + "_seconds").asDouble()
                                    / rows.get(3).path(token + "_seconds").asDouble());
        }
        Toy.Result wrong = run("bench --runtime onnx --block-size 8");
        assertThat(wrong.errors().get(0))
                .isEqualTo("diagonal bench: --block-size is for --runtime djl, not for onnx");
    }
}
