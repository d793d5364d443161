package org.diagonal.eval.trial;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.diagonal.eval.curve.Curve;
import org.diagonal.eval.curve.CurveJob;
import org.diagonal.eval.curve.CurvePlan;
import org.diagonal.eval.measure.MeasuredModel;
import org.diagonal.eval.measure.accuracy.Labels;
import org.diagonal.eval.measure.accuracy.RealTally;
import org.diagonal.eval.measure.accuracy.TaskEvaluation;
import org.diagonal.eval.measure.accuracy.TaskEvaluation.Subject;
import org.diagonal.eval.measure.accuracy.TaskEvaluation.Symbols;
import org.diagonal.eval.source.Reporter;
import org.diagonal.eval.task.NetworkKind;
import org.diagonal.plugin.identity.Arm;
import org.diagonal.plugin.kernels.Precision;

/** Trials that are over in a moment: the loss follows from the configuration. */
public final class FakeTrials implements TrialRunner {

    public static final Trial.Task TASK =
            new Trial.Task("aba-abb", "abcd", Labels.REAL, Optional.empty());

    private static final int TEST = 4;

    public final List<Trial> run = new ArrayList<>();

    public static CurvePlan plan(List<Arm> arms, List<Integer> n, int trials) {
        return new CurvePlan(settings(TASK, 7, 1000), arms, n, trials);
    }

    /** Of the paper's transformer. */
    public static Curve.Settings settings(Trial.Task task, long seed, int epochs) {
        return new Curve.Settings(
                task,
                network(NetworkKind.TEMPLATE_TRANSFORMER),
                seed,
                new Trial.Training(epochs, 1024, 1e-3, 1e-2, Precision.F32),
                new CurvePlan.Samples(OptionalInt.empty(), 100, 100, TEST, 100),
                Optional.empty());
    }

    /** A network with the paper's sizes. */
    public static Trial.Network network(NetworkKind kind) {
        return new Trial.Network(kind, kind.sizes(), Optional.empty(), Optional.empty());
    }

    /** Runs batches in this process. */
    public static TrialBatch.Running here(Path out, TrialRunner runner) {
        return trials -> trials.run(out, runner, new Quiet());
    }

    /** Runs batches in processes of their own. */
    static TrialBatch.Running elsewhere(Path out, TrialWorkers workers) {
        return trials -> trials.runWith(out, workers, new Quiet());
    }

    @Override
    public Optional<TrialResult> run(Trial trial, BooleanSupplier stop) throws IOException {
        run.add(trial);
        return Optional.of(result(trial));
    }

    /**
     * Predictions are off by 10 / n in plain arms and by 1 / n in others, and a bit by the seed.
     */
    public static TrialResult result(Trial trial) {
        double off = (trial.arm().equals(Arm.NONE) ? 10.0 : 1.0) / trial.n() + trial.seed() * 1e-3;
        return new TrialResult(
                3,
                off * off / 2,
                OptionalDouble.empty(),
                evaluation(trial, Symbols.UNSEEN, off),
                evaluation(trial, Symbols.SEEN, 0),
                0.5,
                Map.of("commit", "c0ffee"));
    }

    private static TaskEvaluation evaluation(Trial trial, Symbols symbols, double off) {
        RealTally tally = new RealTally(new TreeSet<>(List.of(-1.0, 1.0)));
        for (int i = 0; i < TEST; i++) {
            double label = i % 2 == 0 ? 1 : -1;
            tally.add("string %d of %d".formatted(i, trial.seed()), label - off, label, label);
        }
        return tally.evaluation(
                new Subject(
                        trial.task().name(),
                        trial.task().sha256(),
                        symbols,
                        MeasuredModel.of("fake")));
    }

    /**
     * One of two processes with slow trials, which notes in a file which it begins and ends.
     *
     * @param args folder, milliseconds a trial, and perhaps {@code fail}
     */
    public static void main(String[] args) throws Exception {
        Path out = Path.of(args[0]);
        Path log = Path.of(args[0] + ".log");
        long millis = Long.parseLong(args[1]);
        TrialRunner slow =
                (trial, stop) -> {
                    note(log, "begin " + trial.hash());
                    if (args.length > 2) {
                        System.err.println("diagonal curve: " + trial.words() + " failed");
                        throw new IllegalStateException("told to fail");
                    }
                    for (long waited = 0; waited < millis || beginners(log) < 2; waited += 20) {
                        if (stop.getAsBoolean()) {
                            note(log, "stop " + trial.hash());
                            return Optional.empty();
                        }
                        pause();
                    }
                    note(log, "end " + trial.hash());
                    return Optional.of(result(trial));
                };
        Optional<CurveJob.Outcome> outcome =
                new CurveJob(slowPlan(), Shard.WHOLE, false).run(out, here(out, slow));
        if (outcome.isEmpty()) {
            System.exit(1); // a signal's own code where there was one
        }
    }

    /** The plan of {@link #main}. */
    static CurvePlan slowPlan() {
        return plan(List.of(Arm.NONE, Arm.QK), List.of(8, 16), 2);
    }

    /** Processes that have begun a trial: none is quicker than the other's start. */
    private static long beginners(Path log) throws IOException {
        return Files.readAllLines(log).stream()
                .map(line -> line.substring(line.lastIndexOf(' ')))
                .distinct()
                .count();
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static synchronized void note(Path log, String line) throws IOException {
        Files.writeString(
                log,
                line + " " + ProcessHandle.current().pid() + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    /** Shows nothing. */
    public static final class Quiet implements Reporter {
        @Override
        public Task begin(String name, long total) {
            return new Task() {
                @Override
                public void step(long done, String message) {}

                @Override
                public void note(String line) {}

                @Override
                public void close() {}
            };
        }

        @Override
        public void note(String line) {}
    }
}
