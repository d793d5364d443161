package org.diagonal.eval.sweep;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.diagonal.eval.measure.statistics.Interval;
import org.diagonal.eval.record.Csv;
import org.diagonal.eval.sweep.Sweep.Measure;

/** {@code points.csv}: a row for every combination that is reported. */
final class PointTable {

    static final String FILE = "points.csv";

    private PointTable() {}

    /** The file's text. */
    static String text(Sweep sweep) throws IOException {
        List<String> header = new ArrayList<>();
        sweep.settings().grid().keySet().forEach(axis -> header.add(axis.replace('-', '_')));
        header.addAll(List.of("trials", "metric"));
        for (String name : List.of("test", "train", "valid")) {
            for (String what : List.of("mean", "stderr", "ci95_low", "ci95_high", "values")) {
                header.add(name + "_" + what);
            }
        }
        header.addAll(List.of("accuracy_unseen", "accuracy_seen", "seconds"));
        List<List<Object>> rows = new ArrayList<>();
        for (Sweep.Point point : sweep.points()) {
            rows.add(row(sweep, point));
        }
        return Csv.text(header, rows);
    }

    private static List<Object> row(Sweep sweep, Sweep.Point point) {
        List<Object> row = new ArrayList<>(point.at().values());
        row.add(point.test().values().size());
        row.add(sweep.metric());
        add(row, Optional.of(point.test()));
        add(row, point.train());
        add(row, Optional.of(point.valid()));
        row.add(point.accuracyUnseen().mean());
        row.add(point.accuracySeen().mean());
        row.add(point.seconds());
        return row;
    }

    private static void add(List<Object> row, Optional<Measure> measure) {
        row.add(measure.<Object>map(Measure::mean).orElse(""));
        row.add(
                measure.filter(one -> one.stderr().isPresent())
                        .<Object>map(one -> one.stderr().getAsDouble())
                        .orElse(""));
        Optional<Interval> ends = measure.flatMap(Measure::ci95);
        row.add(ends.<Object>map(Interval::low).orElse(""));
        row.add(ends.<Object>map(Interval::high).orElse(""));
        row.add(
                measure.map(
                                one ->
                                        one.values().stream()
                                                .map(String::valueOf)
                                                .collect(Collectors.joining(" ")))
                        .orElse(""));
    }
}
