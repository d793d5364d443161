package org.diagonal.eval.reports;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.diagonal.eval.report.chart.Axis;
import org.diagonal.eval.report.chart.Axis.Scale;
import org.diagonal.eval.report.chart.Ink;
import org.diagonal.eval.report.chart.XyChart;
import org.diagonal.eval.report.chart.XyChart.Point;
import org.diagonal.eval.report.chart.XyChart.Series;
import org.diagonal.eval.report.chart.XyChart.Style;
import org.diagonal.eval.report.page.Block;
import org.diagonal.eval.report.page.Columns;
import org.diagonal.eval.report.page.Page;
import org.diagonal.eval.report.page.Table;
import org.diagonal.eval.report.page.Table.Cell;
import org.diagonal.eval.report.page.Written;
import org.diagonal.eval.train.TrainedRun;
import org.diagonal.eval.train.TrainingFolder;
import org.diagonal.plugin.network.Loss;

/** Several trainings in one chart and one table, above their own pages. */
final class OverlayPage {

    private static final Ink[] INKS = {Ink.PLAIN, Ink.BOTH, Ink.QK, Ink.OV, Ink.OTHER};

    private OverlayPage() {}

    /** The page of finished trainings, two at least. */
    static Page of(List<Path> folders) throws IOException {
        List<TrainingFolder> trainings = new ArrayList<>();
        for (Path folder : folders) {
            trainings.add(TrainingFolder.read(folder));
        }
        Table table = table(trainings);
        List<Block> blocks = new ArrayList<>();
        boolean comparable =
                trainings.stream().map(each -> each.result().loss()).distinct().count() == 1;
        List<TrainingFolder> evaluated =
                trainings.stream().filter(each -> !each.evaluations().isEmpty()).toList();
        if (comparable && evaluated.size() > 1) {
            blocks.add(new Block.Figure("validation-together", chart(evaluated), table));
        } else if (!comparable) {
            blocks.add(
                    new Block.Notice(
                            "These trainings have losses of different kinds: no chart can hold both."));
        }
        blocks.add(new Block.Listing(table));
        return new Page(
                "together",
                "Trainings",
                trainings.size() + " trainings side by side",
                List.of(best(trainings)),
                List.of(new Page.Section("Together", blocks)));
    }

    private static String best(List<TrainingFolder> trainings) {
        long texts = trainings.stream().map(OverlayPage::validation).distinct().count();
        String words =
                trainings.stream()
                        .map(each -> "%s %s".formatted(name(each), figure(each.result()).words()))
                        .reduce((a, b) -> a + ", " + b)
                        .orElse("");
        return texts == 1
                ? "Best on validation: %s.".formatted(words)
                : "Best on validation: %s. Not all were validated on the same text, so these figures do not compare."
                        .formatted(words);
    }

    private static String validation(TrainingFolder training) {
        return training.settings().getOrDefault("valid_data_sha256", "")
                + training.settings().getOrDefault("block_size", "")
                + training.settings().getOrDefault("tokenizer_sha256", "");
    }

    private static XyChart chart(List<TrainingFolder> trainings) {
        List<Series> series = new ArrayList<>();
        List<Double> values = new ArrayList<>();
        double last = 1;
        for (TrainingFolder training : trainings) {
            List<Point> points =
                    training.evaluations().stream()
                            .map(
                                    step ->
                                            Point.at(
                                                    (double) step.step(),
                                                    step.validLoss().getAsDouble()))
                            .toList();
            points.forEach(point -> values.add(point.y()));
            last = Math.max(last, points.get(points.size() - 1).x());
            Ink ink = INKS[series.size() % INKS.length];
            series.add(new Series(name(training), ink, Style.LINE_AND_POINTS, points));
        }
        return new XyChart(
                "Validation loss",
                "Of every training by optimizer step. Step 0 is the model before training.",
                new Axis("optimizer step", Scale.LINEAR, 0, last),
                Axis.around("validation loss", Scale.LINEAR, values),
                series,
                OptionalDouble.empty());
    }

    private static Table table(List<TrainingFolder> trainings) {
        boolean nats = trainings.stream().allMatch(each -> each.result().loss() == Loss.NATS);
        return new Columns<TrainingFolder>()
                .add("Run", training -> Cell.of(name(training)))
                .add("Scalings", training -> Cell.of(training.scalings().toString()))
                .add("Rate", training -> Cell.of(rate(training.settings())))
                .add(nats ? "Best perplexity" : "Best", training -> figure(training.result()))
                .add("Step", training -> count(training.result().bestStep()))
                .add("Steps", training -> Written.countCell(training.result().steps()))
                .add(
                        "Trained",
                        training -> Written.countCell(training.result().trainableParameters()))
                .add("Time", training -> Cell.of(Written.time(training.result().seconds())))
                .table("Trainings side by side", trainings);
    }

    private static String rate(Map<String, String> settings) {
        return settings.getOrDefault("lr", "").replace(".0E", "e");
    }

    private static Cell count(OptionalLong number) {
        return number.isPresent() ? Written.countCell(number.getAsLong()) : Cell.of("");
    }

    private static Cell figure(TrainedRun run) {
        if (run.bestLoss().isEmpty()) {
            return Cell.of("");
        }
        double loss = run.bestLoss().getAsDouble();
        return Written.cell(run.loss() == Loss.NATS ? Math.exp(loss) : loss, 4);
    }

    private static String name(TrainingFolder training) {
        Path name = training.folder().toAbsolutePath().normalize().getFileName();
        return name == null ? training.folder().toString() : name.toString();
    }
}
