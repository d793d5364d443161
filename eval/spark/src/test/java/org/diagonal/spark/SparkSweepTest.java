package org.diagonal.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sweeps on a real cluster of processes on this machine: a master, two executors and a process for
 * each trial.
 */
@Tag("spark")
@Timeout(1200)
final class SparkSweepTest {

    private static final String CLUSTER = "local-cluster[2,1,1024]";

    private static final String SWEEP =
            """
            base: {task: aba-abb, n: 16, arms: [none, qk], trials: 2, seed: 1000, epochs: 30}
            grid: {lr: [1e-3, 3e-3]}
            """;

    @TempDir static Path shared;
    private static Path driver;

    @TempDir Path work;

    /** The archive that the launcher would build. */
    @BeforeAll
    static void buildTheDriver() throws Exception {
        Path classes =
                Path.of(Driver.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        driver = shared.resolve("diagonal-spark.jar");
        try (OutputStream out = Files.newOutputStream(driver);
                JarOutputStream jar = new JarOutputStream(out);
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                jar.putNextEntry(
                        new JarEntry(classes.relativize(file).toString().replace('\\', '/')));
                Files.copy(file, jar);
                jar.closeEntry();
            }
        }
    }

    private Process start(String sweep, String out, String... more) throws IOException {
        Path file = Files.writeString(work.resolve("sweep.yaml"), sweep);
        List<String> words = new ArrayList<>(List.of("sweep", file.toString()));
        words.addAll(List.of(more));
        return start(words, out);
    }

    private Process start(List<String> words, String out) throws IOException {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(List.of("-Xmx512m", "-Dai.djl.offline=true"));
        line.addAll(
                List.of("-Dai.djl.pytorch.graph_optimizer=false", "-Ddiagonal.spark=" + driver));
        line.add("org.diagonal.eval.Main");
        line.addAll(words);
        line.addAll(List.of("--quiet", "--out", work.resolve(out).toString()));
        ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        builder.environment().put("SPARK_HOME", home().toString());
        builder.redirectOutput(work.resolve(out + ".log").toFile());
        return builder.start();
    }

    private static Path home() {
        return Path.of(
                System.getProperty("diagonal.root"), "eval", "spark", "target", "spark-home");
    }

    private void run(String sweep, String out, String... more) throws Exception {
        int code = start(sweep, out, more).waitFor();
        assertThat(code).as(Files.readString(work.resolve(out + ".log"))).isZero();
    }

