package org.diagonal.eval.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A real checkpoint on text that it never saw, against the figures of others. */
final class ShakespeareTest {

    @ParameterizedTest
    @CsvSource({
        "run_clm_block_32, --protocol run-clm --block-size 32",
        "hf_strided_window_32_stride_16, --protocol hf-strided --block-size 32 --stride 16"
    })
    void perplexityIsThatOfPyTorch(String key, String words, @TempDir Path work) throws Exception {
        Path folder =
                Path.of(
                        System.getProperty("diagonal.shared"),
                        "checkpoints",
                        "shakespeare-byte-gpt2");
        assumeTrue(Files.isDirectory(folder), () -> "no data beside this checkout: " + folder);
        JsonNode expected =
                new ObjectMapper()
                        .readTree(Files.readString(folder.resolve("expected.json")))
                        .path(key);
        Path json = work.resolve("evaluation.json");
        String line =
                "evaluate --quiet --model %s --data %s --json %s %s"
                        .formatted(folder, folder.resolve("heldout.txt"), json, words);
        assertThat(Tiny.run((Object[]) line.split(" ")).code()).isZero();
        JsonNode found = new ObjectMapper().readTree(Files.readString(json));
        assertThat(found.path("targets").longValue())
                .isEqualTo(expected.path("predictions").longValue());
        double percent = 1e-5 * 100;
        for (String figure : new String[] {"nats", "perplexity"}) {
            assertThat(found.path(figure).doubleValue())
                    .isCloseTo(expected.path(figure).doubleValue(), withinPercentage(percent));
        }
    }
}
