package org.diagonal.eval.measure.perplexity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.IntBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.diagonal.wikitext.Tokens;
import org.junit.jupiter.api.Test;

/** Windows and predictions of a real text, against counts that others made. */
class HeldOutTextTest {

    private static final Path FOLDER =
            Path.of(System.getProperty("diagonal.shared", "../shared"))
                    .resolve("checkpoints/shakespeare-byte-gpt2");

    @Test
    void runClmHasTheExpectedRowsBlocksAndPredictions() throws IOException {
        JsonNode expected = expected("run_clm_block_32");
        Tokens text = text();
        RunClm windows = new RunClm(text, 32);

        assertThat(text.rows()).isEqualTo(expected.get("rows").intValue());
        assertThat(windows.count()).isEqualTo(expected.get("blocks").longValue());
        assertThat(Texts.measure(new Bigram(32, 1), windows).targets())
                .isEqualTo(expected.get("predictions").longValue());
    }

    @Test
    void hfStridedHasTheExpectedWindowsAndPredictions() throws IOException {
        JsonNode expected = expected("hf_strided_window_32_stride_16");
        HfStrided windows = new HfStrided(text(), 32, 16);

        assertThat(windows.count()).isEqualTo(expected.get("windows").longValue());
        assertThat(Texts.measure(new Bigram(32, 1), windows).targets())
                .isEqualTo(expected.get("predictions").longValue());
    }

    private static JsonNode expected(String key) throws IOException {
        Path file = FOLDER.resolve("expected.json");
        assumeTrue(Files.exists(file), "not at hand: " + file);
        return new ObjectMapper().readTree(Files.readString(file)).get(key);
    }

    private static Tokens text() throws IOException {
        byte[] bytes = Files.readAllBytes(FOLDER.resolve("heldout.txt"));
        int[] ids = IntStream.range(0, bytes.length).map(i -> bytes[i] & 0xff).toArray();
        int[] rows =
                IntStream.range(0, ids.length).filter(i -> i == 0 || ids[i - 1] == '\n').toArray();
        return new Tokens(IntBuffer.wrap(ids), rows, new int[] {0});
    }
}