    private List<Path> trials(String out) throws IOException {
        Path folder = work.resolve(out).resolve("trials");
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
        }
    }

    /** All but the times. */
    private static String figures(Path trial) throws IOException {
        return Files.readString(trial)
                .replaceAll("\"seconds\" : [^,}\\s]+", "")
                .replaceAll("\"threads\" : \"[0-9]+\"", "");
    }

    private void assertSame(String one, String other) throws IOException {
        List<Path> ours = trials(one);
        List<Path> theirs = trials(other);
        assertThat(ours).hasSize(8).hasSameSizeAs(theirs);
        for (int i = 0; i < ours.size(); i++) {
            assertThat(ours.get(i).getFileName()).isEqualTo(theirs.get(i).getFileName());
            assertThat(figures(ours.get(i))).isEqualTo(figures(theirs.get(i)));
        }
    }

    /** The cluster's processes: executors run trials, and end with what waits for them. */
    private static Optional<ProcessHandle> executor(Process sweep) {
        return sweep.descendants()
                .filter(ProcessHandle::isAlive)
                .filter(
                        process ->
                                process.info().commandLine().orElse("").contains("CoarseGrained"))
                .findFirst();
    }

    @Test
    void anExecutorThatIsKilledLosesNothing() throws Exception {
        Path store = work.resolve("store");
        Process sweep =
                start(SWEEP, "cluster", "--spark", CLUSTER, "--store", store.toUri().toString());
        await(sweep, () -> !trials("cluster").isEmpty());
        assertThat(executor(sweep).map(ProcessHandle::destroyForcibly)).contains(true);
        int code = sweep.waitFor();
        assertThat(code).as(Files.readString(work.resolve("cluster.log"))).isZero();
        run(SWEEP, "here", "--threads", "1");
        assertSame("cluster", "here");
        try (Stream<Path> kept = Files.list(store)) {
            assertThat(kept.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(
                            trials("here").stream()
                                    .map(file -> file.getFileName().toString())
                                    .toList());
        }
    }

    @Test
    void aDriverThatIsKilledLosesNoTrialThatHadEnded() throws Exception {
        Process sweep = start(SWEEP, "killed", "--spark", CLUSTER);
        await(sweep, () -> trials("killed").size() >= 2);
        List<ProcessHandle> all = sweep.descendants().toList();
        sweep.destroyForcibly().waitFor();
        for (ProcessHandle process : all) {
            process.onExit().join(); // nothing outlives the sweep
        }
        List<Path> before = trials("killed");
        List<String> texts = new ArrayList<>();
        for (Path trial : before) {
            texts.add(Files.readString(trial));
        }
        run(SWEEP, "killed", "--spark", CLUSTER);
        assertThat(trials("killed")).hasSize(8);
        for (int i = 0; i < before.size(); i++) {
            assertThat(before.get(i)).hasContent(texts.get(i)); // its seconds, too
        }
    }

    @Test
    void aProcessOfATrialThatIsKilledIsStartedAgain() throws Exception {
        Process sweep = start(SWEEP, "worker", "--spark", CLUSTER);
        await(sweep, () -> !trials("worker").isEmpty());
        await(sweep, () -> worker(sweep, " trials ").isPresent());
        worker(sweep, " trials ").ifPresent(ProcessHandle::destroyForcibly);
        int code = sweep.waitFor();
        assertThat(code).as(Files.readString(work.resolve("worker.log"))).isZero();
        run(SWEEP, "here", "--threads", "1");
        assertSame("worker", "here");
    }

    private static Optional<ProcessHandle> worker(Process job, String word) {
        return job.descendants()
                .filter(ProcessHandle::isAlive)
                .filter(
                        process -> {
                            String line = process.info().commandLine().orElse("");
                            return line.contains("eval.Main" + word) && !line.contains("CoarseGr");
                        })
                .findFirst();
    }

    private static List<String> comparison(String... more) {
        List<String> words =
                new ArrayList<>(
                        List.of("compare", "--model", "nano", "--data", "europarl", "--arms"));
        words.addAll(List.of("none,qk", "--seeds", "2", "--max-steps", "3", "--threads", "1"));
        words.addAll(List.of("--max-train-samples", "60", "--max-eval-samples", "12"));
        words.addAll(List.of(more));
        return words;
    }

    /** All but the times, and where runs lie. */
    private String compared(String out) throws IOException {
        return Files.readString(work.resolve(out).resolve("compare.json"))
                .replaceAll("\"[a-z_]*seconds\" : [^,}\\s]+", "")
                .replace(work.resolve(out).toString(), "");
    }

    @Test
    void aComparisonOnAClusterIsThatOfThisMachine() throws Exception {
        Process job = start(comparison("--spark", CLUSTER), "compared");
        Path first = work.resolve("compared").resolve("none-seed42").resolve("result.json");
        await(job, () -> Files.exists(first));
        worker(job, " compare ").ifPresent(ProcessHandle::destroyForcibly);
        int code = job.waitFor();
        assertThat(code).as(Files.readString(work.resolve("compared.log"))).isZero();
        assertThat(start(comparison(), "alone").waitFor()).isZero();
        assertThat(compared("compared")).isEqualTo(compared("alone"));
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    private static void await(Process process, Condition condition) throws Exception {
        Instant end = Instant.now().plus(Duration.ofMinutes(8));
        while (!condition.holds()) {
            assertThat(process.isAlive()).isTrue();
            assertThat(Instant.now()).isBefore(end);
            Thread.sleep(50);
        }
    }
}
