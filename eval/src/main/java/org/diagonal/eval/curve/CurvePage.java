package org.diagonal.eval.curve;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.diagonal.eval.curve.CurveFile.Arm;
import org.diagonal.eval.curve.CurveFile.Paper;
import org.diagonal.eval.curve.CurveFile.PaperPoint;
import org.diagonal.eval.measure.statistics.Interval;
import org.diagonal.eval.measure.statistics.PairedEstimate;
import org.diagonal.eval.report.chart.Axis;
import org.diagonal.eval.report.chart.Axis.Scale;
import org.diagonal.eval.report.chart.Ink;
import org.diagonal.eval.report.chart.XyChart;
import org.diagonal.eval.report.chart.XyChart.Point;
import org.diagonal.eval.report.chart.XyChart.Series;
import org.diagonal.eval.report.chart.XyChart.Style;
import org.diagonal.eval.report.page.Block;
import org.diagonal.eval.report.page.Block.Fact;
import org.diagonal.eval.report.page.Block.Facts;
import org.diagonal.eval.report.page.Block.Figure;
import org.diagonal.eval.report.page.Block.Listing;
import org.diagonal.eval.report.page.Block.Notice;
import org.diagonal.eval.report.page.Block.Prose;
import org.diagonal.eval.report.page.OriginSection;
import org.diagonal.eval.report.page.Page;
import org.diagonal.eval.report.page.Page.Section;
import org.diagonal.eval.report.page.Table;
import org.diagonal.eval.report.page.Table.Cell;
import org.diagonal.eval.report.page.Written;

/** The report of a curve: the paper's kind of figure, its points and ours in the same axes. */
public final class CurvePage {

    private static final int DECIMALS = 3;

    private final CurveFile file;

    private CurvePage(CurveFile file) {
        this.file = file;
    }

    /** Reads a folder with a {@code curve.json}. */
    public static Page of(Path folder, String id) throws IOException {
        return new CurvePage(CurveFile.read(folder)).page(id);
    }

    private Page page(String id) {
        List<Section> sections = new ArrayList<>();
        List<Block> result = new ArrayList<>(List.of(curve(), accuracy(), new Listing(arms())));
        if (file.arms().size() > 1) {
            result.add(new Listing(differences()));
        }
        sections.add(new Section("Result", result));
        sections.add(paper());
        List<Fact> training = new ArrayList<>();
        training.add(new Fact("network", kind()));
        file.network()
                .forEach(
                        (name, value) -> {
                            if (!name.equals("kind")) {
                                training.add(new Fact(name.replace('_', ' '), value));
                            }
                        });
        training.add(new Fact("trials of each point", Integer.toString(file.trials())));
        training.add(new Fact("seeds", file.seed() + " to " + (file.seed() + file.trials() - 1)));
        sections.add(
                new Section(
                        "How it was trained and measured",
                        List.of(
                                new Prose(
                                        "Of every trial the epoch counts that is best on validation."
                                                + " Training alphabets have as many symbols as there"
                                                + " are samples; validation and test use alphabets"
                                                + " of their own."),
                                new Facts(training),
                                OriginSection.facts(file.training()),
                                OriginSection.facts(file.samples()))));
        sections.add(
                new Section(
                        "Where it is from",
                        List.of(
                                new Facts(
                                        List.of(
                                                new Fact("task", file.task()),
                                                new Fact("task, SHA-256", file.taskSha256()),
                                                new Fact("commits", commits()))))));
        String title = "%s on %s: %s".formatted(kind(), file.task(), file.metric());
        return new Page(id, "Curve", title, lead(), sections);
    }

    private String kind() {
        return file.network().getOrDefault("kind", "network");
    }

    private String commits() {
        String words = String.join(", ", file.commits());
        return words.isBlank() ? "not known" : words;
    }

    private long last(Arm arm) {
        return arm.points().get(arm.points().size() - 1).n();
    }

    private List<String> lead() {
        List<String> sentences = new ArrayList<>();
        String threshold = Written.setting(file.threshold());
        for (Arm arm : file.arms()) {
            String ours = ours(arm, threshold);
            String theirs =
                    arm.paper().map(paper -> " (the paper’s " + first(paper) + ")").orElse("");
            sentences.add("%s: %s %s%s.".formatted(arm.name(), file.metric(), ours, theirs));
        }
        sentences.add(
                file.trials() == 1
                        ? "One trial of each point, seed %d.".formatted(file.seed())
                        : "Means of %d trials, seeds %d to %d."
                                .formatted(
                                        file.trials(),
                                        file.seed(),
                                        file.seed() + file.trials() - 1));
        return sentences;
    }

