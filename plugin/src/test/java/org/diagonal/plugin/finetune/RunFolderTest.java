package org.diagonal.plugin.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose folder it is. */
class RunFolderTest {

    @TempDir Path dir;

    @Test
    void aSecondProcessOnTheSameRunIsRefused() throws Exception {
        try (RunFolder first = RunFolder.open(dir)) {
            assertThat(first.path()).isEqualTo(dir);
            assertThatThrownBy(() -> RunFolder.open(dir))
                    .isInstanceOf(FileSystemException.class)
                    .hasMessageContaining("holds it already");
        }
        RunFolder.open(dir).close();
    }

    @Test
    void aFolderThatHoldsSomethingElseIsRefused() throws Exception {
        Files.writeString(dir.resolve("thesis.tex"), "x");
        assertThatThrownBy(() -> RunFolder.open(dir))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("thesis.tex");
    }
}
