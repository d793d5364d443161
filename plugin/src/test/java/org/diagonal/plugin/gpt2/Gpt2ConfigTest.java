package org.diagonal.plugin.gpt2;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Gpt2ConfigTest {

    @Test
    void whatIsNoJsonIsNamedWithFileAndLine(@TempDir Path dir) throws IOException {
        Files.writeString(dir.resolve("config.json"), "{\"n_embd\": 8,\n \"n_head\": }");
        assertThatThrownBy(() -> Gpt2Config.read(dir))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(dir.resolve("config.json") + ": is not JSON: ")
                .hasMessageEndingWith("at line 2")
                .hasMessageNotContainingAny("REDACTED", "\n");
    }

    @Test
    void aKeyThatIsNotSupportedIsNamedWithTheFile(@TempDir Path dir) throws IOException {
        Files.writeString(dir.resolve("config.json"), "{\"add_cross_attention\": true}");
        assertThatThrownBy(() -> Gpt2Config.read(dir))
                .isInstanceOf(IOException.class)
                .hasMessage(dir.resolve("config.json") + ": add_cross_attention is not supported");
    }
}
