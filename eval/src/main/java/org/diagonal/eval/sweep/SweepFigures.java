package org.diagonal.eval.sweep;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.diagonal.eval.measure.statistics.Interval;
import org.diagonal.eval.report.chart.Axis;
import org.diagonal.eval.report.chart.GridMap;
import org.diagonal.eval.report.chart.Ink;
import org.diagonal.eval.report.chart.XyChart;
import org.diagonal.eval.report.chart.XyChart.Point;
import org.diagonal.eval.report.chart.XyChart.Series;
import org.diagonal.eval.report.chart.XyChart.Style;
import org.diagonal.eval.report.page.Block.Figure;
import org.diagonal.eval.report.page.Table;
import org.diagonal.eval.report.page.Table.Cell;
import org.diagonal.eval.report.page.Written;
import org.diagonal.eval.sweep.PaperFigures.PaperFigure;
import org.diagonal.eval.sweep.PaperFigures.PaperSeries;
import org.diagonal.eval.sweep.Sweep.Measure;
import org.diagonal.plugin.identity.Arm;

/** The charts of a sweep: the paper's points in grey behind its own. */
final class SweepFigures {

    /** Why training losses of the paper cannot be compared with ours. */
    private static final String EPOCHS =
            " Ours is of the epoch that is best on validation; the paper does not say of which"
                    + " its is.";

    private final Sweep sweep;

    SweepFigures(Sweep sweep) {
        this.sweep = sweep;
    }

    /** Points by the words of their line, in the order of the grid. */
    Map<String, List<Sweep.Point>> lines() {
        Map<String, List<Sweep.Point>> lines = new LinkedHashMap<>();
        for (Sweep.Point point : sweep.points()) {
            lines.computeIfAbsent(line(point), any -> new ArrayList<>()).add(point);
        }
        return lines;
    }

    String line(Sweep.Point point) {
        return sweep.figure().line().stream()
                .map(axis -> words(axis, point.at().get(axis)))
                .collect(Collectors.joining(", "));
    }

    private static String words(String axis, String value) {
        return org.diagonal.eval.sweep.Axis.of(axis).isNumber() ? axis + " " + value : value;
    }

    double x(Sweep.Point point) {
        return Double.parseDouble(point.at().get(sweep.figure().x()));
    }

    /** What a figure measures, in words. */
    String measured(String y) {
        return switch (y) {
            case "train" -> "train loss";
            case "valid" -> "validation loss";
            default -> sweep.metric();
        };
    }

    private static Ink ink(List<String> names, int index) {
        return Arm.find(names.get(index))
                .map(Ink::of)
                .orElseGet(() -> Ink.ofStep(index, names.size()));
    }

    /** The chart of one measure, with its numbers as a table. */
    Figure figure(String y) {
        Map<String, List<Sweep.Point>> lines = lines();
        Table.Builder table =
                Table.of(
                        Written.capital(measured(y)),
                        "From",
                        "Line",
                        sweep.figure().x(),
                        "Mean",
                        "Standard error",
                        "Low",
                        "High",
                        "Trials");
        List<Series> series = new ArrayList<>(paper(y, table));
        List<String> names = List.copyOf(lines.keySet());
        for (int i = 0; i < names.size(); i++) {
            singles(lines.get(names.get(i)), y, ink(names, i)).ifPresent(series::add);
        }
        for (int i = 0; i < names.size(); i++) {
            series.add(ours(names.get(i), lines.get(names.get(i)), y, ink(names, i), table));
        }
        List<Double> xs = XyChart.xs(series);
        boolean log = sweep.figure().logarithmic();
        boolean doubled = log && xs.stream().allMatch(x -> x >= 1);
        Axis.Scale scale = !log ? Axis.Scale.LINEAR : doubled ? Axis.Scale.LOG2 : Axis.Scale.LOG10;
        String title = Written.capital(measured(y)) + " by " + sweep.figure().x();
        XyChart chart =
                new XyChart(
                        title,
                        description(y),
                        Axis.around(sweep.figure().x(), scale, xs),
                        Axis.around(measured(y), Axis.Scale.LINEAR, XyChart.ys(series)),
                        series,
                        OptionalDouble.empty());
        return new Figure(y, chart, table.build());
    }

    private String description(String y) {
        boolean behind = sweep.paper().stream().anyMatch(figure -> figure.measured().equals(y));
        return "Mean of %s%s.%s%s"
                .formatted(
                        Written.count(sweep.settings().trials(), "trial"),
                        sweep.hasIntervals()
                                ? " with its 95 % interval over trials, cut at the frame; small dots are single trials"
                                : ", so without an interval",
                        behind ? " Grey and dashed: the paper’s, with standard errors." : "",
                        behind && y.equals("train") ? EPOCHS : "");
    }

