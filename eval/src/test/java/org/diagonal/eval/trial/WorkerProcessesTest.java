package org.diagonal.eval.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.diagonal.eval.curve.CurveJob;
import org.diagonal.eval.curve.CurvePlan;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real processes that share a folder of trials. */
@Timeout(180)
@Tag("process")
final class WorkerProcessesTest {

    private static final int TERMINATED = 128 + 15;

    @TempDir Path work;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void endWhatIsLeft() {
        started.forEach(Process::destroyForcibly);
    }

    private static WorkerProcesses workers(Path out, int count, String... more) {
        List<String> arguments = new ArrayList<>(List.of(out.toString(), "100"));
        arguments.addAll(List.of(more));
        return new WorkerProcesses(FakeTrials.class.getName(), arguments, count);
    }

    private static List<String> log(Path out, String what) throws Exception {
        Path log = Path.of(out + ".log");
        return Files.exists(log)
                ? Files.readAllLines(log).stream().filter(line -> line.startsWith(what)).toList()
                : List.of();
    }

    private static void awaitBegun(Path out, int count, Process process) throws Exception {
        while (log(out, "begin").size() < count) {
            assertThat(process.isAlive()).isTrue();
            Thread.sleep(20);
        }
    }

    @Test
    void processesShareTheTrialsAndDoNoneTwice() throws Exception {
        Path out = work.resolve("out");
        CurvePlan plan = FakeTrials.slowPlan();
        Optional<CurveJob.Outcome> outcome =
                new CurveJob(plan, Shard.WHOLE, false)
                        .run(out, FakeTrials.elsewhere(out, workers(out, 2)));
        assertThat(outcome.orElseThrow().curve()).isPresent();
        List<String> ends = log(out, "end");
        assertThat(ends).hasSize(8);
        Set<String> processes = new HashSet<>();
        Set<String> trials = new HashSet<>();
        for (String end : ends) {
            trials.add(end.split(" ", -1)[1]);
            processes.add(end.split(" ", -1)[2]);
        }
        assertThat(trials).hasSize(8);
        assertThat(processes).hasSize(2).doesNotContain("" + ProcessHandle.current().pid());

        // What is finished costs no process.
        WorkerProcesses none = new WorkerProcesses("no.such.Program", List.of(), 2);
        assertThat(new CurveJob(plan, Shard.WHOLE, false).run(out, FakeTrials.elsewhere(out, none)))
                .isEqualTo(outcome);
    }

    @Test
    void aProcessThatFailsEndsTheOthersAndIsQuoted() {
        Path out = work.resolve("failing");
        assertThatThrownBy(
                        () ->
                                new CurveJob(FakeTrials.slowPlan(), Shard.WHOLE, false)
                                        .run(
                                                out,
                                                FakeTrials.elsewhere(out, workers(out, 2, "fail"))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageEndingWith("failed")
                .hasMessageStartingWith("aba-abb, template-transformer, ");
        assertThat(out.resolve("curve.json")).doesNotExist();
    }

    /** A parent in a process of its own, so that it can be ended. */
    public static void main(String[] args) throws Exception {
        Path out = Path.of(args[0]);
        WorkerProcesses endless =
                new WorkerProcesses(
                        FakeTrials.class.getName(), List.of(out.toString(), "100000"), 2);
        Optional<CurveJob.Outcome> outcome =
                new CurveJob(FakeTrials.slowPlan(), Shard.WHOLE, false)
                        .run(out, FakeTrials.elsewhere(out, endless));
        System.exit(outcome.isPresent() ? 0 : 1);
    }

    private Process startParent(Path out) throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:TieredStopAtLevel=1",
                        WorkerProcessesTest.class.getName(),
                        out.toString());
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        builder.redirectErrorStream(true).redirectOutput(new File(out + ".txt"));
        Process parent = builder.start();
        started.add(parent);
        return parent;
    }

    private static List<ProcessHandle> children(Process parent) {
        try (Stream<ProcessHandle> children = parent.children()) {
            return children.toList();
        }
    }

    @Test
    void aParentThatIsAskedToEndEndsItsProcessesAndLeavesNothingHalfWritten() throws Exception {
        Path out = work.resolve("terminated");
        Process parent = startParent(out);
        awaitBegun(out, 2, parent);
        List<ProcessHandle> children = children(parent);
        assertThat(children).hasSize(2);
        parent.destroy();
        assertThat(parent.waitFor()).isEqualTo(TERMINATED);
        assertThat(children).noneMatch(ProcessHandle::isAlive);
        assertThat(log(out, "stop")).hasSize(2);
        assertNothingWritten(out);
    }

    @Test
    void processesEndWithAParentThatWasKilled() throws Exception {
        Path out = work.resolve("killed");
        Process parent = startParent(out);
        awaitBegun(out, 2, parent);
        List<ProcessHandle> children = children(parent);
        parent.destroyForcibly().waitFor();
        for (ProcessHandle child : children) {
            child.onExit().get();
        }
        assertThat(log(out, "stop")).hasSize(2);
        assertNothingWritten(out);

        // Their claims have ended with them.
        Optional<CurveJob.Outcome> again =
                new CurveJob(FakeTrials.slowPlan(), Shard.WHOLE, false)
                        .run(out, FakeTrials.here(out, new FakeTrials()));
        assertThat(again.orElseThrow().curve()).isPresent();
    }

    private static void assertNothingWritten(Path out) throws Exception {
        try (Stream<Path> files = Files.list(out.resolve("trials"))) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactly(".claims");
        }
        assertThat(out.resolve("curve.json")).doesNotExist();
    }
}
