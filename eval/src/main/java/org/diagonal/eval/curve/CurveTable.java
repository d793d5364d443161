package org.diagonal.eval.curve;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.diagonal.eval.measure.statistics.Interval;
import org.diagonal.eval.record.Csv;

/** {@code curve.csv}: a row for every arm and n, the paper's mean beside ours. */
final class CurveTable {

    static final String FILE = "curve.csv";

    private static final List<String> HEADER =
            List.of(
                    "task",
                    "network",
                    "arm",
                    "n",
                    "trials",
                    "metric",
                    "mean",
                    "stderr",
                    "ci95_low",
                    "ci95_high",
                    "accuracy_unseen",
                    "accuracy_unseen_low",
                    "accuracy_unseen_high",
                    "accuracy_seen",
                    "accuracy_seen_low",
                    "accuracy_seen_high",
                    "seconds",
                    "paper_figure",
                    "paper_mean",
                    "paper_stderr");

    private CurveTable() {}

    /** The file's text: rows by n, then arm. */
    static String text(Curve curve) throws IOException {
        List<List<Object>> rows = new ArrayList<>();
        for (int i = 0; i < curve.arms().get(0).points().size(); i++) {
            for (Curve.Line line : curve.arms()) {
                rows.add(row(curve, line, line.points().get(i)));
            }
        }
        return Csv.text(HEADER, rows);
    }

    private static List<Object> row(Curve curve, Curve.Line line, Curve.Point point) {
        Optional<Curve.PaperPoint> beside = line.paper().flatMap(paper -> paper.at(point.n()));
        return List.of(
                curve.settings().task().name(),
                curve.settings().network().name(),
                line.arm(),
                point.n(),
                point.values().size(),
                curve.metric(),
                point.mean(),
                Csv.cell(point.stderr()),
                point.ci95().<Object>map(Interval::low).orElse(""),
                point.ci95().<Object>map(Interval::high).orElse(""),
                point.accuracyUnseen(),
                point.accuracyUnseenCi95().low(),
                point.accuracyUnseenCi95().high(),
                point.accuracySeen(),
                point.accuracySeenCi95().low(),
                point.accuracySeenCi95().high(),
                point.seconds(),
                line.paper().map(Curve.Paper::figure).orElse(""),
                beside.<Object>map(Curve.PaperPoint::mean).orElse(""),
                beside.<Object>map(Curve.PaperPoint::stderr).orElse(""));
    }
}
