package org.diagonal.eval.sweep;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
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
        List<Map<String, Object>> rows = new ArrayList<>();
        for (Sweep.Point point : sweep.points()) {
            rows.add(row(sweep, point));
        }
        return Csv.text(rows);
    }

    private static Map<String, Object> row(Sweep sweep, Sweep.Point point) {
        Map<String, Object> row = new LinkedHashMap<>();
        point.at().forEach((axis, value) -> row.put(axis.replace('-', '_'), value));
        row.put("trials", point.test().values().size());
        row.put("metric", sweep.metric());
        put(row, "test", Optional.of(point.test()));
        put(row, "train", point.train());
        put(row, "valid", Optional.of(point.valid()));
        row.put("accuracy_unseen", point.accuracyUnseen().mean());
        row.put("accuracy_seen", point.accuracySeen().mean());
        row.put("seconds", point.seconds());
        return row;
    }

    private static void put(Map<String, Object> row, String name, Optional<Measure> measure) {
        Optional<Interval> ends = measure.flatMap(Measure::ci95);
        row.put(name + "_mean", measure.map(Measure::mean));
        row.put(name + "_stderr", measure.map(Measure::stderr).orElse(OptionalDouble.empty()));
        row.put(name + "_ci95_low", ends.map(Interval::low));
        row.put(name + "_ci95_high", ends.map(Interval::high));
        row.put(name + "_values", measure.map(one -> words(one.values())));
    }

    private static String words(List<Double> values) {
        return values.stream().map(String::valueOf).collect(Collectors.joining(" "));
    }
}
