package org.diagonal.eval.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.diagonal.eval.cli.Tiny;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes killed at random moments, many times each, and a power cut after which a file that was
 * not brought to disk is empty: the same command then ends with the same bytes. Outside the usual
 * tests; {@code -Ddiagonal.kills} says how many kills, {@code -Ddiagonal.seed} when.
 */
@Tag("kills")
final class KillTest {

    private static final int KILLED = 128 + 9;

    @TempDir Path work;

    private final SplittableRandom random = new SplittableRandom(Long.getLong("diagonal.seed", 1));
    private Path model;
    private Path text;

    @BeforeEach
    void inputs() throws IOException {
        model = Tiny.model(work.resolve("model"), 16, 3);
        text = Tiny.text(work.resolve("text.txt"), 40, 1);
        Files.writeString(
                work.resolve("grid.yaml"),
                """
                base:   {task: aba-abb, n: 8, trials: 2, epochs: 20, valid-n: 4, test-n: 4, network: mlp}
                grid:   {lr: [1e-3, 3e-3], width: [8, 16]}
                select: {over: lr, seeds: [5]}
                figure: {x: width}
                """);
    }

    /** A fifth of the kills each. */
    private static int kills() {
        return Integer.getInteger("diagonal.kills", 200) / 5;
    }

    private Object[] tune(Path out) {
        return new Object[] {
            "fine-tune",
            "--quiet",
            "--model",
            model,
            "--data",
            text,
            "--valid-data",
            text,
            "--out",
            out,
            "--scalings",
            "both",
            "--max-steps",
            60,
            "--save-every",
            3,
            "--eval-every",
            5,
            "--batch-size",
            4,
            "--lr",
            1e-2,
            "--threads",
            1
        };
    }

    private Object[] compare(Path out) {
        return new Object[] {
            "compare",
            "--quiet",
            "--model",
            model,
            "--data",
            text,
            "--test-data",
            text,
            "--valid-data",
            text,
            "--out",
            out,
            "--arms",
            "none,both",
            "--max-steps",
            30,
            "--save-every",
            3,
            "--eval-every",
            5,
            "--batch-size",
            4,
            "--lr",
            1e-2,
            "--threads",
            1
        };
    }

    private static Object[] curve(Path out) {
        return new Object[] {
            "curve",
            "--quiet",
            "--data",
            "task:aba-abb",
            "--network",
            "mlp",
            "--n",
            "4,8",
            "--trials",
            6,
            "--epochs",
            20,
            "--valid-n",
            4,
            "--test-n",
            4,
            "--jobs",
            2,
            "--threads",
            1,
            "--out",
            out
        };
    }

    private Object[] export(Path out) {
        return new Object[] {
            "export",
            "--quiet",
            "--model",
            model,
            "--dtype",
            "fp32,fp16,q8,q4",
            "--demo",
            "--out",
            out
        };
    }

    private Object[] sweep(Path out) {
        Path file = work.resolve("grid.yaml");
        return new Object[] {"sweep", file, "--quiet", "--jobs", 2, "--threads", 2, "--out", out};
    }

    /** How to end up in a folder. */
    @FunctionalInterface
    private interface Command {
        Object[] into(Path out);
    }

    private void survives(String name, Command command) throws Exception {
        Path whole = work.resolve(name + "-whole");
        long begin = System.nanoTime();
        assertThat(exit(command.into(whole), Long.MAX_VALUE)).isZero();
        long usual = (System.nanoTime() - begin) / 1_000_000;
        Map<String, String> expected = bytes(whole);
        Path out = work.resolve(name);
        int killed = 0;
        for (int tries = 0; killed < kills(); tries++) {
            assertThat(tries).as("%s ends before it is killed", name).isLessThan(20 * kills() + 20);
            int code = exit(command.into(out), random.nextLong(usual / 3, usual + usual / 10));
            killed += code == KILLED ? 1 : 0;
            if (code == 0) {
                assertSame(out, expected);
                remove(out);
            } else {
                assertThat(code).isEqualTo(KILLED);
                if (name.equals("export") && Files.exists(out)) { // whole as soon as it is there
                    assertSame(out, expected);
                    remove(out);
                }
            }
        }
        assertThat(exit(command.into(out), Long.MAX_VALUE)).isZero();
        assertSame(out, expected);
    }

