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
import org.diagonal.plugin.checkpoint.SafetensorsFile;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.identity.IdentityScalings;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Controls are arms like the others: they train, go on, compare, and are measured. */
@Tag("slow")
class ArmsTest {

    @TempDir static Path work;

    private static Path model;
    private static Path text;

    @BeforeAll
    static void write() throws IOException {
        model = Tiny.model(work.resolve("model"), 32, 3);
        text = Tiny.text(work.resolve("text.txt"), 40, 5);
    }

    private static Toy.Result tune(Path out, Object... more) {
        List<Object> words =
                new ArrayList<>(
                        List.of(
                                "fine-tune",
                                "--model",
                                model,
                                "--data",
                                text,
                                "--out",
                                out,
                                "--max-steps",
                                4,
                                "--batch-size",
                                4,
                                "--lr",
                                1e-2,
                                "--threads",
                                1,
                                "--scalings-lr",
                                5e-2,
                                "--quiet"));
        words.addAll(Arrays.asList(more));
        return Tiny.run(words.toArray());
    }

    private static double nats(Object... named) throws IOException {
        Path json = work.resolve("nats.json");
        List<Object> words =
                new ArrayList<>(List.of("evaluate", "--data", text, "--json", json, "--quiet"));
        words.addAll(Arrays.asList(named));
        Toy.Result result = Tiny.run(words.toArray());
        assertThat(result.err()).isEmpty();
        return read(json).path("nats").doubleValue();
    }

    private static JsonNode read(Path file) throws IOException {
        return new ObjectMapper().readTree(Files.readString(file));
    }

    @Test
    void everyArmIsComparedAndTheSameCommandGoesOn() throws IOException {
        Path out = work.resolve("compared");
        Object[] words = {
            "compare",
            "--model",
            model,
            "--data",
            text,
            "--test-data",
            text,
            "--valid-data",
            text,
            "--arms",
            "none,qk,temperature,fixed-0.2,permuted,head,lora-1",
            "--max-steps",
            2,
            "--batch-size",
            4,
            "--lr",
            1e-2,
            "--threads",
            1,
            "--out",
            out,
            "--quiet"
        };
        Toy.Result first = Tiny.run(words);
        assertThat(first.code()).as(first.err()).isZero();
        JsonNode arms = read(out.resolve("compare.json")).path("arms");
        assertThat(arms.findValuesAsText("name"))
                .containsExactly(
                        "none", "qk", "temperature", "fixed-0.2", "permuted", "head", "lora-1");
        assertThat(arms.findValuesAsText("trainable_parameters"))
                .as("a control adds its numbers: a head each, or R (D + 3 D) a layer")
                .satisfies(
                        counts -> {
                            long plain = Long.parseLong(counts.get(0));
                            assertThat(Long.parseLong(counts.get(1))).isEqualTo(plain + 4);
                            assertThat(Long.parseLong(counts.get(2))).isEqualTo(plain + 4);
                            assertThat(Long.parseLong(counts.get(3))).isEqualTo(plain);
                            assertThat(Long.parseLong(counts.get(4))).isEqualTo(plain + 4);
                            assertThat(Long.parseLong(counts.get(5))).isEqualTo(32);
                            assertThat(Long.parseLong(counts.get(6))).isEqualTo(plain + 128);
                        });
        String compared = Files.readString(out.resolve("compare.json"));
        assertThat(Tiny.run(words).code()).isZero();
        assertThat(out.resolve("compare.json")).hasContent(compared);
        assertThat(Files.readString(out.resolve("report.html"))).contains("lora-1", "fixed-0.2");
    }

    @ParameterizedTest
    @CsvSource({"lora-2", "permuted", "qk"})
    void anAdapterWithItsBaseIsTheTrainedModel(String arm) throws IOException {
        Path out = work.resolve("adapter-" + arm);
        Toy.Result tuned = tune(out, "--scalings", arm, "--train", "scalings");
        assertThat(tuned.code()).as(tuned.err()).isZero();
        double whole = nats("--model", out);
        assertThat(nats("--model", model, "--adapter", out)).isCloseTo(whole, within(1e-3));
        assertThat(nats("--model", model)).isNotCloseTo(whole, within(1e-2));
    }

