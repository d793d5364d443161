package org.diagonal.eval.train;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.diagonal.eval.report.chart.Axis;
import org.diagonal.eval.report.chart.Axis.Scale;
import org.diagonal.eval.report.chart.XyChart;
import org.diagonal.eval.report.chart.XyChart.Point;
import org.diagonal.eval.report.chart.XyChart.Series;
import org.diagonal.eval.report.chart.XyChart.Style;
import org.diagonal.eval.report.page.Block.Figure;
import org.diagonal.eval.report.page.Table;
import org.diagonal.eval.report.page.Table.Cell;
import org.diagonal.eval.report.page.Written;
import org.diagonal.eval.train.TrainingFolder.Step;
import org.diagonal.plugin.network.Loss;

/** The learning curves of one or more arms, each the mean of its seeds. */
public final class TrainingFigures {

    /** More points than that no screen shows, and no reader needs. */
    private static final int POINTS = 120;

    /** Losses that fall further are shown on a logarithmic axis. */
    private static final double FAR = 30;

    private final List<ArmRuns> arms;
    private final int seeds;
    private final String unit;

    private TrainingFigures(List<ArmRuns> arms) {
        this.arms = arms;
        seeds = arms.get(0).trainings().size();
        unit =
                arms.get(0).trainings().get(0).result().loss() == Loss.NATS
                        ? "nats per target"
                        : "mean squared error";
    }

    /** A curve: the value of an arm at each step. */
    private record Curve(ArmRuns arm, List<Point> points) {

        double at(int index) {
            return points.get(index).y();
        }
    }

    /**
     * The figures that there are data for.
     *
     * @param arms each with all of its runs; the first is what others are compared with
     */
    public static List<Figure> of(List<ArmRuns> arms) {
        return new TrainingFigures(arms).figures();
    }

    private List<Figure> figures() {
        List<Figure> figures = new ArrayList<>();
        List<Curve> losses =
                curves(TrainingFolder::trained, step -> step.loss().getAsDouble(), true);
        figures.add(losses(losses));
        if (arms.size() > 1) {
            figures.add(differences(losses));
        }
        List<Curve> valid =
                curves(TrainingFolder::evaluations, step -> step.validLoss().getAsDouble(), false);
        if (valid.get(0).points.size() > 1) {
            figures.add(validation(valid));
        }
        return figures;
    }

    private List<Curve> curves(
            Function<TrainingFolder, List<Step>> which,
            ToDoubleFunction<Step> value,
            boolean thin) {
        int length = Integer.MAX_VALUE;
        for (ArmRuns arm : arms) {
            for (TrainingFolder training : arm.trainings()) {
                length = Math.min(length, which.apply(training).size());
            }
        }
        int group = thin ? group(length) : 1;
        List<Curve> curves = new ArrayList<>();
        for (ArmRuns arm : arms) {
            List<List<Step>> runs = arm.trainings().stream().map(which).toList();
            List<Point> points = new ArrayList<>();
            for (int from = 0; from < length; from += group) {
                int to = Math.min(length, from + group);
                double sum = 0;
                for (List<Step> run : runs) {
                    sum += run.subList(from, to).stream().mapToDouble(value).sum();
                }
                long step = runs.get(0).get(to - 1).step();
                points.add(Point.at((double) step, sum / (to - from) / runs.size()));
            }
            curves.add(new Curve(arm, points));
        }
        return curves;
    }

    private static int group(int length) {
        return Math.max(1, (length + POINTS - 1) / POINTS);
    }

    private Figure losses(List<Curve> curves) {
        int length = arms.get(0).trainings().get(0).trained().size();
        int group = group(length);
        String each = group == 1 ? "" : " Each point is the mean of %d steps.".formatted(group);
        String description = "By optimizer step%s.%s".formatted(ofSeeds(), each);
        return figure("training-loss", "Training loss", description, curves, Style.LINE);
    }

    private Figure validation(List<Curve> curves) {
        String description =
                "On text or strings that are not trained on%s. Step 0 is the model before training."
                        .formatted(ofSeeds());
        return figure(
                "validation-loss", "Validation loss", description, curves, Style.LINE_AND_POINTS);
    }

    /** Arms see the same batches: what is between them at a step is not the batch. */
    private Figure differences(List<Curve> curves) {
        ArmRuns first = arms.get(0);
        List<Curve> differences = new ArrayList<>();
        for (Curve curve : curves.subList(1, curves.size())) {
            List<Point> points = new ArrayList<>();
            for (int i = 0; i < curve.points.size(); i++) {
                double difference = curve.at(i) - curves.get(0).at(i);
                points.add(Point.at(curve.points.get(i).x(), difference));
            }
            differences.add(new Curve(curve.arm, points));
        }
        List<Series> series = series(differences, Style.LINE);
        List<Double> values = new ArrayList<>(XyChart.ys(series));
        values.add(0.0);
        XyChart chart =
                new XyChart(
                        "Difference in training loss",
                        "Each arm less %s at the same step, which has the same batch%s. Below zero the arm learns faster."
                                .formatted(first.name(), ofSeeds()),
                        steps(series),
                        Axis.around("difference, " + unit, Scale.LINEAR, values),
                        series,
                        OptionalDouble.of(0));
        return new Figure(
                "training-difference", chart, table("Difference in training loss", differences));
    }

    private Figure figure(
            String name, String title, String description, List<Curve> curves, Style style) {
        List<Series> series = series(curves, style);
        List<Double> values = XyChart.ys(series);
        double min = values.stream().mapToDouble(value -> value).min().orElse(0);
        double max = values.stream().mapToDouble(value -> value).max().orElse(1);
        Scale scale = min > 0 && max / min > FAR ? Scale.LOG10 : Scale.LINEAR;
        XyChart chart =
                new XyChart(
                        title,
                        description,
                        steps(series),
                        Axis.around("loss, " + unit, scale, values),
                        series,
                        OptionalDouble.empty());
        return new Figure(name, chart, table(title + ", " + unit, curves));
    }

    private static Axis steps(List<Series> series) {
        double last = XyChart.xs(series).stream().max(Comparator.naturalOrder()).orElse(1.0);
        return new Axis("optimizer step", Scale.LINEAR, 0, Math.max(1, last)); // 0 before the first
    }

    private static List<Series> series(List<Curve> curves, Style style) {
        return curves.stream()
                .map(curve -> new Series(curve.arm.name(), curve.arm.ink(), style, curve.points))
                .toList();
    }

    private String ofSeeds() {
        return seeds == 1 ? "" : ", mean of %d seeds".formatted(seeds);
    }

    private static Table table(String caption, List<Curve> curves) {
        List<String> columns = new ArrayList<>(List.of("Step"));
        curves.forEach(curve -> columns.add(curve.arm.name()));
        Table.Builder table = Table.of(caption, columns.toArray(String[]::new));
        for (int i = 0; i < curves.get(0).points.size(); i++) {
            List<Cell> row = new ArrayList<>();
            row.add(Written.countCell((long) curves.get(0).points.get(i).x()));
            for (Curve curve : curves) {
                row.add(Written.briefCell(curve.at(i)));
            }
            table.row(row);
        }
        return table.build();
    }
}
