package org.diagonal.eval.sweep;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.diagonal.eval.trial.Trial;
import org.diagonal.eval.trial.TrialFile;
import org.diagonal.eval.trial.TrialResult;

/**
 * What a sweep is going to train, and about how long that takes.
 *
 * @param title of the sweep
 * @param reduced whether the grid has fewer values than the paper's figure
 * @param grid the values of every axis
 * @param seed the first
 * @param seeds how many, one a trial
 * @param phases the trials that choose rates, if any do, then those that are reported
 */
public record PlannedTrials(
        String title,
        boolean reduced,
        Map<String, List<String>> grid,
        long seed,
        int seeds,
        List<Phase> phases) {

    private static final double HOUR = 3600;

    /**
     * Trials for one purpose.
     *
     * @param trials of this phase
     * @param finished of these, so far as they are known before a choice
     * @param coreHours that the others take, estimated; {@link SweepCost}
     */
    public record Phase(String name, int trials, int finished, double coreHours) {}

    /** Copies, and keeps the order of axes. */
    public PlannedTrials {
        grid = Collections.unmodifiableMap(new LinkedHashMap<>(grid));
        phases = List.copyOf(phases);
    }

    /**
     * Counts.
     *
     * @param folder may hold trials that are finished
     * @throws IOException in one line, if one of these cannot be read
     */
    static PlannedTrials of(SweepPlan plan, Optional<Path> folder) throws IOException {
        List<Phase> phases = new ArrayList<>();
        List<Trial> search = plan.search();
        if (!search.isEmpty()) {
            phases.add(phase("choose " + plan.over(), search, search.size(), folder));
        }
        List<Trial> reported = SweepPlan.reported(reported(plan, search, folder));
        int count = Math.min(reported.size(), plan.reportedCount());
        phases.add(phase("report", reported, count, folder));
        return new PlannedTrials(
                plan.file().title(),
                plan.file().reduced(),
                SweepFile.named(plan.file().grid()),
                plan.file().seed(),
                plan.file().trials(),
                phases);
    }

    /** The combinations that may be reported; those that are, if all is there that chooses. */
    private static List<SweepPlan.Cell> reported(
            SweepPlan plan, List<Trial> search, Optional<Path> folder) throws IOException {
        if (search.isEmpty() || folder.isEmpty() || !plan.choosesCells()) {
            return plan.cells();
        }
        Map<Trial, TrialResult> results = new LinkedHashMap<>();
        for (Trial trial : search) {
            TrialFile.read(folder.get(), trial).ifPresent(one -> results.put(trial, one));
        }
        return results.size() < search.size()
                ? plan.cells()
                : Selecting.chosen(plan, Selecting.of(plan, results));
    }

    /** A phase whose trials are so many of those given. */
    private static Phase phase(String name, List<Trial> trials, int count, Optional<Path> folder) {
        List<Trial> left =
                trials.stream()
                        .filter(trial -> folder.filter(where -> isIn(where, trial)).isEmpty())
                        .toList();
        double share = count / (double) trials.size();
        double seconds = share * left.stream().mapToDouble(new SweepCost()::seconds).sum();
        return new Phase(name, count, trials.size() - left.size(), seconds / HOUR);
    }

    private static boolean isIn(Path folder, Trial trial) {
        return Files.exists(TrialFile.of(folder, trial));
    }
}