    private List<Series> paper(String y, Table.Builder table) {
        List<Series> series = new ArrayList<>();
        for (PaperFigure figure : sweep.paper()) {
            if (!figure.measured().equals(y)) {
                continue;
            }
            for (PaperSeries one : figure.series()) {
                List<Point> points = new ArrayList<>();
                for (List<Double> point : one.points()) {
                    if (sweep.figure().logarithmic() && point.get(0) <= 0) {
                        continue;
                    }
                    double x = point.get(0);
                    double mean = point.get(1);
                    double error = PaperSeries.error(point).orElse(0);
                    String note = "paper, %s: %s".formatted(one.label(), Written.brief(mean));
                    points.add(new Point(x, mean, mean - error, mean + error, note));
                    table.row(
                            Cell.of("paper"),
                            Cell.of(one.label()),
                            number(x),
                            Written.briefCell(mean),
                            Written.briefCell(PaperSeries.error(point)),
                            Cell.of(""),
                            Cell.of(""),
                            Cell.of(""));
                }
                String name = series.isEmpty() ? "the paper" : "";
                series.add(new Series(name, Ink.AXIS, Style.OTHERS, points));
            }
        }
        return series;
    }

    private static Cell number(double value) {
        return Cell.of(Written.setting(value), value);
    }

    private Optional<Series> singles(List<Sweep.Point> line, String y, Ink ink) {
        List<Point> points = new ArrayList<>();
        for (Sweep.Point point : line) {
            List<Double> values = point.measure(y).map(Measure::values).orElse(List.of());
            if (values.size() > 1) {
                values.forEach(value -> points.add(Point.at(x(point), value)));
            }
        }
        return points.isEmpty()
                ? Optional.empty()
                : Optional.of(new Series("", ink, Style.SINGLES, points));
    }

    private Series ours(
            String name, List<Sweep.Point> line, String y, Ink ink, Table.Builder table) {
        List<Point> points = new ArrayList<>();
        for (Sweep.Point point : line) {
            Optional<Measure> measure = point.measure(y);
            if (measure.isEmpty()) {
                continue;
            }
            Measure one = measure.get();
            double x = x(point);
            Interval ends = one.ci95().orElse(new Interval(one.mean(), one.mean()));
            String title = name.isEmpty() ? "" : name + ", ";
            String place = "%s%s %s".formatted(title, sweep.figure().x(), Written.setting(x));
            String note = place + ": " + Written.brief(one.mean());
            points.add(new Point(x, one.mean(), ends.low(), ends.high(), note));
            table.row(
                    Cell.of("ours"),
                    Cell.of(name),
                    number(x),
                    Written.briefCell(one.mean()),
                    Written.briefCell(one.stderr()),
                    one.ci95().map(all -> Written.briefCell(all.low())).orElse(Cell.of("")),
                    one.ci95().map(all -> Written.briefCell(all.high())).orElse(Cell.of("")),
                    Written.briefCells(one.values()));
        }
        return new Series(name, ink, Style.LINE_AND_POINTS, points);
    }

    /** A map of both axes, where a figure has two and both are numbers. */
    Optional<Figure> map() {
        Sweep.Drawn drawn = sweep.figure();
        if (drawn.line().size() != 1
                || !org.diagonal.eval.sweep.Axis.of(drawn.line().get(0)).isNumber()) {
            return Optional.empty();
        }
        String upwards = drawn.line().get(0);
        List<String> columns = sweep.settings().grid().get(drawn.x());
        List<String> rows = sweep.settings().grid().get(upwards);
        Table.Builder table = Table.of("Mean " + measured("test"), upwards, drawn.x(), "Mean");
        List<List<GridMap.Shade>> cells = new ArrayList<>();
        for (String row : rows) {
            List<GridMap.Shade> shades = new ArrayList<>();
            for (String column : columns) {
                shades.add(shade(drawn.x(), column, upwards, row, table));
            }
            cells.add(shades);
        }
        GridMap chart =
                new GridMap(
                        "Mean %s by %s and %s".formatted(measured("test"), drawn.x(), upwards),
                        "Darker is more.",
                        drawn.x(),
                        columns,
                        upwards,
                        rows,
                        cells);
        return Optional.of(new Figure("map", chart, table.build()));
    }

    private GridMap.Shade shade(
            String across, String column, String upwards, String row, Table.Builder table) {
        Optional<Sweep.Point> point =
                sweep.points().stream()
                        .filter(one -> one.at().get(across).equals(column))
                        .filter(one -> one.at().get(upwards).equals(row))
                        .findFirst();
        if (point.isEmpty()) {
            return new GridMap.Shade(Double.NaN, "", "");
        }
        double mean = point.get().test().mean();
        table.row(Cell.of(row), Cell.of(column), Written.briefCell(mean));
        return new GridMap.Shade(
                mean,
                Written.fixed(mean, 3),
                "%s %s, %s %s: %s".formatted(across, column, upwards, row, Written.brief(mean)));
    }
}