    /** Runs a command, which is killed after some time. */
    private int exit(Object[] words, long milliseconds) throws Exception {
        File output = work.resolve("output").toFile();
        List<String> line = new ArrayList<>(Tiny.line(words));
        int classPath = line.indexOf("-cp"); // ONNX Runtime takes no long command line
        ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
        builder.environment().put("CLASSPATH", line.get(classPath + 1));
        line.subList(classPath, classPath + 2).clear();
        Process process = builder.command(line).redirectOutput(output).start();
        if (!process.waitFor(milliseconds, TimeUnit.MILLISECONDS)) {
            process.destroyForcibly().waitFor();
        }
        int code = process.exitValue();
        if (code != 0 && code != KILLED) {
            throw new AssertionError(Arrays.toString(words) + Files.readString(output.toPath()));
        }
        return code;
    }

    private static void remove(Path tree) throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path each : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(each);
            }
        }
    }

    /** What must be the same: not times, names of places, nor pages that show them. */
    private static Map<String, String> bytes(Path folder) throws IOException {
        Map<String, String> bytes = new TreeMap<>();
        Tiny.bytes(folder)
                .forEach(
                        (name, content) ->
                                bytes.put(
                                        name,
                                        content.replaceAll("(?m)^.*[sS]econds.*$", "")
                                                .replaceAll(folder.toString(), "OUT")));
        bytes.computeIfPresent(
                "curve.csv", (name, rows) -> rows.replaceAll("(?m),[^,]*,[^,]*,[^,]*,[^,]*$", ""));
        bytes.computeIfPresent("points.csv", (name, rows) -> rows.replaceAll("(?m),[^,]*$", ""));
        bytes.computeIfPresent(
                "trials.csv", (name, rows) -> rows.replaceAll("(?m),[^,]*,[^,]*$", ""));
        bytes.keySet().removeIf(name -> name.endsWith(".html") || name.endsWith(".claim"));
        return bytes;
    }

    /** Names the files that are not the same: their bytes say nothing to a reader. */
    private static void assertSame(Path folder, Map<String, String> expected) throws IOException {
        Map<String, String> found = bytes(folder);
        assertThat(found).containsOnlyKeys(expected.keySet());
        assertThat(found.keySet())
                .allMatch(name -> found.get(name).equals(expected.get(name)), "has the same bytes");
    }

    @Test
    void aFineTuningSurvivesKills() throws Exception {
        survives("fine-tune", this::tune);
    }

    @Test
    void aComparisonSurvivesKills() throws Exception {
        survives("compare", this::compare);
    }

    @Test
    void aCurveWithJobsSurvivesKills() throws Exception {
        survives("curve", KillTest::curve);
    }

    @Test
    void aSweepWithJobsSurvivesKills() throws Exception {
        survives("sweep", this::sweep);
    }

    @Test
    void anExportSurvivesKills() throws Exception {
        survives("export", this::export);
    }

    /** How often the power is cut, of a run and of a cache each. */
    private static int cuts() {
        return Integer.getInteger("diagonal.cuts", 10);
    }

    @Test
    void aRunSurvivesPowerCuts() throws Exception {
        assumeTrue(PowerCut.isPossible(), "no strace to know by what was brought to disk");
        Path whole = work.resolve("whole");
        assertThat(exit(tune(whole), Long.MAX_VALUE)).isZero();
        Path out = work.resolve("out");
        for (int i = 0; i < cuts(); i++) {
            cut(tune(out), out, random.nextLong(500, 8000));
        }
        assertThat(exit(tune(out), Long.MAX_VALUE)).isZero();
        assertSame(out, bytes(whole));
    }

    @Test
    void aCacheSurvivesPowerCuts() throws Exception {
        assumeTrue(PowerCut.isPossible(), "no strace to know by what was brought to disk");
        Object[] evaluate = {
            "evaluate", "--quiet", "--model", "nano", "--data", text, "--threads", 1, "--json", "-"
        };
        Path cache = work.resolve("cache");
        String expected = Tiny.run(evaluate).out().replaceAll("(?m)^.*seconds.*$", "");
        for (int i = 0; i < cuts(); i++) {
            cut(evaluate, cache, random.nextLong(300, 3000));
        }
        Path output = work.resolve("output");
        cut(evaluate, cache, 600_000);
        assertThat(Files.readString(output).replaceAll("(?m)^.*seconds.*$", ""))
                .isEqualTo(expected);
    }

    private void cut(Object[] words, Path below, long milliseconds) throws Exception {
        PowerCut.run(
                Tiny.line(words),
                work.resolve("cache"),
                below,
                work.resolve("trace"),
                work.resolve("output"),
                milliseconds);
    }
}
