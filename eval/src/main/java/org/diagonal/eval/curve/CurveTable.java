package org.diagonal.eval.curve;

import java.io.IOException;
import java.io.StringWriter;
import java.util.Optional;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.diagonal.eval.measure.statistics.Interval;

/** {@code curve.csv}: a row for every arm and n, the paper's mean beside ours. */
final class CurveTable {

    static final String FILE = "curve.csv";

    private static final String[] HEADER = {
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
        "paper_stderr"
    };

    private static final CSVFormat FORMAT =
            CSVFormat.DEFAULT.builder().setRecordSeparator('\n').setHeader(HEADER).get();

    private CurveTable() {}

    /** The file's text: rows by n, then arm. */
    static String text(Curve curve) throws IOException {
        StringWriter text = new StringWriter();
        try (CSVPrinter printer = new CSVPrinter(text, FORMAT)) {
            for (int i = 0; i < curve.arms().get(0).points().size(); i++) {
                for (Curve.Line line : curve.arms()) {
                    row(printer, curve, line, line.points().get(i));
                }
            }
        }
        return text.toString();
    }

    private static void row(CSVPrinter printer, Curve curve, Curve.Line line, Curve.Point point)
            throws IOException {
        Optional<Curve.PaperPoint> beside = line.paper().flatMap(paper -> paper.at(point.n()));
        printer.printRecord(
                curve.settings().task().name(),
                curve.settings().network().name(),
                line.arm(),
                point.n(),
                point.values().size(),
                curve.metric(),
                point.mean(),
                point.stderr().isPresent() ? point.stderr().getAsDouble() : "",
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
