package org.diagonal.eval.curve;

import java.io.IOException;
import java.nio.channels.FileLock;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.diagonal.eval.source.Interruption;
import org.diagonal.eval.source.OutFolder;
import org.diagonal.eval.source.Reporter;
import org.diagonal.plugin.files.LockFile;
import org.diagonal.plugin.run.RunFolder;

/**
 * Runs the trials of a curve that have no file yet, and draws the curve once all have one.
 *
 * <p>Any number of processes may work in the same folder: each claims a trial before it begins, and
 * waits for what others have claimed.
 *
 * @param plan the curve
 * @param shard this job's share of its trials
 */
public record CurveJob(CurvePlan plan, Shard shard) {

    private static final OutFolder OUT =
            new OutFolder("curve", CurveFiles.JSON, "curve\\.json|trials");

    private static final String TRIALS = "trials";
    private static final String CLAIMS = ".claims";

    /** Hexadecimal digits of the hash that make a place: all systems lock at 48 bits. */
    private static final int PLACE_DIGITS = 12;

    private static final long POLL_MILLIS = 300;
    private static final String STOPPED =
            "Stopped; the same command goes on with the trials that are not finished.";

    /**
     * How a job ended.
     *
     * @param trials of the whole curve
     * @param missing of these, the ones that other shards have not run yet
     * @param curve the whole curve, if nothing is missing
     */
    public record Outcome(int trials, int missing, Optional<CurveResult> curve) {}

    /**
     * Trains in this process, one trial after the other. A signal to end the process ends the trial
     * as well, which then leaves nothing.
     *
     * @param out holds {@code trials/}, {@code curve.csv} and {@code curve.json}
     * @return empty if the process was asked to end
     * @throws IllegalArgumentException if the folder holds another curve; before anything is run
     * @throws FileSystemException naming a trial's file that cannot be read, or a place that cannot
     *     be written to
     */
    public Optional<Outcome> run(Path out, TrialRunner runner, Reporter reporter)
            throws IOException {
        List<Trial> pending = prepare(out);
        boolean whole = true;
        if (!pending.isEmpty()) {
            try (Interruption interruption = new Interruption();
                    Reporter.Task task = begin(reporter)) {
                BooleanSupplier orphan = WorkerProcesses.parentIsGone();
                whole =
                        train(
                                out.resolve(TRIALS),
                                pending,
                                runner,
                                task,
                                () -> interruption.getAsBoolean() || orphan.getAsBoolean());
                if (!whole) {
                    task.note(STOPPED);
                }
            }
        }
        return whole ? Optional.of(finish(out)) : Optional.empty();
    }

    /**
     * The same in processes of their own, which end when this one does.
     *
     * @throws IllegalStateException with the words of a process that failed; the others are ended
     */
    public Optional<Outcome> run(Path out, WorkerProcesses workers, Reporter reporter)
            throws IOException {
        List<Trial> pending = prepare(out);
        boolean whole = true;
        if (!pending.isEmpty()) {
            try (Interruption interruption = new Interruption();
                    Reporter.Task task = begin(reporter)) {
                whole = watch(out.resolve(TRIALS), pending, workers, task, interruption);
                if (!whole) {
                    task.note(STOPPED);
                }
            }
        }
        return whole ? Optional.of(finish(out)) : Optional.empty();
    }

    /** Checks everything, makes the folder, and finds the trials without a file. */
    private List<Trial> prepare(Path out) throws IOException {
        if (Files.exists(out.resolve(RunFolder.RUN))) {
            throw new FileSystemException(
                    out.toString(), null, "is a run, and cannot become a curve");
        }
        OUT.require(out);
        CurveFiles.requireSame(out, plan);
        Path trials = out.resolve(TRIALS);
        List<Trial> pending = new ArrayList<>();
        for (Trial trial : shard.of(plan.all())) {
            if (TrialFile.read(trials, trial).isEmpty()) {
                pending.add(trial);
            }
        }
        if (!pending.isEmpty()) {
            Files.createDirectories(trials);
        }
        return pending;
    }