    private String ours(Arm arm, String threshold) {
        if (arm.firstBelow().isEmpty()) {
            return "stays above %s up to %s".formatted(threshold, n(last(arm)));
        }
        long first = arm.firstBelow().getAsLong();
        return first == arm.points().get(0).n() // where it fell, nobody has measured
                ? "is below %s at %s already".formatted(threshold, n(first))
                : "falls below %s at %s".formatted(threshold, n(first));
    }

    private static String first(Paper paper) {
        return paper.firstBelow().isPresent()
                ? "falls at " + n(paper.firstBelow().getAsLong())
                : "stays above";
    }

    /** Not to be broken at the end of a line. */
    private static String n(long value) {
        return "n\u00A0=\u00A0" + Written.count(value);
    }

    private Figure curve() {
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
        List<Double> values = new ArrayList<>(List.of(file.threshold()));
        List<Double> sizes = new ArrayList<>();
        for (Arm arm : file.arms()) {
            arm.paper().ifPresent(paper -> series.add(theirs(arm, paper, table, values, sizes)));
        }
        for (Arm arm : file.arms()) {
            singles(arm).ifPresent(series::add);
            series.add(ours(arm, table, values, sizes));
        }
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
                        Axis.around("training samples n", Scale.LOG2, sizes),
                        Axis.around(file.metric(), scale, values),
                        series,
                        OptionalDouble.of(file.threshold()));
        return new Figure("curve", chart, table.build());
    }

    /** Every trial's figure as a point of its own. */
    private static Optional<Series> singles(Arm arm) {
        List<Point> points = new ArrayList<>();
        for (CurveFile.Point point : arm.points()) {
            for (double value : point.values()) {
                points.add(Point.at((double) point.n(), value));
            }
        }
        boolean several = arm.points().stream().anyMatch(point -> point.values().size() > 1);
        return several
                ? Optional.of(new Series("", Ink.of(arm.scalings()), Style.SINGLES, points))
                : Optional.empty();
    }

    /** An end of the mean's 95 % interval over the trials. */
    private static Cell end(CurveFile.Point point, ToDoubleFunction<Interval> which) {
        return PairedEstimate.interval(point.values())
                .map(ends -> Written.briefCell(which.applyAsDouble(ends)))
                .orElse(Cell.of(""));
    }

    private static Series ours(
            Arm arm, Table.Builder table, List<Double> values, List<Double> sizes) {
        List<Point> points = new ArrayList<>();
        for (CurveFile.Point point : arm.points()) {
            double spread = point.stderr().orElse(0);
            points.add(point(arm.name(), point.n(), point.mean(), spread));
            values.add(point.mean());
            values.addAll(point.values());
            sizes.add((double) point.n());
            List<String> trials = point.values().stream().map(Written::brief).toList();
            table.row(
                    Cell.of(arm.name()),
                    Cell.of("ours"),
                    Written.countCell(point.n()),
                    Written.briefCell(point.mean()),
                    Written.briefCell(point.stderr()),
                    end(point, Interval::low),
                    end(point, Interval::high),
                    Cell.of(String.join(", ", trials)));
        }
        return new Series(arm.name(), Ink.of(arm.scalings()), Style.LINE_AND_POINTS, points);
    }

    private static Series theirs(
            Arm arm, Paper paper, Table.Builder table, List<Double> values, List<Double> sizes) {
        List<Point> points = new ArrayList<>();
        for (PaperPoint point : paper.points()) {
            points.add(point(arm.name() + ", paper", point.n(), point.mean(), point.stderr()));
            values.add(point.mean());
            sizes.add((double) point.n());
            table.row(
                    Cell.of(arm.name()),
                    Cell.of("paper"),
                    Written.countCell(point.n()),
                    Written.briefCell(point.mean()),
                    Written.briefCell(point.stderr()),
                    Cell.of(""),
                    Cell.of(""),
                    Cell.of(""));
        }
        return new Series(arm.name() + ", paper", Ink.of(arm.scalings()), Style.OTHERS, points);
    }

    private static Point point(String name, long n, double mean, double spread) {
        String note =
                "%s, n = %s: %s ± %s"
                        .formatted(
                                name, Written.count(n), Written.brief(mean), Written.brief(spread));
        return new Point(n, mean, mean - spread, mean + spread, note);
    }

    private Figure accuracy() {
        List<Series> series = new ArrayList<>();
        List<Double> sizes = new ArrayList<>();
        Table.Builder table =
                Table.of("Accuracy", "Arm", "n", "Unseen", "Low", "High", "Seen", "Low", "High");
        for (Arm arm : file.arms()) {
            List<Point> points = new ArrayList<>();
            for (CurveFile.Point point : arm.points()) {
                CurveFile.Share unseen = point.unseen();
                CurveFile.Share seen = point.seen();
                sizes.add((double) point.n());
                points.add(
                        new Point(
                                point.n(),
                                unseen.value(),
                                unseen.low(),
                                unseen.high(),
                                "%s, n = %s: %s"
                                        .formatted(
                                                arm.name(),
                                                Written.count(point.n()),
                                                Written.fixed(unseen.value(), DECIMALS))));
                table.row(
                        Cell.of(arm.name()),
                        Written.countCell(point.n()),
                        Written.cell(unseen.value(), DECIMALS),
                        Written.cell(unseen.low(), DECIMALS),
                        Written.cell(unseen.high(), DECIMALS),
                        Written.cell(seen.value(), DECIMALS),
                        Written.cell(seen.low(), DECIMALS),
                        Written.cell(seen.high(), DECIMALS));
            }
            series.add(
                    new Series(arm.name(), Ink.of(arm.scalings()), Style.LINE_AND_POINTS, points));
        }
        XyChart chart =
                new XyChart(
                        "Accuracy by training samples",
                        file.pooled()
                                ? "Right answers on unseen symbols. An earlier version of the program counted the strings of all trials as one sample, so the intervals are too narrow."
                                : "Right answers on unseen symbols: the mean over trials, with its 95 % interval over trials and strings.",
                        Axis.around("training samples n", Scale.LOG2, sizes),
                        new Axis("share of right answers", Scale.LINEAR, 0, 1),
                        series,
                        OptionalDouble.empty());
        return new Figure("accuracy", chart, table.build());
    }

    private Table arms() {
        Table.Builder table =
                Table.of(
                        "Where the mean first falls below " + Written.setting(file.threshold()),
                        "Arm",
                        "First n, ours",
                        "First n, paper",
                        "Time");
        for (Arm arm : file.arms()) {
            double seconds = arm.points().stream().mapToDouble(CurveFile.Point::seconds).sum();
            table.row(
                    Cell.of(arm.name()),
                    first(arm.firstBelow()),
                    arm.paper().map(paper -> first(paper.firstBelow())).orElse(Cell.of("")),
                    Cell.of(Written.time(seconds), seconds));
        }
        return table.build();
    }

    /** Arms are paired: trials of one seed share their samples. */
    private Table differences() {
        Arm first = file.arms().get(0);
        Table.Builder table =
                Table.of(
                        "%s less that of %s, paired by trial"
                                .formatted(Written.capital(file.metric()), first.name()),
                        "Arm",
                        "n",
                        "Difference",
                        "Low",
                        "High");
        for (Arm arm : file.arms().subList(1, file.arms().size())) {
            for (int i = 0; i < arm.points().size(); i++) {
                List<Double> ours = arm.points().get(i).values();
                List<Double> theirs = first.points().get(i).values();
                List<Double> differences = new ArrayList<>();
                for (int trial = 0; trial < ours.size(); trial++) {
                    differences.add(ours.get(trial) - theirs.get(trial));
                }
                Optional<Interval> ends = PairedEstimate.interval(differences);
                table.row(
                        Cell.of(arm.name()),
                        Written.countCell(arm.points().get(i).n()),
                        Written.signedCell(PairedEstimate.mean(differences), DECIMALS),
                        ends.map(one -> Written.signedCell(one.low(), DECIMALS))
                                .orElse(Cell.of("")),
                        ends.map(one -> Written.signedCell(one.high(), DECIMALS))
                                .orElse(Cell.of("")));
            }
        }
        return table.build();
    }

    private static Cell first(OptionalLong n) {
        return n.isPresent() ? Written.countCell(n.getAsLong()) : Cell.of("never");
    }

    private Section paper() {
        Set<String> figures = new LinkedHashSet<>();
        Set<String> notes = new LinkedHashSet<>();
        for (Arm arm : file.arms()) {
            arm.paper()
                    .ifPresent(
                            paper -> {
                                figures.add("%s (%s)".formatted(paper.shown(), paper.figure()));
                                notes.add(paper.note());
                                String sizes =
                                        ReferenceFigures.others(paper.sizes(), file.network());
                                notes.add(sizes.isEmpty() ? "" : "its network has " + sizes);
                            });
        }
        notes.remove("");
        List<Block> blocks = new ArrayList<>();
        blocks.add(
                figures.isEmpty()
                        ? new Notice("The paper has no such curve.")
                        : new Prose(
                                "%s of %s."
                                        .formatted(
                                                String.join(", ", figures), file.paperSource())));
        notes.forEach(note -> blocks.add(new Prose(Written.capital(note) + ".")));
        return new Section("The paper’s curves", blocks);
    }
}
