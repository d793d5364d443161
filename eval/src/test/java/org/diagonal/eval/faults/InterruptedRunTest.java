package org.diagonal.eval.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.diagonal.eval.cli.Tiny;
import org.diagonal.eval.cli.Toy;
import org.diagonal.plugin.run.RunFolder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real processes that are killed, asked to end, run twice, or run out of disk. */
@Timeout(120)
final class InterruptedRunTest {

    private static final int STEPS = 45;
    private static final int KILLED = 128 + 9;
    private static final int TERMINATED = 128 + 15;

    @TempDir static Path work;

    private static Path model;
    private static Map<String, String> expected;
    private final List<Process> started = new ArrayList<>();

    @BeforeAll
    static void runWithoutInterruption() throws Exception {
        model = Tiny.model(work.resolve("model"), 16, 3);
        Tiny.text(work.resolve("train.txt"), 60, 1);
        Tiny.text(work.resolve("valid.txt"), 12, 2);
        Path out = work.resolve("whole");
        assertThat(Tiny.run(training(out, STEPS)).code()).isZero();
        expected = Tiny.bytes(out);
        assertThat(expected)
                .containsKeys(
                        "config.json",
                        "model.safetensors",
                        "last/model.safetensors",
                        "checkpoints/step-45/optimizer.safetensors");
    }

    @AfterEach
    void endWhatIsLeft() {
        started.forEach(Process::destroyForcibly);
    }

    private static Object[] training(Path out, int steps) {
        return new Object[] {
            "fine-tune",
            "--model",
            model,
            "--data",
            work.resolve("train.txt"),
            "--valid-data",
            work.resolve("valid.txt"),
            "--out",
            out,
            "--scalings",
            "both",
            "--max-steps",
            steps,
            "--batch-size",
            4,
            "--accumulate",
            2,
            "--lr",
            3e-3,
            "--warmup",
            4,
            "--schedule",
            "cosine",
            "--eval-every",
            5,
            "--save-every",
            3,
            "--threads",
            1,
        };
    }

    private static File output(Path out) {
        return new File(out + ".txt");
    }

    private Process start(Path out, int steps) throws Exception {
        Process process = Tiny.start(Tiny.line(training(out, steps)), output(out));
        started.add(process);
        return process;
    }

    @Test
    void aRunKilledAgainAndAgainEndsWithTheSameBytes() throws Exception {
        Path out = work.resolve("killed");
        SplittableRandom random = new SplittableRandom(20261121);
        for (int rows : new int[] {1, 13, 27}) {
            Process process = start(out, STEPS);
            Tiny.awaitRows(process, output(out), out, rows + random.nextInt(4));
            TimeUnit.MICROSECONDS.sleep(random.nextInt(20_000));
            assertThat(process.destroyForcibly().waitFor())
                    .as(Files.readString(output(out).toPath()))
                    .isEqualTo(KILLED);
            assertThat(RunFolder.isFinished(out)).isFalse();
        }
        assertThat(Tiny.run(training(out, STEPS)).code()).isZero();
        assertThat(Tiny.bytes(out)).isEqualTo(expected);
    }

    @Test
    void aRunAskedToEndSavesOneWithoutDiskLosesNothingAndBothGoOnToTheSameBytes() throws Exception {
        Path out = work.resolve("stopped");
        Process process = start(out, STEPS);
        Tiny.awaitRows(process, output(out), out, 7);
        process.destroy();
        assertThat(process.waitFor()).isEqualTo(TERMINATED);
        Matcher said =
                Pattern.compile(
                                "Stopped after step (\\d+) of 45 with a checkpoint; the same"
                                        + " command resumes there\\.")
                        .matcher(Files.readString(output(out).toPath()));
        assertThat(said.find()).isTrue();
        Path saved = out.resolve("checkpoints/step-" + said.group(1));
        assertThat(RunFolder.lastCheckpoint(out)).contains(saved);
        assertLoads(saved);

        runOutOfDisk(out);
        assertThat(RunFolder.lastCheckpoint(out)).contains(saved);
        assertLoads(saved);

        assertThat(Tiny.run(training(out, STEPS)).code()).isZero();
        assertThat(Tiny.bytes(out)).isEqualTo(expected);
    }

    private static void assertLoads(Path checkpoint) {
        Toy.Result evaluated =
                Tiny.run("evaluate", "--model", checkpoint, "--data", work.resolve("valid.txt"));
        assertThat(evaluated.err()).isEmpty();
        assertThat(evaluated.code()).isZero();
    }

    /** Goes on where a file may be as large as the model, but not as large as the moments. */
    private void runOutOfDisk(Path out) throws Exception {
        long kibibytes = Files.size(model.resolve("model.safetensors")) / 1024 + 2;
        File output = work.resolve("limited.txt").toFile();
        Process process =
                Tiny.start(Tiny.limited(kibibytes, Tiny.line(training(out, STEPS))), output);
        started.add(process);
        assertThat(process.waitFor()).isEqualTo(1);
        List<String> said = Files.readAllLines(output.toPath());
        assertThat(said).as("of libraries").noneMatch(text -> text.contains("Warning:"));
        assertThat(said)
                .filteredOn(text -> text.startsWith("diagonal"))
                .singleElement()
                .asString()
                .matches(
                        "diagonal fine-tune: \\Q%s\\E/step-\\d+/optimizer.safetensors: could not be written: File too large"
                                .formatted(out.resolve("checkpoints")));
    }

    @Test
    void aSecondProcessOnTheSameFolderIsRefusedWhileTheFirstGoesOn() throws Exception {
        Path out = work.resolve("twice");
        int endless = 1_000_000;
        Process first = start(out, endless);
        Tiny.awaitRows(first, output(out), out, 6);

        Toy.Result second = Tiny.run(training(out, endless));
        assertThat(second.code()).isEqualTo(1);
        assertThat(second.errors())
                .containsExactly(
                        "diagonal fine-tune: " + out + ": another process is working on it");
        Toy.Result evaluated =
                Tiny.run("evaluate", "--model", out, "--data", work.resolve("valid.txt"));
        assertThat(evaluated.code()).isEqualTo(1);
        assertThat(evaluated.err())
                .contains(out + ": is a run that has not finished; its last checkpoint is " + out);

        long rows = Tiny.rows(out);
        Tiny.awaitRows(first, output(out), out, rows + 5);
        assertThat(first.isAlive()).isTrue();
        first.destroyForcibly().waitFor();
    }
}
