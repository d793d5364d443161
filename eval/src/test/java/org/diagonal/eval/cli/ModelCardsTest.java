package org.diagonal.eval.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the commands leave beside the weights, for people and for other programs. */
@Tag("slow")
final class ModelCardsTest {

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    @TempDir static Path work;

    private static Path run;

    @BeforeAll
    static void trainOnce() throws Exception {
        Tiny.model(work.resolve("model"), 16, 3);
        Tiny.text(work.resolve("text.txt"), 20, 1);
        run = work.resolve("run");
        assertThat(
                        run("fine-tune --model W/model --data W/text.txt --valid-data"
                                        + " W/text.txt --out W/run --max-steps 4 --eval-every 2"
                                        + " --batch-size 4 --scalings qk --qk-multiplier 0.5"
                                        + " --train scalings --quiet")
                                .code())
                .isZero();
    }

    private static Toy.Result run(String words) {
        return Tiny.run((Object[]) words.replace("W/", work + "/").split(" "));
    }

    private static JsonNode frontMatter(Path folder) throws IOException {
        String text = Files.readString(folder.resolve("README.md"));
        assertThat(text).startsWith("---\n");
        return YAML.readTree(text.split("---\n", -1)[1]);
    }

    @Test
    void everyModelFolderOfARunHasACard() throws Exception {
        try (Stream<Path> files = Files.walk(run)) {
            List<Path> models =
                    files.filter(file -> file.endsWith("model.safetensors"))
                            .map(Path::getParent)
                            .toList();
            assertThat(models).hasSizeGreaterThan(3);
            for (Path model : models) {
                assertThat(frontMatter(model).path("library_name").asText()).isEqualTo("diagonal");
                assertThat(Files.readString(model.resolve("README.md")))
                        .contains(
                                "| QK | `transformer.h.N.attn.wkwq_id_scalings` | 0.5 | set to 0 |",
                                "√d + 0.5 · a_h · G",
                                "`adapter_model.safetensors` holds the trained numbers alone",
                                "on `text.txt`",
                                "from the weights of `model`",
                                "| `max_steps` | 4 |")
                        .doesNotContain(work.toString())
                        .doesNotContain("wvwo_id_scalings`");
            }
        }
        assertThat(Files.readString(run.resolve("checkpoints/step-2/README.md")))
                .contains("| optimizer steps | 2 of 4 |");
    }

    @Test
    void aBaseAndATextThatAreKnownAreNamed() throws Exception {
        assertThat(
                        run("fine-tune --model nano --data europarl --valid-data"
                                        + " W/text.txt --out W/nano --max-steps 1 --batch-size 1"
                                        + " --block-size 8 --scalings none --quiet")
                                .code())
                .isZero();
        JsonNode front = frontMatter(work.resolve("nano"));
        assertThat(front.path("library_name").asText()).isEqualTo("transformers");
        assertThat(front.path("base_model").asText()).isEqualTo("nano");
        assertThat(front.path("license").asText()).isEqualTo("apache-2.0");
        assertThat(front.path("datasets").path(0).asText()).isEqualTo("europarl");
        assertThat(front.path("tags").path(0).asText()).isEqualTo("gpt2");
    }

    @Test
    void aModelFromRandomWeightsHasNoBase() throws Exception {
        assertThat(
                        run("pretrain --data W/text.txt --out W/new --layers 1 --heads 2"
                                        + " --width 8 --positions 16 --max-steps 1 --batch-size"
                                        + " 2 --scalings ov --quiet")
                                .code())
                .isZero();
        for (String folder : List.of("new", "new/last", "new/checkpoints/step-1")) {
            JsonNode front = frontMatter(work.resolve(folder));
            assertThat(front.has("base_model")).isFalse();
            assertThat(front.has("license")).isFalse();
            assertThat(Files.readString(work.resolve(folder).resolve("README.md")))
                    .contains("from random weights (seed 42)", "Σ_h b_h · A_h X");
        }
    }

    @Test
    void aModelFromMimeticWeightsSaysSo() throws Exception {
        assertThat(
                        run("pretrain --data W/text.txt --out W/mimetic --layers 1 --heads 2"
                                        + " --width 8 --positions 16 --max-steps 1 --batch-size"
                                        + " 2 --init mimetic --alpha 0.7 --beta 0.7 --quiet")
                                .code())
                .isZero();
        assertThat(Files.readString(work.resolve("mimetic").resolve("README.md")))
                .contains("from random weights, made mimetic (seed 42) on");
    }
}
