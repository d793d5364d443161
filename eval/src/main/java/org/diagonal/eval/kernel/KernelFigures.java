package org.diagonal.eval.kernel;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.diagonal.eval.kernel.TaskKernel.Point;
import org.diagonal.eval.kernel.TaskKernel.SampleMatrix;
import org.diagonal.eval.kernel.TaskKernel.Summary;
import org.diagonal.eval.kernel.TaskKernel.Width;
import org.diagonal.eval.kernel.TrainedCurve.Trained;
import org.diagonal.eval.report.chart.Axis;
import org.diagonal.eval.report.chart.Axis.Scale;
import org.diagonal.eval.report.chart.Ink;
import org.diagonal.eval.report.chart.Matrices;
import org.diagonal.eval.report.chart.Matrices.Panel;
import org.diagonal.eval.report.chart.XyChart;
import org.diagonal.eval.report.chart.XyChart.Series;
import org.diagonal.eval.report.chart.XyChart.Style;
import org.diagonal.eval.report.page.Block;
import org.diagonal.eval.report.page.Block.Figure;
import org.diagonal.eval.report.page.Block.Listing;
import org.diagonal.eval.report.page.Columns;
import org.diagonal.eval.report.page.Table;
import org.diagonal.eval.report.page.Table.Cell;
import org.diagonal.eval.report.page.Written;
import org.diagonal.plugin.identity.Arm;

/** The figures of a task's kernel. */
final class KernelFigures {

    private static final List<Ink> SWEEP = List.of(Ink.OTHER, Ink.BOTH, Ink.OV, Ink.QK, Ink.PLAIN);

    private static final List<Arm> QK_ARMS = List.of(Arm.NONE, Arm.QK);

    /** Curves of the sweep that a figure can tell apart from those of trained networks. */
    private static final int MOST_BESIDE = 3;

    private final TaskKernel result;

    KernelFigures(TaskKernel result) {
        this.result = result;
    }

    /** Losses by samples: predicted, and trained where curves were given. */
    Figure losses() {
        List<Series> series = new ArrayList<>();
        List<Double> losses = new ArrayList<>(List.of(TaskKernel.LEVEL));
        List<Double> sizes = new ArrayList<>();
        Table.Builder table =
                Table.of(
                        "Loss on unseen symbols",
                        "Curve",
                        "n",
                        "Alphabet",
                        "Loss",
                        "Standard error",
                        "Closed form");
        boolean isDrawn = result.trials() > 0;
        Function<Point, OptionalDouble> value = isDrawn ? Point::loss : Point::closedForm;
        boolean single = isDrawn && result.sweep().size() == 1;
        if (single) {
            series.add(
                    series(
                            "closed form",
                            Ink.OTHER,
                            Style.FAINT,
                            result.curve(),
                            Point::closedForm));
        }
        series.add(series("MLP", Ink.TEXT, Style.FAINT, result.mlp().curve(), value));
        series.add(series("MLP + XXᵀ", Ink.BOTH, Style.FAINT, result.mlpXxt().curve(), value));
        for (TrainedCurve curve : result.trained()) {
            Series one = trained(curve, table, losses, sizes);
            if (isShown(curve)) {
                series.add(one);
            }
        }
        List<Summary> drawn = drawn();
        for (int i = 0; i < drawn.size(); i++) {
            String name = "kernel, " + Notes.name(result.kernel(), drawn.get(i).a());
            series.add(
                    series(name, SWEEP.get(i), Style.LINE_AND_POINTS, drawn.get(i).curve(), value));
        }
        for (Summary one : result.sweep()) {
            rows(table, Notes.name(result.kernel(), one.a()), one.curve(), losses, sizes);
        }
        rows(table, "MLP", result.mlp().curve(), new ArrayList<>(), sizes);
        rows(table, "MLP + XXᵀ", result.mlpXxt().curve(), new ArrayList<>(), sizes);
        double low = Math.max(1e-3, losses.stream().mapToDouble(x -> x).min().orElse(1e-3));
        losses.removeIf(loss -> loss < low);
        Axis axis = Axis.around("loss", Scale.LOG10, losses);
        boolean cut =
                series.stream()
                        .flatMap(one -> one.points().stream())
                        .anyMatch(point -> point.y() < axis.min());
        return new Figure(
                "losses",
                new XyChart(
                        "Loss by samples",
                        "Squared error on unseen symbols of ridge regression with the kernel, %s%s. The line is at 0.1.%s"
                                .formatted(
                                        isDrawn
                                                ? "mean of %d draws with standard errors"
                                                        .formatted(result.trials())
                                                : "by the closed form",
                                        result.trained().isEmpty()
                                                ? ""
                                                : ", and of trained networks (hollow and dashed: the paper’s)",
                                        cut ? " What lies on the lower edge is below it." : ""),
                        Axis.around("training samples n", Scale.LOG2, sizes),
                        axis,
                        series,
                        OptionalDouble.of(TaskKernel.LEVEL)),
                table.build());
    }