    /** Trials differ in length by their n, so progress counts training samples. */
    private Reporter.Task begin(Reporter reporter) {
        return reporter.begin("Samples", weight(shard.of(plan.all())));
    }

    private static long weight(List<Trial> trials) {
        return trials.stream().mapToLong(Trial::n).sum();
    }

    private void report(Reporter.Task task, List<Trial> pending) {
        List<Trial> mine = shard.of(plan.all());
        task.step(
                weight(mine) - weight(pending),
                "%d of %d trials".formatted(mine.size() - pending.size(), mine.size()));
    }

    private boolean train(
            Path trials,
            List<Trial> pending,
            TrialRunner runner,
            Reporter.Task task,
            BooleanSupplier stop)
            throws IOException {
        try (LockFile claims = LockFile.open(trials.resolve(CLAIMS))) {
            while (!pending.isEmpty()) {
                int before = pending.size();
                for (Trial trial : List.copyOf(pending)) {
                    State state =
                            stop.getAsBoolean()
                                    ? State.STOPPED
                                    : attempt(claims, trials, trial, runner, stop);
                    if (state == State.STOPPED) {
                        return false;
                    }
                    if (state == State.FINISHED) {
                        pending.remove(trial);
                    }
                    report(task, pending);
                }
                boolean waiting = pending.size() == before; // for what others have claimed
                if (waiting && !pause()) {
                    return false;
                }
            }
        }
        return true;
    }

    /** What came of a trial. */
    private enum State {
        FINISHED,
        CLAIMED,
        STOPPED
    }

    /** Who works on which trial: a lock on the byte at the place that its hash names. */
    static long place(Trial trial) {
        return Long.parseLong(trial.hash().substring(0, PLACE_DIGITS), 16);
    }

    private static State attempt(
            LockFile claims, Path trials, Trial trial, TrialRunner runner, BooleanSupplier stop)
            throws IOException {
        Path file = TrialFile.of(trials, trial);
        if (Files.exists(file)) {
            return State.FINISHED;
        }
        Optional<FileLock> claim = claims.tryLock(place(trial));
        if (claim.isEmpty()) {
            return State.CLAIMED;
        }
        try {
            if (Files.exists(file)) {
                return State.FINISHED; // between the look and the claim
            }
            Optional<TrialResult> result = runner.run(trial, stop);
            if (result.isPresent()) {
                TrialFile.write(trials, trial, result.get());
            }
            return result.isPresent() ? State.FINISHED : State.STOPPED;
        } finally {
            claim.get().release();
        }
    }

    private boolean watch(
            Path trials,
            List<Trial> pending,
            WorkerProcesses processes,
            Reporter.Task task,
            BooleanSupplier stop)
            throws IOException {
        report(task, pending);
        try (WorkerProcesses.Running workers = processes.start(pending.size())) {
            while (!pending.isEmpty()) {
                Optional<String> failure = workers.failure();
                boolean paused = pause();
                if (!paused || stop.getAsBoolean()) {
                    return false;
                }
                pending.removeIf(trial -> Files.exists(TrialFile.of(trials, trial)));
                report(task, pending);
                if (failure.isPresent() && !pending.isEmpty()) {
                    throw new IllegalStateException(failure.get());
                }
            }
        }
        return true;
    }

    /** False if this thread was asked to end. */
    private static boolean pause() {
        try {
            Thread.sleep(POLL_MILLIS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Outcome finish(Path out) throws IOException {
        Path trials = out.resolve(TRIALS);
        Map<Trial, TrialResult> results = new LinkedHashMap<>();
        List<Trial> all = plan.all();
        for (Trial trial : all) {
            TrialFile.read(trials, trial).ifPresent(result -> results.put(trial, result));
        }
        int missing = all.size() - results.size();
        if (missing > 0) {
            return new Outcome(all.size(), missing, Optional.empty());
        }
        CurveResult curve = CurveResult.of(plan, results);
        CurveFiles.write(out, curve, ReferenceFigures.bundled());
        return new Outcome(all.size(), 0, Optional.of(curve));
    }
}