    @Test
    void aLoraRunHoldsAnAdapterAsPeftHasIt() throws IOException {
        Path out = work.resolve("peft");
        assertThat(tune(out, "--scalings", "lora-2", "--train", "scalings").code()).isZero();
        JsonNode config = read(out.resolve("adapter_config.json"));
        assertThat(config.path("peft_type").asText()).isEqualTo("LORA");
        assertThat(config.path("r").asInt()).isEqualTo(2);
        assertThat(config.path("lora_alpha").asDouble()).isEqualTo(2);
        assertThat(config.path("target_modules").get(0).asText()).isEqualTo("c_attn");
        SafetensorsFile file = SafetensorsFile.open(out.resolve("adapter_model.safetensors"));
        String name = "base_model.model.transformer.h.1.attn.c_attn.";
        assertThat(file.tensors()).hasSize(4);
        assertThat(file.tensors().get(name + "lora_A.weight").shape()).containsExactly(2L, 16L);
        assertThat(file.tensors().get(name + "lora_B.weight").shape()).containsExactly(48L, 2L);
        assertThat(Gpt2Config.read(out).scalings()).isEqualTo(IdentityScalings.NONE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "fixed-0.2|training the scalings alone needs scalings",
                "lora-0|'lora-0' is not one of: none, qk",
                "temprature|did you mean temperature?"
            })
    void whatCannotBeTrainedIsSaidInOneLine(String arm, String words) {
        Path out = work.resolve("refused");
        Toy.Result result = tune(out, "--scalings", arm, "--train", "scalings");
        assertThat(result.code()).isNotZero();
        assertThat(result.err()).contains(words);
        assertThat(out).doesNotExist();
    }

    /** What stands there is a comparison, whatever its arms are called. */
    @Test
    void aComparisonOfControlsAloneIsResumed() throws IOException {
        Path out = Files.createDirectories(work.resolve("begun"));
        Files.createDirectories(out.resolve("temperature-seed42"));
        Toy.Result result =
                Tiny.run(
                        "compare",
                        "--model",
                        model,
                        "--data",
                        text,
                        "--test-data",
                        text,
                        "--valid-data",
                        text,
                        "--arms",
                        "temperature,lora-1",
                        "--max-steps",
                        1,
                        "--out",
                        out,
                        "--quiet");
        assertThat(result.code()).as(result.err()).isZero();
    }

    /** The base lacks the LoRA, so that an adapter for it would say too little. */
    @Test
    void whatIsTrainedOnLoraLeavesNoAdapter() throws IOException {
        Path lora = work.resolve("lora");
        Path more = work.resolve("on-lora");
        assertThat(tune(lora, "--scalings", "lora-2", "--train", "scalings").code()).isZero();
        Toy.Result result =
                Tiny.run(
                        "fine-tune",
                        "--model",
                        model,
                        "--adapter",
                        lora,
                        "--data",
                        text,
                        "--scalings",
                        "qk",
                        "--train",
                        "scalings",
                        "--max-steps",
                        2,
                        "--out",
                        more);
        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.err()).contains("the model's LoRA is in its weights");
        assertThat(more.resolve("adapter_config.json")).doesNotExist();
        assertThat(nats("--model", more)).isNotCloseTo(nats("--model", model), within(1e-3));
    }

    @Test
    void fixedScalingsBesideOthersLeaveNoAdapterAndTheirMultiplierIsTheirName() {
        Path ov = work.resolve("ov");
        assertThat(tune(ov, "--scalings", "ov").code()).isZero();
        Path both = work.resolve("ov-fixed");
        Toy.Result result =
                Tiny.run(
                        "fine-tune",
                        "--model",
                        ov,
                        "--data",
                        text,
                        "--scalings",
                        "fixed-0.1",
                        "--train",
                        "scalings",
                        "--max-steps",
                        1,
                        "--out",
                        both);
        assertThat(result.code()).as(result.err()).isZero();
        assertThat(both.resolve("adapter_config.json")).doesNotExist();
        assertThat(
                        tune(work.resolve("no-fixed"), "--scalings", "fixed", "--qk-multiplier", 2)
                                .err())
                .contains("fixed-0.1 says itself what a is");
    }

    @Test
    void aRankBeyondTheMatrixIsRefused() {
        assertThat(tune(work.resolve("no-lora"), "--scalings", "lora-17").err())
                .contains("LoRA's rank must be at most 16");
    }

    @Test
    void fixedScalingsNeedAModelWithoutThem() throws IOException {
        Path scaled = work.resolve("scaled");
        assertThat(tune(scaled, "--scalings", "qk").code()).isZero();
        Toy.Result result =
                Tiny.run(
                        "fine-tune",
                        "--model",
                        scaled,
                        "--data",
                        text,
                        "--scalings",
                        "fixed",
                        "--out",
                        work.resolve("no"),
                        "--max-steps",
                        1);
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).contains("fixed-0.1 needs a model without QK scalings");
    }
}