    /** Every a that has an ink of its own; beside trained curves the ends and one between. */
    private List<Summary> drawn() {
        List<Summary> sweep = result.sweep();
        int most = result.trained().isEmpty() ? SWEEP.size() : MOST_BESIDE;
        if (sweep.size() <= most) {
            return sweep;
        }
        Summary first = sweep.get(0);
        Summary last = sweep.get(sweep.size() - 1);
        Summary between =
                sweep.stream()
                        .filter(one -> one.a() == 0 && first.a() != 0 && last.a() != 0)
                        .findFirst()
                        .orElse(sweep.get(sweep.size() / 2));
        return List.of(first, between, last);
    }

    /** Scalings of the OV circuit are in the table alone where others are there. */
    private boolean isShown(TrainedCurve curve) {
        return QK_ARMS.contains(curve.arm())
                || result.trained().stream().noneMatch(one -> QK_ARMS.contains(one.arm()));
    }

    private static Series series(
            String name,
            Ink ink,
            Style style,
            List<Point> points,
            Function<Point, OptionalDouble> value) {
        List<XyChart.Point> drawn = new ArrayList<>();
        for (Point point : points) {
            OptionalDouble loss = value.apply(point);
            if (loss.isPresent()) {
                OptionalDouble se =
                        style == Style.LINE_AND_POINTS ? point.se() : OptionalDouble.empty();
                drawn.add(point(name, point.n(), loss.getAsDouble(), se));
            }
        }
        return new Series(name, ink, style, drawn);
    }

    private static XyChart.Point point(String name, int n, double loss, OptionalDouble se) {
        String note = "%s, n = %s: %s".formatted(name, Written.count(n), Say.loss(loss));
        return Say.point(n, loss, se, note);
    }

    private static Series trained(
            TrainedCurve curve, Table.Builder table, List<Double> losses, List<Double> sizes) {
        List<XyChart.Point> drawn = new ArrayList<>();
        for (Trained point : curve.points()) {
            drawn.add(point(curve.label(), point.n(), point.loss(), point.se()));
            losses.add(point.loss());
            sizes.add((double) point.n());
            table.row(
                    Cell.of(curve.label()),
                    Written.countCell(point.n()),
                    Cell.of(""),
                    Say.lossCell(point.loss()),
                    cell(point.se()),
                    Cell.of(""));
        }
        Style style = curve.paper() ? Style.OTHERS : Style.LINE_AND_POINTS;
        return new Series(curve.label(), Ink.of(curve.arm()), style, drawn);
    }

    private static void rows(
            Table.Builder table,
            String name,
            List<Point> points,
            List<Double> losses,
            List<Double> sizes) {
        for (Point point : points) {
            (point.loss().isPresent() ? point.loss() : point.closedForm()).ifPresent(losses::add);
            sizes.add((double) point.n());
            table.row(
                    Cell.of(name),
                    Written.countCell(point.n()),
                    Written.countCell(point.alphabet()),
                    cell(point.loss()),
                    cell(point.se()),
                    cell(point.closedForm()));
        }
    }

    private static Cell cell(OptionalDouble loss) {
        return Say.cell(loss.isPresent() ? Say.loss(loss.getAsDouble()) : "", loss);
    }

    /** λ_min and the number of samples against a. */
    List<Block> sweep() {
        return List.of(
                against(
                        "samples",
                        "Samples for a loss of 0.1",
                        "By the closed form, where no two samples share a symbol.",
                        "samples n",
                        Summary::needed,
                        Summary::neededError),
                against(
                        "smallest",
                        "The smallest eigenvalue of N",
                        "What is not resolved has no point.",
                        "λ_min",
                        Summary::lambdaMin,
                        Summary::lambdaMinError));
    }

    private Block against(
            String id,
            String title,
            String description,
            String axis,
            Function<Summary, OptionalDouble> value,
            Function<Summary, OptionalDouble> error) {
        List<XyChart.Point> points = new ArrayList<>();
        List<Double> values = new ArrayList<>();
        List<Double> as = new ArrayList<>();
        Table.Builder table = Table.of(title, "a", axis, "Standard error");
        List<Summary> sorted = new ArrayList<>(result.sweep());
        sorted.sort(Comparator.comparingDouble(Summary::a));
        for (Summary one : sorted) {
            as.add(one.a());
            OptionalDouble y = value.apply(one);
            OptionalDouble se = error.apply(one);
            Cell a = Cell.of(Written.setting(one.a()), one.a());
            if (y.orElse(0) > 0) {
                double at = y.getAsDouble();
                values.add(at);
                String note = "a = %s: %s".formatted(a.words(), Say.brief(at));
                points.add(Say.point(one.a(), at, se, note));
                table.row(a, Say.cell(at), Say.cell(se.orElse(0)));
            } else {
                table.row(a, Cell.of(y.isPresent() ? "0" : Say.NOT_RESOLVED), Cell.of(""));
            }
        }
        if (points.isEmpty()) {
            return new Listing(table.build());
        }
        Series series = new Series("", Ink.BOTH, Style.LINE_AND_POINTS, points);
        return new Figure(
                id,
                new XyChart(
                        title,
                        description,
                        Axis.around("a", Scale.LINEAR, as),
                        Axis.around(axis, Scale.LOG10, values),
                        List.of(series),
                        OptionalDouble.empty()),
                table.build());
    }

