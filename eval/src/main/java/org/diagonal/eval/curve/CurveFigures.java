package org.diagonal.eval.curve;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import org.diagonal.eval.curve.Curve.Line;
import org.diagonal.eval.curve.Curve.Paper;
import org.diagonal.eval.curve.Curve.PaperPoint;
import org.diagonal.eval.measure.statistics.Interval;
import org.diagonal.eval.measure.statistics.PairedEstimate;
import org.diagonal.eval.report.chart.Axis;
import org.diagonal.eval.report.chart.Axis.Scale;
import org.diagonal.eval.report.chart.Ink;
import org.diagonal.eval.report.chart.XyChart;
import org.diagonal.eval.report.chart.XyChart.Point;
import org.diagonal.eval.report.chart.XyChart.Series;
import org.diagonal.eval.report.chart.XyChart.Style;
import org.diagonal.eval.report.page.Block.Figure;
import org.diagonal.eval.report.page.Table;
import org.diagonal.eval.report.page.Table.Cell;
import org.diagonal.eval.report.page.Written;

/** The charts of a curve, with their numbers as tables. */
record CurveFigures(Curve file) {

    private static final int DECIMALS = 3;

    /** The metric by samples, the paper's points in the same axes. */
    Figure curve() {
        List<Series> series = new ArrayList<>();
        Table.Builder table =
                Table.of(
                        Written.capital(file.metric()) + " on unseen symbols",
                        "Arm",
                        "From",
                        "n",
                        "Mean",
                        "Standard error",
                        "Low",
                        "High",
                        "Trials");
        for (Line arm : file.arms()) {
            arm.paper().ifPresent(paper -> series.add(theirs(arm, paper, table)));
        }
        for (Line arm : file.arms()) {
            singles(arm).ifPresent(series::add);
            series.add(ours(arm, table));
        }
        List<Double> values = new ArrayList<>(XyChart.ys(series));
        values.add(file.threshold());
        boolean error = file.metric().equals("test error");
        boolean zero = values.stream().anyMatch(value -> value <= 0);
        Scale scale = error || zero ? Scale.LINEAR : Scale.LOG10;
        String paper =
                file.arms().stream().anyMatch(arm -> arm.paper().isPresent())
                        ? " Filled: ours; hollow and dashed: the paper’s."
                        : "";
        XyChart chart =
                new XyChart(
                        Written.capital(file.metric()) + " by training samples",
                        "Mean of %s on symbols that no training saw, with standard errors; small dots are single trials.%s The line is at %s, where a curve counts as learned."
                                .formatted(
                                        Written.count(file.trials(), "trial"),
                                        paper,
                                        Written.setting(file.threshold())),
                        Axis.around("training samples n", Scale.LOG2, XyChart.xs(series)),
                        Axis.around(file.metric(), scale, values),
                        series,
                        OptionalDouble.of(file.threshold()));
        return new Figure("curve", chart, table.build());
    }

    /** Every trial's figure as a point of its own. */
    private static Optional<Series> singles(Line arm) {
        List<Point> points = new ArrayList<>();
        for (Curve.Point point : arm.points()) {
            for (double value : point.values()) {
                points.add(Point.at((double) point.n(), value));
            }
        }
        boolean several = arm.points().stream().anyMatch(point -> point.values().size() > 1);
        return several
                ? Optional.of(new Series("", Ink.of(arm.arm()), Style.SINGLES, points))
                : Optional.empty();
    }

    /** An end of the mean's 95 % interval over the trials. */
    private static Cell end(Curve.Point point, ToDoubleFunction<Interval> which) {
        return PairedEstimate.interval(point.values())
                .map(ends -> Written.briefCell(which.applyAsDouble(ends)))
                .orElse(Cell.of(""));
    }

    private static Series ours(Line arm, Table.Builder table) {
        List<Point> points = new ArrayList<>();
        for (Curve.Point point : arm.points()) {
            double spread = point.stderr().orElse(0);
            points.add(point(name(arm), point.n(), point.mean(), spread));
            table.row(
                    Cell.of(name(arm)),
                    Cell.of("ours"),
                    Written.countCell(point.n()),
                    Written.briefCell(point.mean()),
                    Written.briefCell(point.stderr()),
                    end(point, Interval::low),
                    end(point, Interval::high),
                    Written.briefCells(point.values()));
        }
        return new Series(name(arm), Ink.of(arm.arm()), Style.LINE_AND_POINTS, points);
    }

    private static Series theirs(Line arm, Paper paper, Table.Builder table) {
        List<Point> points = new ArrayList<>();
        for (PaperPoint point : paper.points()) {
            points.add(point(name(arm) + ", paper", point.n(), point.mean(), point.stderr()));
            table.row(
                    Cell.of(name(arm)),
                    Cell.of("paper"),
                    Written.countCell(point.n()),
                    Written.briefCell(point.mean()),
                    Written.briefCell(point.stderr()),
                    Cell.of(""),
                    Cell.of(""),
                    Cell.of(""));
        }
        return new Series(name(arm) + ", paper", Ink.of(arm.arm()), Style.OTHERS, points);
    }

    private static Point point(String name, long n, double mean, double spread) {
        String note =
                "%s, n = %s: %s ± %s"
                        .formatted(
                                name, Written.count(n), Written.brief(mean), Written.brief(spread));
        return new Point(n, mean, mean - spread, mean + spread, note);
    }

    /** Right answers by samples. */
    Figure accuracy() {
        List<Series> series = new ArrayList<>();
        List<Double> shares = new ArrayList<>();
        Table.Builder table =
                Table.of("Accuracy", "Arm", "n", "Unseen", "Low", "High", "Seen", "Low", "High");
        for (Line arm : file.arms()) {
            List<Point> points = new ArrayList<>();
            for (Curve.Point point : arm.points()) {
                Interval unseen = point.accuracyUnseenCi95();
                Interval seen = point.accuracySeenCi95();
                double share = point.accuracyUnseen();
                String place = "%s, n = %s".formatted(name(arm), Written.count(point.n()));
                String note = place + ": " + Written.fixed(share, DECIMALS);
                shares.addAll(List.of(unseen.low(), unseen.high()));
                points.add(new Point(point.n(), share, unseen.low(), unseen.high(), note));
                table.row(
                        Cell.of(name(arm)),
                        Written.countCell(point.n()),
                        Written.cell(share, DECIMALS),
                        Written.cell(unseen.low(), DECIMALS),
                        Written.cell(unseen.high(), DECIMALS),
                        Written.cell(point.accuracySeen(), DECIMALS),
                        Written.cell(seen.low(), DECIMALS),
                        Written.cell(seen.high(), DECIMALS));
            }
            series.add(new Series(name(arm), Ink.of(arm.arm()), Style.LINE_AND_POINTS, points));
        }
        XyChart chart =
                new XyChart(
                        "Accuracy by training samples",
                        file.pooled().isPresent()
                                ? "Right answers on unseen symbols. An earlier version of the program counted the strings of all trials as one sample, so the intervals are too narrow."
                                : "Right answers on unseen symbols: the mean over trials, with its 95 % interval over trials and strings.",
                        Axis.around("training samples n", Scale.LOG2, XyChart.xs(series)),
                        Axis.ofShares("share of right answers", shares),
                        series,
                        OptionalDouble.empty());
        return new Figure("accuracy", chart, table.build());
    }

    private static String name(Line arm) {
        return arm.arm().toString();
    }
}
