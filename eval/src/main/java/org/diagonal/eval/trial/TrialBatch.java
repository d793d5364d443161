package org.diagonal.eval.trial;

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
import org.diagonal.eval.record.OutFolder;
import org.diagonal.eval.source.Interruption;
import org.diagonal.eval.source.Reporter;
import org.diagonal.plugin.files.LockFile;
import org.diagonal.plugin.finetune.TrainingDivergedException;

/**
 * Trials that share a folder: runs those that have no file yet.
 *
 * <p>Any number of processes may work in the same folder: each claims a trial before it begins, and
 * waits for what others have claimed.
 *
 * @param all the trials, each once
 * @param shard this job's share of them
 * @param keepsModels whether a trial is done only when its network is kept, too
 */
public record TrialBatch(List<Trial> all, Shard shard, boolean keepsModels) {

    /** The folder of their files in a folder of results. */
    public static final String FOLDER = "trials";

    private static final String CLAIMS = ".claims";

    /** Hexadecimal digits of the hash that make a place: all systems lock at 48 bits. */
    private static final int PLACE_DIGITS = 12;

    private static final String STOPPED =
            "Stopped; run the same command again to finish the other trials.";

    /**
     * How a batch ended.
     *
     * @param trials of the whole batch
     * @param results of those that are finished, in the order of the batch
     */
    public record Outcome(int trials, Map<Trial, TrialResult> results) {

        /** Trials that other shards have not run yet. */
        public int missing() {
            return trials - results.size();
        }
    }

    /** How the trials of a batch are run: here, or in processes of their own. */
    @FunctionalInterface
    public interface Running {
        /** Empty if the process was asked to end. */
        Optional<Outcome> run(TrialBatch batch) throws IOException;
    }

    /** Copies the trials. */
    public TrialBatch {
        all = List.copyOf(all);
    }

    /** Where trials run that have no file yet. */
    @FunctionalInterface
    private interface Place {
        /** Whether all were run; false if the process was asked to end. */
        boolean run(List<Trial> pending, Reporter.Task task, Interruption stop) throws IOException;
    }

    /**
     * Trains in this process, one trial after the other. A signal to end the process ends the trial
     * as well, which then leaves nothing.
     *
     * @param out holds {@code trials/}, which is made if a trial is to be run
     * @return empty if the process was asked to end
     * @throws FileSystemException naming a trial's file that cannot be read, or a place that cannot
     *     be written to
     * @throws TrainingDivergedException naming a trial, after all others were trained
     */
    public Optional<Outcome> run(Path out, TrialRunner runner, Reporter reporter)
            throws IOException {
        return run(out, reporter, (pending, task, stop) -> train(out, pending, runner, task, stop));
    }

    /**
     * The same in processes of their own, which end when this one does.
     *
     * @throws IllegalStateException with the words of a process that failed; the others are ended
     */
    public Optional<Outcome> runWith(Path out, TrialWorkers workers, Reporter reporter)
            throws IOException {
        return run(
                out, reporter, (pending, task, stop) -> watch(out, pending, workers, task, stop));
    }

    private Optional<Outcome> run(Path out, Reporter reporter, Place place) throws IOException {
        Path trials = out.resolve(FOLDER);
        List<Trial> mine = shard.of(all);
        List<Trial> pending = new ArrayList<>();
        int unkept = 0;
        for (Trial trial : mine) {
            boolean filed = TrialFile.read(trials, trial).isPresent();
            if (!filed || !isDone(out, trial)) {
                pending.add(trial);
                unkept += filed ? 1 : 0;
            }
        }
        if (unkept > 0) {
            reporter.note(
                    ("%d of %d trials were run without keeping their networks: they are trained"
                                    + " again, and must give the same results")
                            .formatted(unkept, mine.size()));
        }
        if (!pending.isEmpty()) {
            OutFolder.make(trials);
            try (Interruption interruption = new Interruption();
                    Reporter.Task task = reporter.begin("Samples", weight(mine))) {
                if (!place.run(pending, task, interruption)) {
                    task.note(STOPPED);
                    return Optional.empty();
                }
            }
        }
        return Optional.of(outcome(trials));
    }

