package org.diagonal.eval.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.diagonal.eval.cli.Tiny;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that trains and evaluates for hundreds of steps does not grow. */
final class MemoryTest {

    private static final long MIB = 1 << 20;

    /** Smaller than the smallest activation, 8 · 64 · 32 floats, times the steps in between. */
    private static final long ALLOWED = 8 * MIB;

    @Test
    @Timeout(180)
    void threeHundredStepsAndEvaluationsNeedTheMemoryOfFifty(@TempDir Path work) throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/self/status")), "memory is read from Linux's /proc");
        Path model = Tiny.model(work.resolve("model"), Gpt2Config.fresh(256, 64, 32, 2, 2), 3);
        Path text = Tiny.text(work.resolve("text.txt"), 60, 1);
        Path valid = Tiny.text(work.resolve("valid.txt"), 20, 2);
        Path out = work.resolve("out");
        File output = work.resolve("output.txt").toFile();
        Process process =
                Tiny.start(
                        Tiny.line(
                                "fine-tune",
                                "--model",
                                model,
                                "--data",
                                text,
                                "--valid-data",
                                valid,
                                "--out",
                                out,
                                "--scalings",
                                "both",
                                "--max-steps",
                                100_000,
                                "--batch-size",
                                8,
                                "--lr",
                                0, // nothing improves, so nothing is saved
                                "--eval-every",
                                1,
                                "--save-every",
                                100_000,
                                "--threads",
                                1),
                        output);
        try {
            Tiny.awaitRows(process, output, out, 50);
            long early = resident(process);
            Tiny.awaitRows(process, output, out, 300);
            assertThat(resident(process) - early).isLessThan(ALLOWED);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    /** Resident bytes; the Java heap is of fixed size and touched from the beginning. */
    private static long resident(Process process) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                .findFirst()
                .orElseThrow();
    }
}