    /** N, and beside it the kernel of drawn samples on the same colours. */
    Block matrices() {
        List<List<Double>> matrix = result.matrix();
        double low = Double.MAX_VALUE;
        double high = -Double.MAX_VALUE;
        for (List<Double> row : matrix) {
            low = Math.min(low, Collections.min(row));
            high = Math.max(high, Collections.max(row));
        }
        double room = high > low ? 0 : Math.max(1e-6, Math.abs(high) * 1e-3);
        List<Panel> panels = new ArrayList<>();
        double from = low - room;
        double to = high + room;
        panels.add(new Panel("N, by template", matrix, from, to));
        result.sample().ifPresent(sample -> panels.add(panel(sample, from, to + 2 * (to - from))));
        return new Figure(
                "matrices",
                new Matrices(
                        "N and K̂",
                        result.sample()
                                .map(KernelFigures::words)
                                .orElse("N, the kernel of strings without a symbol in common."),
                        panels),
                numbers());
    }

    private static String words(SampleMatrix sample) {
        return "First N, then the kernel of %s samples from %s symbols, sorted by template, on a longer scale: what stands out is a pair that shares symbols, or a string with itself."
                .formatted(sample.n(), sample.alphabet());
    }

    private static Panel panel(SampleMatrix sample, double low, double high) {
        int n = sample.rows().size();
        List<List<Double>> full = new ArrayList<>();
        for (int x = 0; x < n; x++) {
            List<Double> row = new ArrayList<>();
            for (int y = 0; y < n; y++) {
                row.add(sample.rows().get(Math.min(x, y)).get(Math.abs(x - y)));
            }
            full.add(row);
        }
        return new Panel("K̂, " + n + " samples", full, low, high);
    }

    private Table numbers() {
        int shown = Math.min(16, result.matrix().size());
        List<Integer> all = IntStream.range(0, shown).boxed().toList();
        Columns<Integer> columns =
                new Columns<Integer>().add("Template", t -> Cell.of(template(t)));
        for (int u : all) {
            columns.add(template(u), t -> entry(result.matrix().get(t).get(u)));
        }
        String more = shown < result.matrix().size() ? ", the first %d".formatted(shown) : "";
        return columns.table("N" + more, all);
    }

    private String template(int t) {
        return result.templates().get(t).template();
    }

    private static Cell entry(double value) {
        return Cell.of("%.6f".formatted(value), value);
    }

    /** Distances of random networks from the kernel. */
    Figure widths() {
        List<XyChart.Point> single = new ArrayList<>();
        List<XyChart.Point> mean = new ArrayList<>();
        List<Double> widths = new ArrayList<>();
        List<Double> errors = new ArrayList<>();
        for (Width one : result.finiteWidth()) {
            single.add(XyChart.Point.at(one.width(), one.kernel()));
            mean.add(XyChart.Point.at(one.width(), one.ofMean()));
            widths.add((double) one.width());
            errors.addAll(List.of(one.kernel(), one.ofMean()));
        }
        return new Figure(
                "widths",
                new XyChart(
                        "Distance of random networks from the kernel",
                        "Root mean square over all pairs of strings up to renaming. A single network’s distance falls as the root of its width; the mean of networks is nearer.",
                        Axis.around("width", Scale.LOG2, widths),
                        Axis.around("distance", Scale.LOG10, errors),
                        List.of(
                                new Series("one network", Ink.BOTH, Style.LINE_AND_POINTS, single),
                                new Series(
                                        "mean of networks", Ink.OV, Style.LINE_AND_POINTS, mean)),
                        OptionalDouble.empty()),
                new Columns<Width>()
                        .add("Width", one -> Written.countCell(one.width()))
                        .add("Networks", one -> Written.countCell(one.networks()))
                        .add("K_attn", one -> Say.cell(one.attention()))
                        .add("K", one -> Say.cell(one.kernel()))
                        .add("Mean of K", one -> Say.cell(one.ofMean()))
                        .table(
                                "Root mean square distance of random networks from the kernel",
                                result.finiteWidth()));
    }
}