    /** Whether a trial has its file and, where networks are kept, the network of that result. */
    private boolean isDone(Path out, Trial trial) throws IOException {
        return Files.exists(TrialFile.of(out.resolve(FOLDER), trial))
                && (!keepsModels || new KeptNetworks(out).result(trial).isPresent());
    }

    private Outcome outcome(Path trials) throws IOException {
        Map<Trial, TrialResult> results = new LinkedHashMap<>();
        for (Trial trial : all) {
            TrialFile.read(trials, trial).ifPresent(result -> results.put(trial, result));
        }
        return new Outcome(all.size(), results);
    }

    /** Trials differ in length by their n, so progress counts training samples. */
    private static long weight(List<Trial> trials) {
        return trials.stream().mapToLong(Trial::n).sum();
    }

    private void report(Reporter.Task task, List<Trial> pending) {
        List<Trial> mine = shard.of(all);
        task.step(
                weight(mine) - weight(pending),
                "%d of %d trials".formatted(mine.size() - pending.size(), mine.size()));
    }

    private boolean train(
            Path out,
            List<Trial> pending,
            TrialRunner runner,
            Reporter.Task task,
            BooleanSupplier stop)
            throws IOException {
        Optional<TrainingDivergedException> diverged = Optional.empty();
        try (LockFile claims = LockFile.open(out.resolve(FOLDER).resolve(CLAIMS))) {
            while (!pending.isEmpty()) {
                int before = pending.size();
                for (Trial trial : List.copyOf(pending)) {
                    State state;
                    try {
                        state =
                                stop.getAsBoolean()
                                        ? State.STOPPED
                                        : attempt(claims, out, trial, runner, stop);
                    } catch (TrainingDivergedException e) { // the others are trained first
                        task.note(e.getMessage());
                        diverged = Optional.of(e);
                        state = State.FINISHED;
                    }
                    if (state == State.STOPPED) {
                        return false;
                    }
                    if (state == State.FINISHED) {
                        pending.remove(trial);
                    }
                    report(task, pending);
                }
                boolean waiting = pending.size() == before; // for what others have claimed
                if (waiting && !WorkerProcesses.Running.pause()) {
                    return false;
                }
            }
        }
        if (diverged.isPresent()) {
            throw diverged.get();
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
    public static long place(Trial trial) {
        return Long.parseLong(trial.hash().substring(0, PLACE_DIGITS), 16);
    }

    private State attempt(
            LockFile claims, Path out, Trial trial, TrialRunner runner, BooleanSupplier stop)
            throws IOException {
        Path trials = out.resolve(FOLDER);
        if (isDone(out, trial)) {
            return State.FINISHED;
        }
        Optional<FileLock> claim = claims.tryLock(place(trial));
        if (claim.isEmpty()) {
            return State.CLAIMED;
        }
        try {
            if (isDone(out, trial)) {
                return State.FINISHED; // between the look and the claim
            }
            Optional<TrialResult> result = runner.run(trial, stop);
            if (result.isPresent() && !Files.exists(TrialFile.of(trials, trial))) {
                TrialFile.write(trials, trial, result.get());
            }
            return result.isPresent() ? State.FINISHED : State.STOPPED;
        } finally {
            claim.get().release();
        }
    }

    private boolean watch(
            Path out,
            List<Trial> pending,
            TrialWorkers processes,
            Reporter.Task task,
            BooleanSupplier stop)
            throws IOException {
        report(task, pending);
        try (WorkerProcesses.Running workers = processes.start(out.resolve(FOLDER), pending)) {
            return workers.await(
                    () -> {
                        for (Trial trial : List.copyOf(pending)) {
                            if (isDone(out, trial)) {
                                pending.remove(trial);
                            }
                        }
                        report(task, pending);
                        return pending.isEmpty();
                    },
                    stop);
        }
    }
}
