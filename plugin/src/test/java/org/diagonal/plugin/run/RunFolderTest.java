package org.diagonal.plugin.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
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
    void theBestModelIsTheFolderItselfOrWhereOlderRunsHaveIt() throws Exception {
        assertThat(RunFolder.bestModel(dir)).isEqualTo(dir);
        Files.createDirectories(dir.resolve("best"));
        Files.writeString(dir.resolve("best/config.json"), "{}");
        assertThat(RunFolder.bestModel(dir)).isEqualTo(dir); // no run
        Files.writeString(dir.resolve("run.json"), "{}");
        assertThat(RunFolder.bestModel(dir)).isEqualTo(dir.resolve("best"));
    }

    @Test
    void theStepOfAModelIsThatOfOurTrainingsAlone() throws Exception {
        assertThat(RunFolder.step(dir)).isEmpty();
        Path state = dir.resolve("trainer_state.json");
        Files.writeString(state, "{\"global_step\": 500, \"epoch\": 1.0}");
        assertThat(RunFolder.step(dir)).isEmpty();
        Files.writeString(state, "{\"step\": 24}");
        assertThat(RunFolder.step(dir)).hasValue(24);
        Files.writeString(state, "{");
        assertThatThrownBy(() -> RunFolder.step(dir)).hasMessageContaining(state + ": is not JSON");
    }

    @Test
    void aFolderThatCannotBeReplacedStays() throws Exception {
        Path best = Files.createDirectory(dir.resolve("best"));
        Files.writeString(best.resolve("config.json"), "old");
        assertThatThrownBy(
                        () ->
                                RunFolder.replace(
                                        best,
                                        folder -> {
                                            Files.writeString(folder.resolve("config.json"), "n");
                                            throw new IOException("no space left");
                                        }))
                .hasMessage(best + ": could not be written: no space left");
        assertThat(best.resolve("config.json")).hasContent("old");
        RunFolder.replace(best, folder -> Files.writeString(folder.resolve("config.json"), "new"));
        assertThat(best.resolve("config.json")).hasContent("new");
        assertThat(dir).isDirectoryNotContaining("glob:**.{made,deleted,part}");
    }

    @Test
    void whatAKillKeptFromItsNameGetsItAndWhatIsThereTwiceGoes() throws Exception {
        Files.writeString(dir.resolve("run.json"), "{}");
        Path checkpoints = Files.createDirectory(dir.resolve("checkpoints"));
        for (String name : new String[] {".step-3.made", ".step-6.made", "step-6"}) {
            Files.createDirectory(checkpoints.resolve(name));
            Files.writeString(checkpoints.resolve(name).resolve("of"), name);
        }
        RunFolder.open(dir).close();
        assertThat(checkpoints.resolve("step-3/of")).hasContent(".step-3.made");
        assertThat(checkpoints.resolve("step-6/of")).hasContent("step-6");
        assertThat(checkpoints.resolve(".step-6.made")).doesNotExist();
    }

    @Test
    void aFolderThatHoldsSomethingElseIsRefused() throws Exception {
        Files.writeString(dir.resolve("thesis.tex"), "x");
        assertThatThrownBy(() -> RunFolder.open(dir))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("thesis.tex");
    }
}
