package org.diagonal.eval.sweep;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.diagonal.eval.record.Csv;
import org.diagonal.eval.sweep.SweepPlan.Cell;
import org.diagonal.eval.trial.Trial;
import org.diagonal.eval.trial.TrialResult;

/**
 * {@code trials.csv}: a row for every trial of every combination, those that chose before those
 * that are reported.
 *
 * @param cells the reported combinations
 * @param searched results of the trials that chose
 * @param reported results of the others
 */
record TrialTable(
        SweepPlan plan,
        List<Cell> cells,
        Map<Trial, TrialResult> searched,
        Map<Trial, TrialResult> reported) {

    static final String FILE = "trials.csv";

    private static final List<String> MEASURED =
            List.of(
                    "best_epoch",
                    "test",
                    "test_loss",
                    "train_loss",
                    "valid_loss",
                    "accuracy_unseen",
                    "accuracy_seen",
                    "seconds",
                    "commit");

    /** The file's text. */
    String text() throws IOException {
        List<String> header = new ArrayList<>(List.of("trial", "phase"));
        Set<Axis> axes = new LinkedHashSet<>(plan.file().grid().keySet());
        axes.forEach(axis -> header.add(axis.toString().replace('-', '_')));
        header.add("seed");
        header.addAll(MEASURED);
        List<List<Object>> rows = new ArrayList<>();
        for (Cell cell : plan.cells()) {
            for (Trial trial : cell.search()) {
                rows.add(row("select", cell, trial, searched.get(trial)));
            }
        }
        for (Cell cell : cells) {
            for (Trial trial : cell.reported()) {
                rows.add(row("report", cell, trial, reported.get(trial)));
            }
        }
        return Csv.text(header, rows);
    }

    private static List<Object> row(String phase, Cell cell, Trial trial, TrialResult result) {
        List<Object> row = new ArrayList<>(List.of(trial.hash(), phase));
        row.addAll(cell.at().values());
        row.add(trial.seed());
        row.add(result.bestEpoch());
        row.add(result.figure());
        row.add(result.unseen().loss());
        row.add(result.trainLoss().isPresent() ? result.trainLoss().getAsDouble() : "");
        row.add(result.validLoss());
        row.add(result.unseen().accuracy().proportion().value());
        row.add(result.seen().accuracy().proportion().value());
        row.add(result.seconds());
        row.add(result.versions().getOrDefault("commit", ""));
        return row;
    }
}
