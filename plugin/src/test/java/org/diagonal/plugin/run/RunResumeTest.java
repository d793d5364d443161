package org.diagonal.plugin.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.diagonal.plugin.finetune.TrainingListener;
import org.diagonal.plugin.finetune.TrainingResult;
import org.diagonal.plugin.finetune.TrainingState;
import org.diagonal.plugin.finetune.TrainingStep;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A run that ends before its end and goes on ends with the same bytes. */
class RunResumeTest {

    private static final int STEPS = 14;

    @TempDir static Path whole;

    @TempDir Path dir;

    private static Map<String, String> expected;

    @BeforeAll
    static void runWithoutInterruption() throws IOException {
        train(whole, new TrainingListener() {}, () -> false);
        expected = TinyRun.bytes(whole);
        assertThat(expected)
                .containsKeys(
                        "README.md",
                        "last/README.md",
                        "checkpoints/step-14/README.md",
                        "events.out.tfevents.1700000000.diagonal");
    }

    private static TrainingResult train(
            Path folder, TrainingListener listener, BooleanSupplier stop) throws IOException {
        return TinyRun.train(folder, TinyRun.settings(STEPS), listener, stop);
    }

    private void assertGoesOnToTheSameBytes() throws IOException {
        TrainingResult result = train(dir, new TrainingListener() {}, () -> false);
        assertThat(result.outcome()).isEqualTo(TrainingResult.Outcome.FINISHED);
        assertThat(TinyRun.bytes(dir)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 7, 13})
    void whereverItIsKilled(int killed) throws Exception {
        TrainingListener killer =
                new TrainingListener() {
                    @Override
                    public void stepped(TrainingStep step, long maxSteps) {
                        if (step.step() == killed) {
                            throw new IllegalStateException("kill");
                        }
                    }
                };
        assertThatThrownBy(() -> train(dir, killer, () -> false)).hasMessage("kill");
        assertGoesOnToTheSameBytes();
    }

    @Test
    void whenItIsAskedToStopItSavesWhereItStands() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        TrainingListener stopper =
                new TrainingListener() {
                    @Override
                    public void stepped(TrainingStep step, long maxSteps) {
                        stop.set(step.step() == 5);
                    }
                };
        TrainingResult stopped = train(dir, stopper, stop::get);
        assertThat(stopped.outcome()).isEqualTo(TrainingResult.Outcome.INTERRUPTED);
        assertThat(stopped.step()).isEqualTo(5);
        assertThat(dir.resolve("checkpoints/step-5/model.safetensors")).exists();
        assertGoesOnToTheSameBytes();
    }

    /** Asks a training to stop when an evaluation has done some of its two batches. */
    private TrainingResult stopInEvaluation(int step, int batches) throws IOException {
        long[] stepped = {0};
        int[] asked = {0};
        TrainingListener counter =
                new TrainingListener() {
                    @Override
                    public void resumed(long from, Path checkpoint) {
                        stepped[0] = from - 1;
                    }

                    @Override
                    public void stepped(TrainingStep done, long maxSteps) {
                        stepped[0] = done.step();
                    }
                };
        return train(dir, counter, () -> stepped[0] == step - 1 && asked[0]++ > batches);
    }

    @ParameterizedTest
    @CsvSource({"3, 0", "3, 1", "6, 1", "12, 1", "14, 0", "14, 1"})
    void whenItIsAskedToStopInAnEvaluationItDoesNotWaitForItsEnd(int step, int batches)
            throws Exception {
        TrainingResult stopped = stopInEvaluation(step, batches);
        assertThat(stopped.outcome()).isEqualTo(TrainingResult.Outcome.INTERRUPTED);
        assertThat(stopped.step()).isEqualTo(step);
        assertThat(Metrics.rows(dir.resolve("metrics.csv"))).hasSize(step); // step 0 among them
        Path saved = dir.resolve("checkpoints/step-" + step);
        assertThat(TrainingState.read(saved).awaited()).isPresent();
        assertGoesOnToTheSameBytes();
    }

    @Test
    void howeverOftenItsEvaluationsAreInterrupted() throws Exception {
        for (int step : new int[] {3, 3, 6, 12, 14, 14}) {
            assertThat(stopInEvaluation(step, 0).outcome())
                    .isEqualTo(TrainingResult.Outcome.INTERRUPTED);
        }
        assertGoesOnToTheSameBytes();
    }

    @Test
    void aModelCardOfTheUsersStays() throws Exception {
        stopInEvaluation(12, 0);
        Files.writeString(dir.resolve("README.md"), "mine");
        train(dir, new TrainingListener() {}, () -> false);
        assertThat(dir.resolve("README.md")).hasContent("mine");
        assertThat(dir.resolve("last/README.md"))
                .hasSameTextualContentAs(whole.resolve("last/README.md"));
    }

    @Test
    void checkpointsBeyondTheLastAndTheBestAreRemoved() throws Exception {
        try (Stream<Path> files = Files.list(whole.resolve("checkpoints"))) {
            assertThat(files.count()).isBetween(2L, 3L);
        }
        assertThat(expected).containsKeys("config.json", "model.safetensors", "metrics.csv");
        assertThat(expected).containsKeys("run.json", "last/config.json");
    }
}
