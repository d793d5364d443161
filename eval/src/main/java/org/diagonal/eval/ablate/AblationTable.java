package org.diagonal.eval.ablate;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.diagonal.eval.ablate.Ablation.Change;
import org.diagonal.eval.ablate.Ablation.Dose;
import org.diagonal.eval.ablate.Ablation.Scores;
import org.diagonal.eval.ablate.Ablation.Single;
import org.diagonal.eval.record.Csv;

/** {@code ablate.csv}: a row for every measurement. */
final class AblationTable {

    /** The file's name. */
    static final String FILE = "ablate.csv";

    /**
     * The columns: {@code change} is {@code dose}, {@code without} or {@code alone}; {@code ratio}
     * is of perplexities, {@code difference} of accuracies, both against the model as trained.
     */
    private static final List<String> COLUMNS =
            List.of(
                    "change",
                    "scalings",
                    "t",
                    "layer",
                    "head",
                    "learned",
                    "loss",
                    "perplexity",
                    "accuracy",
                    "seen_accuracy",
                    "ratio",
                    "difference",
                    "low",
                    "high");

    private AblationTable() {}

    static String text(Ablation ablation) throws IOException {
        boolean task = ablation.isTask();
        List<List<Object>> rows = new ArrayList<>();
        for (Dose dose : ablation.doses()) {
            List<Object> row = row("dose", dose.curve(), dose.t(), "", "", "");
            rows.add(measured(row, task, dose.scores(), dose.againstTrained()));
        }
        for (Single one : ablation.heads()) {
            List<Object> without = row("without", one);
            rows.add(measured(without, task, one.without(), one.withoutAgainstTrained()));
            List<Object> alone = row("alone", one);
            rows.add(measured(alone, task, one.alone(), one.aloneAgainstTrained()));
        }
        return Csv.text(COLUMNS, rows);
    }

    private static List<Object> row(String change, Single one) {
        return row(change, one.circuit(), "", one.layer(), one.head(), one.learned());
    }

    private static List<Object> row(String change, Enum<?> scalings, Object... rest) {
        List<Object> row = new ArrayList<>(List.of(change));
        row.add(scalings.name().toLowerCase(Locale.ROOT));
        row.addAll(List.of(rest));
        return row;
    }

    private static List<Object> measured(
            List<Object> row, boolean task, Scores scores, Change change) {
        row.add(scores.loss());
        row.add(Csv.cell(scores.perplexity()));
        row.add(Csv.cell(scores.accuracy()));
        row.add(Csv.cell(scores.seenAccuracy()));
        row.add(task ? "" : change.value());
        row.add(task ? change.value() : "");
        row.add(change.ci95().low());
        row.add(change.ci95().high());
        return row;
    }
}
