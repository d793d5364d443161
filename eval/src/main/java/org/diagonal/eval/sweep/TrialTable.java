package org.diagonal.eval.sweep;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    /** The file's text. */
    String text() throws IOException {
        List<Map<String, Object>> rows = new ArrayList<>();
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
        return Csv.text(rows);
    }

    private static Map<String, Object> row(
            String phase, Cell cell, Trial trial, TrialResult result) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("trial", trial.hash());
        row.put("phase", phase);
        cell.at().forEach((axis, value) -> row.put(axis.toString().replace('-', '_'), value));
        row.put("seed", trial.seed());
        row.put("best_epoch", result.bestEpoch());
        row.put("test", result.figure());
        row.put("test_loss", result.unseen().loss());
        row.put("train_loss", result.trainLoss());
        row.put("valid_loss", result.validLoss());
        row.put("accuracy_unseen", result.unseen().accuracy().proportion().value());
        row.put("accuracy_seen", result.seen().accuracy().proportion().value());
        row.put("seconds", result.seconds());
        row.put("commit", result.commit());
        return row;
    }
}
