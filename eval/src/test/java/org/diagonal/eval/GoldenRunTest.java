package org.diagonal.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.diagonal.eval.cli.console.Program;
import org.diagonal.plugin.checkpoint.SafetensorsFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The authors' ten AdamW steps, through the command line. */
@Tag("slow")
class GoldenRunTest {

    @ParameterizedTest
    @CsvSource({
        "gpt2-plain, none",
        "gpt2-a, qk",
        "gpt2-a-masked-diagonal, qk",
        "gpt2-b, ov",
        "gpt2-ab, both",
        "gpt2-ab-masked-diagonal, both"
    })
    void tenStepsOfFineTuneAreThoseOfTheAuthorsCode(String name, String arm, @TempDir Path work)
            throws Exception {
        Path golden = Path.of(System.getProperty("diagonal.shared"), "golden", name);
        assumeTrue(Files.isDirectory(golden), () -> "no data beside this checkout: " + golden);
        StringBuilder documents = new StringBuilder();
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            NDArray ids =
                    SafetensorsFile.open(golden.resolve("expected.safetensors"))
                            .read("input_ids", manager);
            for (long row = 0; row < ids.getShape().get(0); row++) {
                documents.append(Arrays.toString(ids.get(row).toLongArray())).append('\n');
            }
        }
        Path data = Files.writeString(work.resolve("two.ids.jsonl"), documents);
        Path out = work.resolve("run");
        String words =
                "fine-tune --model %s --data %s --out %s --scalings %s --max-steps 10 --batch-size 2"
                                .formatted(golden, data, out, arm)
                        + " --lr 3e-4 --schedule constant --weight-decay 0.01 --clip 0 --dropout 0"
                        + " --no-shuffle --threads 1 --quiet";
        assertThat(new Program(new Main()).run(words.split(" "))).isZero();

        JsonNode expected =
                new ObjectMapper()
                        .readTree(Files.readString(golden.resolve("expected.json")))
                        .path("losses");
        List<String> rows = Files.readAllLines(out.resolve("metrics.csv"));
        assertThat(rows).hasSize(11);
        assertThat(rows.get(0))
                .isEqualTo(
                        "step,epoch,tokens,lr,loss,grad_norm,valid_loss,valid_perplexity,"
                                + "tokens_per_second");
        for (int step = 1; step <= 10; step++) {
            double loss = Double.parseDouble(rows.get(step).split(",", -1)[4]);
            assertThat(loss).isCloseTo(expected.get(step - 1).asDouble(), within(1e-5));
        }
    }
}
