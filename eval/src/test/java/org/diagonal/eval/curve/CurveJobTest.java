package org.diagonal.eval.curve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.Reader;
import java.nio.channels.FileLock;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.diagonal.eval.measure.MeasuredModel;
import org.diagonal.eval.measure.accuracy.SymbolicTally;
import org.diagonal.eval.measure.accuracy.TaskEvaluation;
import org.diagonal.eval.measure.accuracy.TaskEvaluation.Subject;
import org.diagonal.eval.measure.accuracy.TaskEvaluation.Symbols;
import org.diagonal.eval.trial.FakeTrials;
import org.diagonal.eval.trial.Shard;
import org.diagonal.eval.trial.Trial;
import org.diagonal.eval.trial.TrialBatch;
import org.diagonal.eval.trial.TrialFile;
import org.diagonal.eval.trial.TrialResult;
import org.diagonal.eval.trial.TrialRunner;
import org.diagonal.plugin.files.LockFile;
import org.diagonal.plugin.identity.Arm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class CurveJobTest {

    private static final CurvePlan PLAN =
            FakeTrials.plan(List.of(Arm.NONE, Arm.QK), List.of(16, 64), 3);

    @TempDir Path work;

    private Optional<CurveJob.Outcome> run(CurvePlan plan, Shard shard, TrialRunner runner)
            throws IOException {
        return new CurveJob(plan, shard, false)
                .run(work.resolve("out"), FakeTrials.here(work.resolve("out"), runner));
    }

    private Curve curve(CurvePlan plan) throws IOException {
        return run(plan, Shard.WHOLE, new FakeTrials()).orElseThrow().curve().orElseThrow();
    }

    private static Curve.Line line(Curve curve, Arm arm) {
        return curve.arms().stream()
                .filter(line -> line.arm().equals(arm))
                .findFirst()
                .orElseThrow();
    }

    private static TrialRunner nothing() {
        return (trial, stop) -> {
            throw new AssertionError("nothing was to be run: " + trial);
        };
    }

    @Test
    void meansAndStandardErrorsAreThoseOfHand() throws IOException {
        Curve result = curve(PLAN);
        // Losses at none, n = 16: (0.625 + seed / 1000)² for the seeds 7, 8, 9.
        double a = 0.632 * 0.632;
        double b = 0.633 * 0.633;
        double c = 0.634 * 0.634;
        Curve.Point point = line(result, Arm.NONE).points().get(0);
        assertThat(point.mean()).isCloseTo((a + b + c) / 3, within(1e-12));
        assertThat(point.stderr().orElseThrow()).isCloseTo(7.309255e-4, within(1e-9));
        assertThat(line(result, Arm.NONE).firstBelow()).hasValue(64);
        assertThat(line(result, Arm.QK).firstBelow()).hasValue(16);
        assertThat(point.accuracyUnseenValues()).hasSize(3);
        assertThat(point.accuracyUnseen()).isEqualTo(1);
        assertThat(
                        curve(FakeTrials.plan(List.of(Arm.NONE), List.of(4), 1))
                                .arms()
                                .get(0)
                                .last()
                                .stderr())
                .isEmpty();
    }

    @Test
    void theFigureOfSymbolicLabelsIsTheError() {
        Subject subject = new Subject("copy", "ef", Symbols.UNSEEN, MeasuredModel.of("fake"));
        TaskEvaluation unseen = symbolic(subject, 0, 1, 1, 1);
        TaskEvaluation seen =
                symbolic(
                        new Subject("copy", "ef", Symbols.SEEN, MeasuredModel.of("fake")),
                        0,
                        0,
                        0,
                        0);
        TrialResult result =
                new TrialResult(1, 0.1, OptionalDouble.empty(), unseen, seen, 1, Map.of());
        assertThat(result.figure()).isEqualTo(0.75);
        assertThatThrownBy(
                        () ->
                                new TrialResult(
                                        1, 0.1, OptionalDouble.empty(), seen, unseen, 1, Map.of()))
                .hasMessage("expected a measurement on unseen symbols, found seen");
    }

    /** Answers the given tokens where 0 is right. */
    private static TaskEvaluation symbolic(Subject subject, int... answers) {
        SymbolicTally tally = new SymbolicTally();
        for (int answer : answers) {
            float[] logits = new float[2];
            logits[answer] = 1;
            tally.add("a", logits, 0, Set.of(0, 1));
        }
        return tally.evaluation(subject);
    }

    @Test
    void aFinishedCurveRunsNothing() throws IOException {
        Curve first = curve(PLAN);
        String json = Files.readString(work.resolve("out/curve.json"));
        assertThat(run(PLAN, Shard.WHOLE, nothing()).orElseThrow().curve()).contains(first);
        assertThat(Files.readString(work.resolve("out/curve.json"))).isEqualTo(json);
    }

    @Test
    void anInterruptedCurveGoesOnWhereItStopped() throws IOException {
        FakeTrials begun = new FakeTrials();
        assertThatThrownBy(
                        () ->
                                run(
                                        PLAN,
                                        Shard.WHOLE,
                                        (trial, stop) -> {
                                            if (begun.run.size() == 5) {
                                                throw new IOException("the disk is full");
                                            }
                                            return begun.run(trial, stop);
                                        }))
                .hasMessage("the disk is full");
        assertThat(work.resolve("out/curve.json")).doesNotExist();
        FakeTrials rest = new FakeTrials();
        run(PLAN, Shard.WHOLE, rest);
        assertThat(rest.run).isEqualTo(PLAN.all().subList(5, 12));
    }

    @Test
    void aRunnerThatIsAskedToEndLeavesNothing() throws IOException {
        assertThat(run(PLAN, Shard.WHOLE, (trial, stop) -> Optional.empty())).isEmpty();
        assertThat(work.resolve("out/curve.json")).doesNotExist();
        try (var files = Files.list(work.resolve("out/trials"))) {
            assertThat(files.map(Path::getFileName).map(Path::toString)).containsExactly(".claims");
        }
    }

    @Test
    void moreArmsPointsAndTrialsKeepWhatIsThere() throws IOException {
        curve(PLAN);
        FakeTrials more = new FakeTrials();
        CurvePlan wider =
                FakeTrials.plan(List.of(Arm.NONE, Arm.QK, Arm.OV), List.of(16, 32, 64), 4);
        run(wider, Shard.WHOLE, more);
        assertThat(more.run).hasSize(3 * 3 * 4 - 12).doesNotContainAnyElementsOf(PLAN.all());
    }

    @Test
    void theLastShardDrawsTheCurve() throws IOException {
        CurveJob.Outcome first = run(PLAN, new Shard(1, 2), new FakeTrials()).orElseThrow();
        assertThat(first).isEqualTo(new CurveJob.Outcome(12, 6, Optional.empty()));
        assertThat(work.resolve("out/curve.csv")).doesNotExist();
        FakeTrials second = new FakeTrials();
        assertThat(run(PLAN, new Shard(2, 2), second).orElseThrow().curve()).isPresent();
        assertThat(second.run).hasSize(6);
        assertThat(work.resolve("out/curve.csv")).exists();
    }

    @Test
    void aTrialThatAnotherClaimsIsWaitedForAndNotDoneTwice() throws Exception {
        Path trials = Files.createDirectories(work.resolve("out/trials"));
        Trial claimed = PLAN.all().get(0);
        AtomicBoolean others = new AtomicBoolean();
        try (LockFile elsewhere = LockFile.open(trials.resolve(".claims"))) {
            FileLock lock = elsewhere.tryLock(TrialBatch.place(claimed)).orElseThrow();
            Thread other =
                    new Thread(
                            () -> {
                                try {
                                    Thread.sleep(700);
                                    TrialFile.write(trials, claimed, FakeTrials.result(claimed));
                                    lock.release();
                                    others.set(true);
                                } catch (IOException | InterruptedException e) {
                                    throw new IllegalStateException(e);
                                }
                            });
            other.start();
            FakeTrials mine = new FakeTrials();
            assertThat(run(PLAN, Shard.WHOLE, mine).orElseThrow().curve()).isPresent();
            other.join();
            assertThat(others).isTrue();
            assertThat(mine.run).hasSize(11).doesNotContain(claimed);
        }
    }

    @Test
    void aDamagedTrialIsNamedAndNotOverwritten() throws IOException {
        curve(PLAN);
        Path file = TrialFile.of(work.resolve("out/trials"), PLAN.all().get(3));
        String whole = Files.readString(file);
        for (String damaged :
                List.of(
                        "",
                        whole.substring(0, whole.length() / 2),
                        whole.replace("\"arm\" : \"qk\"", "\"arm\" : \"ov\""),
                        whole.replace("\"best_epoch\" : 3", "\"best_epoch\" : 0"),
                        whole.replace("\"accuracy_bits\" : \"1111\"", "\"accuracy_bits\" : \"1\""),
                        whole.replace("\"seconds\"", "\"hours\""))) {
            assertThat(damaged).isNotEqualTo(whole);
            Files.writeString(file, damaged);
            assertThatThrownBy(() -> run(PLAN, Shard.WHOLE, nothing()))
                    .isInstanceOf(FileSystemException.class)
                    .hasMessageStartingWith(file + ": ")
                    .hasMessageEndingWith("; delete it to have the trial done again")
                    .hasMessageNotContaining("\n");
            assertThat(file).hasContent(damaged);
        }
        Files.delete(file);
        FakeTrials again = new FakeTrials();
        run(PLAN, Shard.WHOLE, again);
        assertThat(again.run).containsExactly(PLAN.all().get(3));
        assertThat(file).hasContent(whole);
    }

    @Test
    void aFolderWithAnotherCurveOrARunIsRefused() throws IOException {
        curve(PLAN);
        CurvePlan other =
                new CurvePlan(
                        FakeTrials.settings(FakeTrials.TASK, 7, 500),
                        PLAN.arms(),
                        PLAN.n(),
                        PLAN.trials());
        assertThatThrownBy(() -> run(other, Shard.WHOLE, nothing()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        work.resolve("out")
                                + " holds a curve with training.epochs 1000, not 500; choose"
                                + " another folder");
        Path run = Files.createDirectories(work.resolve("run"));
        Files.writeString(run.resolve("run.json"), "{}");
        assertThatThrownBy(
                        () ->
                                new CurveJob(PLAN, Shard.WHOLE, false)
                                        .run(run, FakeTrials.here(run, nothing())))
                .hasMessage(
                        run
                                + ": holds a run.json, and cannot become a curve; choose another"
                                + " folder");
    }

    @Test
    void theFilesHoldThePapersCurveBesideOurs() throws IOException {
        curve(PLAN);
        try (Reader reader = Files.newBufferedReader(work.resolve("out/curve.csv"))) {
            List<CSVRecord> rows =
                    CSVFormat.DEFAULT.builder().setHeader().get().parse(reader).getRecords();
            assertThat(rows).hasSize(4);
            CSVRecord row = rows.get(1);
            assertThat(row.get("arm")).isEqualTo("qk");
            assertThat(row.get("n")).isEqualTo("16");
            assertThat(row.get("metric")).isEqualTo("test loss");
            assertThat(row.get("paper_figure")).isEqualTo("diff_architectures_gotu");
            assertThat(row.get("paper_mean")).isEqualTo("0.63099366");
            assertThat(row.get("paper_stderr")).isEqualTo("0.16196759");
        }
        JsonNode json = new ObjectMapper().readTree(work.resolve("out/curve.json").toFile());
        JsonNode qk = json.path("arms").path(1);
        assertThat(qk.path("first_n_below").asInt()).isEqualTo(16);
        assertThat(qk.path("paper").path("first_n_below").asInt()).isEqualTo(32);
        assertThat(qk.path("points").path(0).path("values")).hasSize(3);
        JsonNode point = qk.path("points").path(0);
        JsonNode against = point.path("against_first");
        for (int i = 0; i < 3; i++) {
            assertThat(against.path("values").path(i).doubleValue())
                    .isEqualTo(
                            point.path("values").path(i).doubleValue()
                                    - json.at("/arms/0/points/0/values").path(i).doubleValue());
        }
        double mean = point.path("mean").doubleValue();
        double half = 4.302652729749464 * point.path("stderr").doubleValue();
        assertThat(point.path("ci95").path(0).doubleValue()).isCloseTo(mean - half, within(1e-9));
        assertThat(point.path("ci95").path(1).doubleValue()).isCloseTo(mean + half, within(1e-9));
        assertThat(point.path("accuracy_unseen_values")).hasSize(3);
        assertThat(json.path("commits").path(0).asText()).isEqualTo("c0ffee");
        assertThat(json.path("paper_source").asText()).contains("2310.09753", "35a75ac");
    }
}
