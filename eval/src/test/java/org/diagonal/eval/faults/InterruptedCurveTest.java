package org.diagonal.eval.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.diagonal.eval.cli.Tiny;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code curve --jobs 2}, asked to end and started again. */
@Timeout(300)
@Tag("process")
final class InterruptedCurveTest {

    private static final int TERMINATED = 128 + 15;
    private static final int TRIALS = 4 * 2;

    @TempDir static Path work;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void endWhatIsLeft() {
        started.forEach(Process::destroyForcibly);
    }

    private static Object[] curve(Path out, int jobs) {
        return new Object[] {
            "curve",
            "--data",
            "task:same-different",
            "--n",
            4,
            "--trials",
            4,
            "--arms",
            "none,both",
            "--epochs",
            150,
            "--valid-n",
            4,
            "--test-n",
            8,
            "--width",
            16,
            "--heads",
            2,
            "--head-width",
            8,
            "--mlp-width",
            16,
            "--out",
            out,
            "--jobs",
            jobs,
            "--threads",
            2,
        };
    }

    private static List<Path> trials(Path out) throws IOException {
        if (!Files.isDirectory(out.resolve("trials"))) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(out.resolve("trials"))) {
            return files.filter(file -> file.toString().endsWith(".json")).toList();
        }
    }

    /** Of every trial what does not depend on time. */
    private static SortedMap<String, JsonNode> results(Path out) throws IOException {
        SortedMap<String, JsonNode> results = new TreeMap<>();
        for (Path file : trials(out)) {
            JsonNode result = new ObjectMapper().readTree(file.toFile()).path("result");
            ((com.fasterxml.jackson.databind.node.ObjectNode) result).remove("seconds");
            results.put(file.getFileName().toString(), result);
        }
        return results;
    }

    @Test
    void aCurveOfTwoProcessesThatIsAskedToEndGoesOnToTheSameTrials() throws Exception {
        Path whole = work.resolve("whole");
        assertThat(Tiny.run(curve(whole, 1)).code()).isZero();

        Path out = work.resolve("stopped");
        File output = work.resolve("output.txt").toFile();
        Process process = Tiny.start(Tiny.line(curve(out, 2)), output);
        started.add(process);
        while (trials(out).isEmpty()) {
            assertThat(process.isAlive()).as(Files.readString(output.toPath())).isTrue();
            Thread.sleep(5);
        }
        List<ProcessHandle> workers = process.children().toList();
        assertThat(workers).hasSize(2);
        process.destroy();
        assertThat(process.waitFor()).isEqualTo(TERMINATED);
        assertThat(Files.readString(output.toPath()))
                .contains("Stopped; run the same command again to finish the other trials.");
        assertThat(workers).noneMatch(ProcessHandle::isAlive);
        assertThat(trials(out)).hasSizeBetween(1, TRIALS - 1);
        assertThat(out.resolve("curve.json")).doesNotExist();

        Process again = Tiny.start(Tiny.line(curve(out, 2)), output);
        started.add(again);
        assertThat(again.waitFor()).as(Files.readString(output.toPath())).isZero();
        assertThat(results(out)).hasSize(TRIALS).isEqualTo(results(whole));
        assertThat(out.resolve("curve.csv")).exists();
    }
}
