package org.diagonal.eval.curve;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.diagonal.eval.measure.statistics.Interval;
import org.diagonal.eval.record.Csv;

/** {@code curve.csv}: a row for every arm and n, the paper's mean beside ours. */
final class CurveTable {

    static final String FILE = "curve.csv";

    private CurveTable() {}

    /** The file's text: rows by n, then arm. */
    static String text(Curve curve) throws IOException {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (int i = 0; i < curve.arms().get(0).points().size(); i++) {
            for (Curve.Line line : curve.arms()) {
                rows.add(row(curve, line, line.points().get(i)));
            }
        }
        return Csv.text(rows);
    }

    private static Map<String, Object> row(Curve curve, Curve.Line line, Curve.Point point) {
        Optional<Curve.PaperPoint> beside = line.paper().flatMap(paper -> paper.at(point.n()));
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("task", curve.settings().task().name());
        row.put("network", curve.settings().network().name());
        row.put("arm", line.arm());
        row.put("n", point.n());
        row.put("trials", point.values().size());
        row.put("metric", curve.metric());
        row.put("mean", point.mean());
        row.put("stderr", point.stderr());
        row.put("ci95_low", point.ci95().map(Interval::low));
        row.put("ci95_high", point.ci95().map(Interval::high));
        row.put("accuracy_unseen", point.accuracyUnseen());
        row.put("accuracy_unseen_low", point.accuracyUnseenCi95().low());
        row.put("accuracy_unseen_high", point.accuracyUnseenCi95().high());
        row.put("accuracy_seen", point.accuracySeen());
        row.put("accuracy_seen_low", point.accuracySeenCi95().low());
        row.put("accuracy_seen_high", point.accuracySeenCi95().high());
        row.put("seconds", point.seconds());
        row.put("paper_figure", line.paper().map(Curve.Paper::figure));
        row.put("paper_mean", beside.map(Curve.PaperPoint::mean));
        row.put("paper_stderr", beside.map(Curve.PaperPoint::stderr));
        return row;
    }
}
