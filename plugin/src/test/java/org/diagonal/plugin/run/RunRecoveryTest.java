package org.diagonal.plugin.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import org.diagonal.plugin.finetune.Schedule;
import org.diagonal.plugin.finetune.TrainingDivergedException;
import org.diagonal.plugin.finetune.TrainingListener;
import org.diagonal.plugin.finetune.TrainingResult;
import org.diagonal.plugin.finetune.TrainingSettings;
import org.diagonal.plugin.finetune.TrainingStep;
import org.diagonal.plugin.gpt2.ModelFolder;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run folder may hold at the moment of a kill, and that the run goes on from all of it. */
class RunRecoveryTest {

    private static final int STEPS = 14;

    @TempDir static Path whole;

    @TempDir Path dir;

    private static Map<String, String> expected;

    @BeforeAll
    static void runWithoutInterruption() throws IOException {
        run(whole);
        expected = TinyRun.bytes(whole);
    }

    private static TrainingResult run(Path folder) throws IOException {
        return TinyRun.train(
                folder, TinyRun.settings(STEPS), new TrainingListener() {}, () -> false);
    }

    private void stopAfter(int step) throws IOException {
        long[] done = {0};
        TrainingListener counter =
                new TrainingListener() {
                    @Override
                    public void stepped(TrainingStep stepped, long maxSteps) {
                        done[0] = stepped.step();
                    }
                };
        TinyRun.train(dir, TinyRun.settings(STEPS), counter, () -> done[0] == step);
    }

    private void assertSameAsWhole() throws IOException {
        assertThat(run(dir).step()).isEqualTo(STEPS);
        assertThat(TinyRun.bytes(dir)).isEqualTo(expected);
        try (Stream<Path> files = Files.walk(dir)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .noneMatch(name -> name.endsWith(".part") || name.endsWith(".deleted"));
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (!Files.exists(target)) {
                    Files.copy(file, target);
                }
            }
        }
    }

    private static void delete(Path tree) throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void aRunInterruptedAfterEveryStepEndsWithTheSameFolder() throws Exception {
        for (int step = 1; step < STEPS; step++) {
            stopAfter(step);
            assertThat(dir.resolve("checkpoints/step-" + step)).isDirectory();
        }
        assertSameAsWhole();
    }

    @Test
    void whatAKillLeavesHalfWrittenOrHalfDeletedIsRemoved() throws Exception {
        stopAfter(9);
        Process dead = new ProcessBuilder("true").start();
        dead.waitFor();
        String left = ".%s." + dead.pid() + "-12345-abc.part";
        for (String name : new String[] {"step-9", "step-11", "last"}) {
            Path place = name.equals("last") ? dir : dir.resolve("checkpoints");
            Path part = Files.createDirectory(place.resolve(left.formatted(name)));
            Files.writeString(part.resolve("model.safetensors"), "half");
        }
        Files.writeString(dir.resolve(left.formatted("metrics.csv")), "step,epo");
        Files.createDirectory(dir.resolve("checkpoints/.step-2.deleted"));
        Files.writeString(dir.resolve("checkpoints/.step-2.deleted/config.json"), "{}");
        Files.writeString(dir.resolve("metrics.csv"), "10,0.4", StandardOpenOption.APPEND);
        assertSameAsWhole();
    }

    @Test
    void aKillBetweenTheLastCheckpointAndTheEndOfTheRunChangesNothing() throws Exception {
        copy(whole, dir);
        copy(whole.resolve("checkpoints/step-14"), dir.resolve("checkpoints/.step-4.deleted"));
        copy(dir.resolve("last"), dir.resolve(".last.deleted"));
        delete(dir.resolve("last"));
        Files.delete(dir.resolve("config.json"));
        Files.writeString(dir.resolve("model.safetensors"), "of another moment");
        Files.writeString(dir.resolve("metrics.csv"), "step");
        Files.delete(dir.resolve("metrics.csv"));
        copy(whole.resolve("metrics.csv"), dir.resolve("metrics.csv"));
        assertSameAsWhole();
    }

    @Test
    void aCheckpointThatWasNotRemovedInTimeIsRemovedLater() throws Exception {
        stopAfter(8);
        Path kept = dir.resolveSibling(dir.getFileName() + "-kept");
        copy(dir.resolve("checkpoints"), kept);
        stopAfter(STEPS);
        copy(kept, dir.resolve("checkpoints"));
        delete(kept);
        assertSameAsWhole();
    }

    @Test
    void aDamagedCheckpointIsNamedAndTheRunGoesOnFromTheOneBefore() throws Exception {
        stopAfter(9);
        Path last = dir.resolve("checkpoints/step-9");
        Path state = last.resolve("trainer_state.json");
        Files.writeString(state, "null");
        assertThatThrownBy(() -> run(dir))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not a training state: it holds null");
        Files.delete(state);
        assertThatThrownBy(() -> run(dir))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        last
                                + " cannot be taken up (it has no trainer_state.json); without this"
                                + " folder the run goes on from before it");
        delete(last);
        Path before = RunFolder.lastCheckpoint(dir).orElseThrow();
        byte[] model = Files.readAllBytes(before.resolve("model.safetensors"));
        Files.write(
                before.resolve("model.safetensors"),
                java.util.Arrays.copyOf(model, model.length / 2));
        assertThatThrownBy(() -> run(dir))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(before + " cannot be taken up")
                .hasMessageContaining("model.safetensors: is truncated");
        delete(before);
        delete(dir.resolve("checkpoints"));
        assertSameAsWhole();
    }

    @Test
    void weightsThatAreNotFiniteAreNeverSaved() throws Exception {
        TrainingSettings wild =
                new TrainingSettings(
                        4,
                        1,
                        9,
                        1e39, // beyond float32
                        0,
                        Schedule.LINEAR,
                        4,
                        0.01,
                        0,
                        5,
                        true,
                        0,
                        1,
                        9,
                        0,
                        TrainingSettings.Trained.ALL);
        assertThatThrownBy(() -> TinyRun.train(dir, wild, new TrainingListener() {}, () -> false))
                .isInstanceOf(TrainingDivergedException.class)
                .hasMessageContaining("the last checkpoint is " + dir);
        try (NDManager manager = NDManager.newBaseManager("PyTorch");
                Stream<Path> saved = Files.list(dir.resolve("checkpoints"))) {
            for (Path checkpoint : saved.toList()) {
                assertThat(ModelFolder.load(checkpoint, manager).parameters()).isNotEmpty();
            }
        }
    }
}
