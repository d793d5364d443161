package org.diagonal.eval.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.diagonal.plugin.files.LockFile;
import org.diagonal.plugin.tokenizer.ModelTokenizer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The main job on a tiny model: two arms under the same conditions, and two folders. */
final class CompareTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir static Path work;

    private static Path model;
    private static Path text;
    private static Path test;
    private static Path whole;

    @BeforeAll
    static void compareOnce() throws Exception {
        model = Tiny.model(work.resolve("model"), 16, 3);
        text = Tiny.text(work.resolve("text.txt"), 20, 1);
        test = Tiny.text(work.resolve("test.txt"), 20, 2);
        whole = work.resolve("whole");
        assertThat(compare(whole).code()).isZero();
    }

    private static Toy.Result compare(Path out, Object... more) {
        List<Object> words =
                new ArrayList<>(
                        List.of(
                                "compare",
                                "--model",
                                model,
                                "--data",
                                text,
                                "--test-data",
                                test,
                                "--out",
                                out,
                                "--max-steps",
                                4,
                                "--batch-size",
                                4,
                                "--lr",
                                1e-2,
                                "--save-every",
                                2,
                                "--threads",
                                1));
        words.addAll(List.of("--seeds", 2));
        for (int i = 0; i < more.length; i += 2) {
            int given = words.indexOf(more[i]);
            if (given > 0) {
                words.set(given + 1, more[i + 1]);
            } else {
                words.addAll(Arrays.asList(more[i], more[i + 1]));
            }
        }
        return Tiny.run(words.toArray());
    }

    private static JsonNode json(Path file) throws IOException {
        return JSON.readTree(Files.readString(file));
    }

    private static double firstLoss(String run) throws IOException {
        String row = Files.readAllLines(whole.resolve(run).resolve("metrics.csv")).get(1);
        if (row.startsWith("0,")) { // before the first step, where there is validation
            row = Files.readAllLines(whole.resolve(run).resolve("metrics.csv")).get(2);
        }
        return Double.parseDouble(row.split(",", -1)[4]);
    }

    @Test
    void armsShareWeightsBatchesAndSeeds() throws Exception {
        double first = firstLoss("none-seed42");
        assertThat(firstLoss("both-seed42")).isCloseTo(first, within(1e-5));
        double second = firstLoss("none-seed43");
        assertThat(firstLoss("both-seed43")).isCloseTo(second, within(1e-5));
        assertThat(second).isNotCloseTo(first, within(1e-5));
        for (String key : List.of("model_sha256", "data_sha256", "lr", "batch_size", "seed")) {
            assertThat(json(whole.resolve("both-seed43/run.json")).path("settings").path(key))
                    .isEqualTo(
                            json(whole.resolve("none-seed43/run.json")).path("settings").path(key));
        }
    }

    @Tag("slow")
    @Test
    void anOptionThatOneArmUsesIsNotSaidToHaveNoEffectAndOneThatNoneUsesOnce() {
        Toy.Result used =
                compare(
                        work.resolve("used"),
                        "--arms",
                        "none,ov,qk",
                        "--qk-multiplier",
                        2,
                        "--scalings-lr",
                        1e-2);
        assertThat(used.code()).isZero();
        assertThat(used.err()).doesNotContain("no effect");
        Toy.Result unused =
                compare(work.resolve("unused"), "--arms", "none,ov", "--qk-multiplier", 2);
        assertThat(unused.code()).isZero();
        assertThat(unused.err().lines().filter(line -> line.contains("no effect")))
                .containsExactly(
                        "the multiplier of QK has no effect: no QK scalings were asked for (--qk-multiplier)");
    }

    @Test
    void theResultHoldsArmsRatioIntervalAndSeeds() throws Exception {
        JsonNode result = json(whole.resolve("compare.json"));
        assertThat(result.path("seeds").intValue()).isEqualTo(2);
        assertThat(result.path("arms")).hasSize(2);
        double[] perplexity = new double[2];
        for (int i = 0; i < 2; i++) {
            JsonNode arm = result.path("arms").get(i);
            String name = List.of("none", "both").get(i);
            assertThat(arm.path("name").asText()).isEqualTo(name);
            assertThat(arm.path("scalings").asText()).isEqualTo(name);
            assertThat(arm.path("targets").longValue()).isGreaterThan(100);
            perplexity[i] = arm.path("perplexity").doubleValue();
            assertThat(perplexity[i])
                    .isCloseTo(
                            Math.exp(
                                    arm.path("nats").doubleValue()
                                            / arm.path("targets").longValue()),
                            within(1e-9));
        }
        long plain = result.path("arms").get(0).path("trainable_parameters").longValue();
        assertThat(plain).isEqualTo(parameters());
        assertThat(result.path("arms").get(1).path("trainable_parameters").longValue())
                .isEqualTo(plain + 2 * 2 * 2); // layers, heads, circuits
        double ratio = result.path("ratio").doubleValue();
        assertThat(ratio).isCloseTo(perplexity[1] / perplexity[0], within(1e-9));
        assertThat(ratio)
                .isBetween(
                        result.path("ratio_ci95").get(0).doubleValue(),
                        result.path("ratio_ci95").get(1).doubleValue());
    }

    @Test
    void theModelUntouchedComesFirstAndEveryArmIsComparedWithIt() throws Exception {
        JsonNode result = json(whole.resolve("compare.json"));
        Path alone = work.resolve("alone.json");
        assertThat(Tiny.run("evaluate", "--model", model, "--data", test, "--json", alone).code())
                .isZero();
        assertThat(result.path("before").path("perplexity").doubleValue())
                .isEqualTo(json(alone).path("perplexity").doubleValue());
        for (JsonNode arm : result.path("arms")) {
            assertThat(arm.path("against_before").path("ratio").doubleValue())
                    .isCloseTo(
                            arm.path("perplexity").doubleValue()
                                    / result.path("before").path("perplexity").doubleValue(),
                            within(1e-9));
        }
        JsonNode second = result.path("arms").path(1);
        assertThat(second.path("per_seed")).hasSize(2);
        assertThat(second.path("per_seed").path(1).path("seed").intValue()).isEqualTo(43);
        for (String key : List.of("ratio", "ratio_ci95")) {
            assertThat(second.path(key)).isEqualTo(result.path(key));
        }
        double seeds = second.path("ratio_ci95").path(1).doubleValue();
        assertThat(second.path("ratio_ci95_texts").path(1).doubleValue()).isLessThan(seeds);
    }

    private static long parameters() {
        long width = 16;
        long layer = 12 * width * width + 13 * width;
        return 256 * width + 16 * width + 2 * layer + 2 * width;
    }

    @Test
    void aModelAgainstItselfGivesExactlyOne() throws Exception {
        Path out = work.resolve("self");
        Toy.Result result = Tiny.run("compare", model, model, "--data", test, "--out", out);
        assertThat(result.code()).isZero();
        JsonNode compared = json(out.resolve("compare.json"));
        assertThat(compared.path("ratio").doubleValue()).isEqualTo(1);
        assertThat(compared.path("ratio_ci95").get(0).doubleValue()).isEqualTo(1);
        assertThat(compared.path("ratio_ci95").get(1).doubleValue()).isEqualTo(1);
        assertThat(result.out()).contains("No significant difference");

        Toy.Result other =
                Tiny.run(
                        "compare",
                        model,
                        whole.resolve("both-seed42"),
                        "--data",
                        test,
                        "--out",
                        out);
        assertThat(other.code()).isEqualTo(1);
        assertThat(other.err()).contains(out + " holds a comparison with arms ");
    }

    @Test
    void theRunsOfAComparisonGiveItsFiguresAgain() throws Exception {
        Path file = work.resolve("pair.json");
        Toy.Result result =
                Tiny.run(
                        "compare",
                        whole.resolve("none-seed42"),
                        whole.resolve("both-seed42"),
                        "--data",
                        test,
                        "--json",
                        file);
        assertThat(result.code()).isZero();
        assertThat(json(file).path("ratio").doubleValue())
                .isEqualTo(
                        json(whole.resolve("compare.json"))
                                .path("arms")
                                .path(1)
                                .path("per_seed")
                                .path(0)
                                .path("ratio")
                                .doubleValue());
    }

    @Test
    void anInterruptedComparisonGoesOnToTheSameFigures() throws Exception {
        Path out = work.resolve("interrupted");
        for (String run : List.of("none-seed42", "both-seed42")) {
            copy(whole.resolve(run), out.resolve(run));
        }
        for (String file : List.of("result.json", "test.json", "config.json")) {
            Files.delete(out.resolve("both-seed42").resolve(file));
        }
        Toy.Result result = compare(out);
        assertThat(result.code()).isZero();
        assertThat(result.err()).contains("none-seed42 is finished already");
        Map<String, String> expected = Tiny.bytes(whole);
        Map<String, String> found = Tiny.bytes(out);
        assertThat(found.keySet()).isEqualTo(expected.keySet());
        expected.forEach(
                (name, content) -> {
                    if (name.endsWith(".safetensors") || name.endsWith(".csv")) {
                        assertThat(found.get(name)).as(name).isEqualTo(content);
                    }
                });
        for (String key : List.of("ratio", "ratio_ci95", "seeds", "before")) {
            assertThat(json(out.resolve("compare.json")).path(key))
                    .isEqualTo(json(whole.resolve("compare.json")).path(key));
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to.getParent());
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    @Test
    void aFinishedComparisonIsPrintedAgain() throws Exception {
        Map<String, String> before = Tiny.bytes(whole);
        Toy.Result result = compare(whole);
        assertThat(result.code()).isZero();
        assertThat(result.out()).contains("none", "both", "Results in " + whole);
        assertThat(Tiny.bytes(whole)).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--seeds 1 | OUT holds a comparison with seeds 2, not 1; choose another folder (--out)",
                "--arms none,qk | OUT holds a comparison with arms none,both, not none,qk; choose"
                        + " another folder (--out)",
                "--stride 8 | OUT holds a comparison with stride 16, not 8; choose another folder (--out)",
                "--protocol run-clm | OUT holds a comparison with protocol hf-strided, not run-clm;"
                        + " choose another folder (--out)",
                "--lr 0 | OUT/none-seed42 was begun with lr 0.01, not 0.0; choose another folder (--out)",
                "--train scalings | training the scalings alone leaves arm none nothing to train; train the"
                        + " others with fine-tune, and compare each with the model as it is:"
                        + " diagonal compare MODEL RUN (--train)",
                "--block-size 17 | block size must not exceed the model's context: block_size=17,"
                        + " context=16",
            })
    void otherSettingsAreRefusedAndNothingChanges(String words, String message) throws Exception {
        Map<String, String> before = Tiny.bytes(whole);
        Toy.Result result = compare(whole, (Object[]) words.split(" "));
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.errors())
                .containsExactly("diagonal compare: " + message.replace("OUT", whole.toString()));
        assertThat(Tiny.bytes(whole)).isEqualTo(before);
    }

    @Test
    void aComparisonIsNoModelAndNamesItsRuns() {
        Toy.Result result = Tiny.run("evaluate", "--model", whole, "--data", test);
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.errors())
                .singleElement()
                .asString()
                .startsWith(
                        "diagonal evaluate: "
                                + whole
                                + ": is a comparison, not a model; name one of its runs: "
                                + whole.resolve("both-seed42")
                                + ", ");
    }

    @Test
    void aSecondProcessOnTheSameComparisonIsRefused() throws Exception {
        Path out = work.resolve("locked");
        LockFile lock = LockFile.ofFolder(out);
        try {
            Toy.Result result = compare(out);
            assertThat(result.code()).isEqualTo(1);
            assertThat(result.errors())
                    .containsExactly(
                            "diagonal compare: " + out + ": this process holds it already");
        } finally {
            lock.close();
        }
    }

    @Test
    void modelsWithDifferentTokenizersAreRefusedBeforeAnythingIsMeasured() throws Exception {
        Path other = Tiny.model(work.resolve("swapped"), 16, 3);
        try (ModelTokenizer bytes = ModelTokenizer.bytes()) {
            bytes.save(other);
        }
        Path file = other.resolve("tokenizer.json");
        String swapped =
                Files.readString(file)
                        .replaceFirst("\"a\" ?: ?97", "\"a\":98")
                        .replaceFirst("\"b\" ?: ?98", "\"b\":97");
        Files.writeString(file, swapped);
        Toy.Result result = Tiny.run("compare", model, other, "--data", test);
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.errors())
                .singleElement()
                .asString()
                .matches(
                        "diagonal compare: models with different tokenizer_sha256 cannot be compared: \\w{64} of \\Q%s\\E and \\w{64} of \\Q%s\\E"
                                .formatted(model, other));
    }

    @Test
    void modelsOfDifferentContextAreMeasuredInBlocksOfTheShorter() throws Exception {
        Path longer = Tiny.model(work.resolve("longer"), 32, 3);
        Path file = work.resolve("contexts.json");
        assertThat(Tiny.run("compare", model, longer, "--data", test, "--json", file).code())
                .isZero();
        assertThat(json(file).path("block_size").intValue()).isEqualTo(16);
    }
}
