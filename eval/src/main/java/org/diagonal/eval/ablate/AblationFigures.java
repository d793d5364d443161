package org.diagonal.eval.ablate;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.diagonal.eval.ablate.Ablation.Curve;
import org.diagonal.eval.ablate.Ablation.Dose;
import org.diagonal.eval.ablate.Ablation.Scores;
import org.diagonal.eval.ablate.Ablation.Single;
import org.diagonal.eval.measure.statistics.Interval;
import org.diagonal.eval.report.chart.Axis;
import org.diagonal.eval.report.chart.HeatMap;
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
import org.diagonal.eval.train.ScalingsFigures;
import org.diagonal.plugin.identity.Circuit;

/** The curves and maps of an ablation. */
final class AblationFigures {

    private static final double FAR = 30;

    private final Ablation file;
    private final ChangeWords words;

    AblationFigures(Ablation file) {
        this.file = file;
        this.words = new ChangeWords(file.isTask());
    }

    /** Perplexity, or accuracy and loss, by factor. */
    List<Figure> doses() {
        List<Figure> figures = new ArrayList<>();
        String pairs =
                "Bars are 95 %% intervals of the change against t = 1, over %s of one model. The line is the model as trained."
                        .formatted(file.units());
        figures.add(
                dose(
                        file.isTask() ? "dose-accuracy" : "dose-perplexity",
                        Written.capital(words.measure()) + " by the size of the scalings",
                        pairs,
                        words.measure(),
                        words::value,
                        true));
        if (file.isTask()) {
            figures.add(
                    dose(
                            "dose-loss",
                            "Loss on unseen symbols by the size of the scalings",
                            "The line is the model as trained.",
                            "loss",
                            Scores::loss,
                            false));
        }
        return figures;
    }

    private Figure dose(
            String name,
            String title,
            String description,
            String quantity,
            ToDoubleFunction<Scores> value,
            boolean bars) {
        List<Series> series = new ArrayList<>();
        List<Double> all = new ArrayList<>();
        for (Curve curve : Curve.values()) {
            List<Point> points = new ArrayList<>();
            for (Dose dose : file.of(curve)) {
                double y = value.applyAsDouble(dose.scores());
                Interval bar = bars ? bar(dose) : new Interval(y, y);
                points.add(
                        new Point(
                                dose.t(),
                                y,
                                bar.low(),
                                bar.high(),
                                "%s times %s: %s"
                                        .formatted(
                                                curve.letters(),
                                                Written.setting(dose.t()),
                                                Written.brief(y))));
                all.addAll(List.of(y, bar.low(), bar.high()));
            }
            if (!points.isEmpty()) {
                Ink ink = Ink.of(curve.arm());
                series.add(new Series(curve.letters(), ink, Style.LINE_AND_POINTS, points));
            }
        }
        Axis y =
                bars && file.isTask()
                        ? Axis.ofShares(quantity, all)
                        : Axis.around(quantity, scale(all), all);
        XyChart chart =
                new XyChart(
                        title,
                        description,
                        new Axis("t, factor of the trained scalings", Axis.Scale.LINEAR, 0, 1.5),
                        y,
                        series,
                        OptionalDouble.of(value.applyAsDouble(file.trained())));
        return new Figure(name, chart, table(title, value));
    }

    /** Logarithmic where values lie far from one another. */
    private static Axis.Scale scale(List<Double> values) {
        double least = Collections.min(values);
        return least > 0 && Collections.max(values) / least > FAR
                ? Axis.Scale.LOG10
                : Axis.Scale.LINEAR;
    }

    /** Around the trained model's value moved by the change's interval. */
    private Interval bar(Dose dose) {
        double trained = words.value(file.trained());
        Interval change = dose.againstTrained().ci95();
        return file.isTask()
                ? change.map(by -> Math.min(1, Math.max(0, trained + by)))
                : change.map(by -> trained * by);
    }

    private Table table(String title, ToDoubleFunction<Scores> value) {
        Columns<Integer> columns = new Columns<>();
        List<Double> factors = file.factors();
        columns.add("t", i -> Cell.of(Written.setting(factors.get(i)), factors.get(i)));
        for (Curve curve : Curve.values()) {
            List<Dose> doses = file.of(curve);
            if (!doses.isEmpty()) {
                columns.add(
                        curve.letters(),
                        i -> Written.briefCell(value.applyAsDouble(doses.get(i).scores())));
            }
        }
        return columns.table(title, IntStream.range(0, factors.size()).boxed().toList());
    }

    /** The heads of a circuit as maps: what each learned, without it, and with it alone. */
    List<Figure> maps(Circuit circuit) {
        String letter = circuit.letter();
        String change = "change of %s, %s".formatted(words.measure(), words.unit());
        List<Figure> maps = new ArrayList<>();
        maps.add(
                map(
                        circuit,
                        "without",
                        "Without one %s: %s".formatted(letter, change),
                        "Each cell is the model as trained but for this head’s %s, which is zero. %s"
                                .formatted(letter, words.colours()),
                        "change",
                        one -> words.size(one.withoutAgainstTrained())));
        maps.add(
                map(
                        circuit,
                        "alone",
                        "One %s alone: %s".formatted(letter, change),
                        "Each cell is this head’s %s as trained and all other scalings zero, against the model with all of them zero. %s"
                                .formatted(letter, words.colours()),
                        "change",
                        one -> words.size(one.aloneAgainstPlain())));
        if (file.isTask()) {
            maps.add(
                    map(
                            circuit,
                            "without-loss",
                            "Without one %s: change of the loss".formatted(letter),
                            "Against the model as trained, on unseen symbols. Blue: the loss falls.",
                            "change",
                            one -> one.without().loss() - file.trained().loss()));
            maps.add(
                    map(
                            circuit,
                            "alone-loss",
                            "One %s alone: change of the loss".formatted(letter),
                            "Against the model with all scalings zero, on unseen symbols. Blue: the loss falls.",
                            "change",
                            one -> one.alone().loss() - file.plain().loss()));
        }
        maps.add(
                map(
                        circuit,
                        "learned",
                        "%s as trained".formatted(letter),
                        "A row is a layer, a column a head.",
                        letter,
                        Single::learned));
        return maps;
    }

    private Figure map(
            Circuit circuit,
            String name,
            String title,
            String description,
            String quantity,
            ToDoubleFunction<Single> value) {
        List<List<Double>> layers = new ArrayList<>();
        for (int layer = 0; layer < file.model().layers(); layer++) {
            layers.add(new ArrayList<>(Collections.nCopies(file.model().heads(), Double.NaN)));
        }
        for (Single one : file.of(circuit)) {
            layers.get(one.layer()).set(one.head(), value.applyAsDouble(one));
        }
        HeatMap map = new HeatMap(title, description, quantity, layers);
        String circuitWord = circuit.name().toLowerCase(Locale.ROOT);
        return new Figure(name + "-" + circuitWord, map, ScalingsFigures.table(map));
    }
}
