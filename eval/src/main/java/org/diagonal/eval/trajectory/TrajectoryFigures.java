package org.diagonal.eval.trajectory;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.diagonal.eval.report.chart.Axis;
import org.diagonal.eval.report.chart.Axis.Scale;
import org.diagonal.eval.report.chart.Ink;
import org.diagonal.eval.report.chart.XyChart;
import org.diagonal.eval.report.chart.XyChart.Point;
import org.diagonal.eval.report.chart.XyChart.Series;
import org.diagonal.eval.report.chart.XyChart.Style;
import org.diagonal.eval.report.page.Block.Figure;
import org.diagonal.eval.report.page.Columns;
import org.diagonal.eval.report.page.Table;
import org.diagonal.eval.report.page.Table.Cell;
import org.diagonal.eval.report.page.Written;
import org.diagonal.eval.trajectory.Trajectory.Moment;
import org.diagonal.plugin.identity.Circuit;
import org.diagonal.plugin.identity.Head;

/** The scalings over a training, on the steps of its learning curves. */
public final class TrajectoryFigures {

    private static final Ink[] INKS = {Ink.QK, Ink.BOTH, Ink.OV, Ink.OTHER, Ink.TEXT};

    /** More thin lines than that no reader tells apart. */
    private static final int LINES = 60;

    /** Rows of a table. */
    private static final int ROWS = 40;

    private TrajectoryFigures() {}

    /** An arm by its name, and the folders of its runs. */
    public record Arm(String name, List<Path> runs) {}

    /**
     * A figure for each circuit of a training that has scalings and kept them.
     *
     * @param run its folder
     */
    public static List<Figure> of(Path run) throws IOException {
        Trajectory history = Trajectory.read(run);
        List<Figure> figures = new ArrayList<>();
        for (Circuit circuit : history.values().keySet()) {
            figures.add(heads(circuit, history.byStrength(circuit)));
        }
        return figures;
    }

    private static Figure heads(Circuit circuit, List<Map.Entry<Head, List<Moment>>> heads) {
        String letter = circuit.letter();
        int named = Math.min(INKS.length, heads.size());
        int drawn = Math.min(LINES, heads.size());
        List<Series> series = new ArrayList<>();
        for (int i = drawn - 1; i >= named; i--) {
            series.add(new Series("", Ink.MUTED, Style.FAINT, points(heads.get(i).getValue())));
        }
        for (int i = 0; i < named; i++) {
            String name = "head " + heads.get(i).getKey();
            series.add(new Series(name, INKS[i], Style.LINE, points(heads.get(i).getValue())));
        }
        String others =
                heads.size() == named
                        ? ""
                        : " Thin: the %s that follow.".formatted(count(drawn - named));
        String title = "%s over training".formatted(letter);
        String description =
                "The largest %s of the heads at the end are named LAYER.HEAD.%s"
                        .formatted(letter, others);
        return new Figure(
                "history-" + circuit.name().toLowerCase(Locale.ROOT),
                chart(title, description, letter, series),
                table(title, heads.subList(0, named)));
    }

    private static String count(int heads) {
        return Written.count(heads, "head");
    }

    private static List<Point> points(List<Moment> moments) {
        return moments.stream()
                .map(moment -> Point.at((double) moment.step(), moment.value()))
                .toList();
    }

    private static XyChart chart(
            String title, String description, String quantity, List<Series> series) {
        List<Double> values = new ArrayList<>(List.of(0.0));
        double last = 1;
        for (Series one : series) {
            for (Point point : one.points()) {
                values.add(point.y());
                last = Math.max(last, point.x());
            }
        }
        return new XyChart(
                title,
                description,
                new Axis("optimizer step", Scale.LINEAR, 0, last),
                Axis.around(quantity, Scale.LINEAR, values),
                series,
                OptionalDouble.of(0));
    }

    private static Table table(String title, List<Map.Entry<Head, List<Moment>>> heads) {
        List<Moment> first = heads.get(0).getValue();
        Columns<Integer> columns =
                new Columns<Integer>().add("Step", i -> Written.countCell(first.get(i).step()));
        for (Map.Entry<Head, List<Moment>> head : heads) {
            List<Moment> moments = head.getValue();
            columns.add("head " + head.getKey(), i -> Written.briefCell(moments.get(i).value()));
        }
        int last = first.size() - 1;
        int group = Math.max(1, last / ROWS + 1);
        return columns.table(
                title,
                IntStream.rangeClosed(0, last)
                        .filter(i -> (last - i) % group == 0)
                        .boxed()
                        .toList());
    }

    /**
     * One figure of several arms: the size of the largest scaling of each circuit, the mean over
     * the arm's seeds; none where no arm kept its scalings.
     *
     * @param arms each with the folders of its runs
     */
    public static List<Figure> largest(List<Arm> arms) throws IOException {
        List<Series> series = new ArrayList<>();
        for (Arm arm : arms) {
            List<Trajectory> histories = new ArrayList<>();
            for (Path run : arm.runs()) {
                histories.add(Trajectory.read(run));
            }
            for (Circuit circuit : Circuit.values()) {
                if (!histories.isEmpty()
                        && histories.stream().allMatch(one -> one.values().containsKey(circuit))) {
                    series.add(
                            new Series(
                                    "%s of %s".formatted(circuit.letter(), arm.name()),
                                    INKS[series.size() % INKS.length],
                                    Style.LINE,
                                    largest(histories, circuit)));
                }
            }
        }
        if (series.isEmpty()) {
            return List.of();
        }
        String title = "The largest scalings over training";
        String description =
                "The size of the largest a, or b, of all heads after each step, the mean over seeds.";
        Columns<Series> columns =
                new Columns<Series>()
                        .add("Scaling", one -> Cell.of(one.name()))
                        .add("Step", one -> Written.countCell((long) end(one).x()))
                        .add("Largest", one -> Written.briefCell(end(one).y()));
        return List.of(
                new Figure(
                        "history-largest",
                        chart(title, description, "largest size", series),
                        columns.table(title, series)));
    }

    private static Point end(Series one) {
        return one.points().get(one.points().size() - 1);
    }

    /** At the steps that all histories have. */
    private static List<Point> largest(List<Trajectory> histories, Circuit circuit) {
        List<Map<Long, Double>> sizes = new ArrayList<>();
        for (Trajectory history : histories) {
            Map<Long, Double> bySteps = new TreeMap<>();
            for (List<Moment> moments : history.values().get(circuit).values()) {
                for (Moment moment : moments) {
                    bySteps.merge(moment.step(), Math.abs(moment.value()), Math::max);
                }
            }
            sizes.add(bySteps);
        }
        List<Point> points = new ArrayList<>();
        for (long step : sizes.get(0).keySet()) {
            if (sizes.stream().allMatch(one -> one.containsKey(step))) {
                double sum = sizes.stream().mapToDouble(one -> one.get(step)).sum();
                points.add(Point.at((double) step, sum / sizes.size()));
            }
        }
        return points;
    }
}
