package org.diagonal.plugin.run;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.diagonal.plugin.finetune.FineTuner;
import org.diagonal.plugin.finetune.TrainingListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A kill before the first planned checkpoint costs no more than a given time. */
class TimedCheckpointTest {

    @TempDir Path folder;

    private List<String> saved(String name, Duration most) throws IOException {
        List<String> saved = new ArrayList<>();
        try (NDManager manager = NDManager.newBaseManager("PyTorch");
                RunFolder run = RunFolder.open(folder.resolve(name))) {
            run.begin("{}");
            TrainingListener listener =
                    new TrainingListener() {
                        @Override
                        public void saved(Path checkpoint) {
                            saved.add(checkpoint.getFileName().toString());
                        }
                    };
            new FineTuner(
                            FolderCheckpointer.in(
                                    run, TinyRun.writer(TinyRun.network(manager)), most),
                            TinyRun.TRAIN,
                            Optional.of(TinyRun.VALID),
                            TinyRun.settings(5),
                            listener,
                            () -> false)
                    .train();
        }
        return saved;
    }

    @Test
    void afterThatTimeThereIsACheckpointAndTheRunEndsWithTheSameBytes() throws IOException {
        assertThat(saved("timed", Duration.ZERO)).hasSize(5);
        assertThat(saved("planned", Duration.ofDays(1))).hasSizeBetween(1, 4);
        assertThat(TinyRun.bytes(folder.resolve("timed")))
                .isEqualTo(TinyRun.bytes(folder.resolve("planned")));
    }
}
