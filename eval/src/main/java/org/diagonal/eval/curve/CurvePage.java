package org.diagonal.eval.curve;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.diagonal.eval.curve.Curve.Line;
import org.diagonal.eval.curve.Curve.Paper;
import org.diagonal.eval.curve.Curve.PaperPoint;
import org.diagonal.eval.measure.statistics.Interval;
import org.diagonal.eval.measure.statistics.PairedEstimate;
import org.diagonal.eval.record.Records;
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
import org.diagonal.eval.trial.Trial;

/** The report of a curve: the paper's kind of figure, its points and ours in the same axes. */
public final class CurvePage {

    private static final int DECIMALS = 3;

    private final Curve file;

    private CurvePage(Curve file) {
        this.file = file;
    }

    /** Reads a folder with a {@code curve.json}. */
    public static Page of(Path folder, String id) throws IOException {
        return of(Curve.FORM.read(folder), id);
    }

    /** The page of a curve. */
    public static Page of(Curve curve, String id) {
        return new CurvePage(curve).page(id);
    }

    private Page page(String id) {
        List<Section> sections = new ArrayList<>();
        sections.add(
                Section.brief(
                        "Result",
                        List.of(curve(), new Listing(means()), accuracy(), new Listing(arms()))));
        if (file.arms().size() > 1) {
            sections.add(new Section("Differences", List.of(new Listing(differences()))));
        }
        sections.add(paper());
        sections.add(Section.brief("How it was trained and measured", trained()));
        sections.add(
                new Section(
                        "Where it is from",
                        List.of(
                                new Facts(
                                        List.of(
                                                new Fact("task", file.settings().task().name()),
                                                new Fact(
                                                        "task, SHA-256",
                                                        file.settings().task().sha256()),
                                                new Fact("commits", commits()))))));
        CurveLead lead = new CurveLead(file);
        return new Page(id, "Curve", lead.title(), lead.sentences(), sections);
    }

    private List<Block> trained() {
        Trial.Training training = file.settings().training();
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact("network", kind()));
        OriginSection.facts(Records.words(file.settings().network())).facts().stream()
                .filter(fact -> !fact.name().equals("kind"))
                .forEach(facts::add);
        facts.add(new Fact("optimizer", "Adam"));
        facts.addAll(OriginSection.facts(Records.words(training)).facts());
        facts.addAll(OriginSection.facts(Records.words(file.settings().samples())).facts());
        return List.of(
                new Prose(
                        "Each trial counts with its epoch that is best on validation. Training"
                                + " alphabets have as many symbols as there are samples;"
                                + " validation and test use alphabets of their own."),
                new Facts(facts));
    }

    private static String name(Line arm) {
        return arm.arm().toString();
    }

    private String kind() {
        return file.settings().network().name();
    }

    private String commits() {
        String words = String.join(", ", file.commits());
        return words.isBlank() ? "not known" : words;
    }

    private long last(Line arm) {
        return arm.last().n();
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
        for (Line arm : file.arms()) {
            arm.paper().ifPresent(paper -> series.add(theirs(arm, paper, table, values, sizes)));
        }
        for (Line arm : file.arms()) {
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

    private static Series ours(
            Line arm, Table.Builder table, List<Double> values, List<Double> sizes) {
        List<Point> points = new ArrayList<>();
        for (Curve.Point point : arm.points()) {
            double spread = point.stderr().orElse(0);
            points.add(point(name(arm), point.n(), point.mean(), spread));
            values.add(point.mean());
            values.addAll(point.values());
            sizes.add((double) point.n());
            List<String> trials = point.values().stream().map(Written::brief).toList();
            table.row(
                    Cell.of(name(arm)),
                    Cell.of("ours"),
                    Written.countCell(point.n()),
                    Written.briefCell(point.mean()),
                    Written.briefCell(point.stderr()),
                    end(point, Interval::low),
                    end(point, Interval::high),
                    Cell.of(String.join(", ", trials)));
        }
        return new Series(name(arm), Ink.of(arm.arm()), Style.LINE_AND_POINTS, points);
    }

    private static Series theirs(
            Line arm, Paper paper, Table.Builder table, List<Double> values, List<Double> sizes) {
        List<Point> points = new ArrayList<>();
        for (PaperPoint point : paper.points()) {
            points.add(point(name(arm) + ", paper", point.n(), point.mean(), point.stderr()));
            values.add(point.mean());
            sizes.add((double) point.n());
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

    private Figure accuracy() {
        List<Series> series = new ArrayList<>();
        List<Double> sizes = new ArrayList<>();
        Table.Builder table =
                Table.of("Accuracy", "Arm", "n", "Unseen", "Low", "High", "Seen", "Low", "High");
        for (Line arm : file.arms()) {
            List<Point> points = new ArrayList<>();
            for (Curve.Point point : arm.points()) {
                Interval unseen = point.accuracyUnseenCi95();
                Interval seen = point.accuracySeenCi95();
                sizes.add((double) point.n());
                points.add(
                        new Point(
                                point.n(),
                                point.accuracyUnseen(),
                                unseen.low(),
                                unseen.high(),
                                "%s, n = %s: %s"
                                        .formatted(
                                                name(arm),
                                                Written.count(point.n()),
                                                Written.fixed(point.accuracyUnseen(), DECIMALS))));
                table.row(
                        Cell.of(name(arm)),
                        Written.countCell(point.n()),
                        Written.cell(point.accuracyUnseen(), DECIMALS),
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
                        Axis.around("training samples n", Scale.LOG2, sizes),
                        new Axis("share of right answers", Scale.LINEAR, 0, 1),
                        series,
                        OptionalDouble.empty());
        return new Figure("accuracy", chart, table.build());
    }

    /** Every arm at every n, the paper's mean beside it. */
    private Table means() {
        List<String> columns = new ArrayList<>(List.of("n"));
        for (Line arm : file.arms()) {
            columns.add(name(arm));
            arm.paper().ifPresent(paper -> columns.add("paper"));
        }
        Table.Builder table =
                Table.of(
                        Written.capital(file.metric())
                                + " on unseen symbols"
                                + (file.trials() == 1 ? "" : ", mean ± standard error"),
                        columns.toArray(String[]::new));
        for (int i = 0; i < file.arms().get(0).points().size(); i++) {
            int n = file.arms().get(0).points().get(i).n();
            List<Cell> row = new ArrayList<>(List.of(Written.countCell(n)));
            for (Line arm : file.arms()) {
                Curve.Point point = arm.points().get(i);
                row.add(spread(point.mean(), point.stderr()));
                arm.paper()
                        .ifPresent(
                                paper ->
                                        row.add(
                                                paper.at(n)
                                                        .map(CurvePage::spread)
                                                        .orElse(Cell.of("–"))));
            }
            table.row(row);
        }
        return table.build();
    }

    private static Cell spread(PaperPoint point) {
        return spread(point.mean(), OptionalDouble.of(point.stderr()));
    }

    /** Three decimals, fewer for large figures: {@code 0.031±.004}, {@code 12.4±1.2}. */
    private static Cell spread(double mean, OptionalDouble stderr) {
        String words = stderr.isPresent() ? "±" + narrow(stderr.getAsDouble()) : "";
        return Cell.of(narrow(mean) + words.replaceFirst("±0\\.", "±."), mean);
    }

    private static String narrow(double value) {
        return value < 9.9995
                ? Written.fixed(value, DECIMALS)
                : value < 1000 ? Written.fixed(value, 1) : Written.brief(value);
    }

    private Table arms() {
        Table.Builder table =
                Table.of(
                        "First n whose mean is below %s, and accuracy at n = %s"
                                .formatted(
                                        Written.setting(file.threshold()),
                                        Written.count(last(file.arms().get(0)))),
                        "Arm",
                        "First n, ours",
                        "First n, paper",
                        "Accuracy unseen",
                        "Low",
                        "High",
                        "Seen",
                        "Time");
        for (Line arm : file.arms()) {
            Curve.Point last = arm.last();
            table.row(
                    Cell.of(name(arm)),
                    first(arm.firstBelow()),
                    arm.paper().map(paper -> first(paper.firstBelow())).orElse(Cell.of("")),
                    Written.cell(last.accuracyUnseen(), DECIMALS),
                    Written.cell(last.accuracyUnseenCi95().low(), DECIMALS),
                    Written.cell(last.accuracyUnseenCi95().high(), DECIMALS),
                    Written.cell(last.accuracySeen(), DECIMALS),
                    Cell.of(Written.time(arm.seconds()), arm.seconds()));
        }
        return table.build();
    }

    /** Arms are paired: trials of one seed share their samples. */
    private Table differences() {
        Line first = file.arms().get(0);
        Table.Builder table =
                Table.of(
                        "%s less that of %s, paired by trial"
                                .formatted(Written.capital(file.metric()), name(first)),
                        "Arm",
                        "n",
                        "Difference",
                        "Low",
                        "High");
        for (Line arm : file.arms().subList(1, file.arms().size())) {
            for (int i = 0; i < arm.points().size(); i++) {
                List<Double> ours = arm.points().get(i).values();
                List<Double> theirs = first.points().get(i).values();
                List<Double> differences = new ArrayList<>();
                for (int trial = 0; trial < ours.size(); trial++) {
                    differences.add(ours.get(trial) - theirs.get(trial));
                }
                Optional<Interval> ends = PairedEstimate.interval(differences);
                table.row(
                        Cell.of(name(arm)),
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

    private static Cell first(OptionalInt n) {
        return n.isPresent() ? Written.countCell(n.getAsInt()) : Cell.of("never");
    }

    private Section paper() {
        Set<String> figures = new LinkedHashSet<>();
        Set<String> notes = new LinkedHashSet<>();
        for (Line arm : file.arms()) {
            if (arm.paper().isPresent()) {
                Paper paper = arm.paper().get();
                figures.add("%s (%s)".formatted(paper.shown(), paper.figure()));
                paper.note().ifPresent(notes::add);
                String sizes =
                        ReferenceFigures.others(paper.sizes(), file.settings().network().sizes());
                if (!sizes.isEmpty()) {
                    notes.add("its network has " + sizes);
                }
            }
        }
        List<Block> blocks = new ArrayList<>();
        blocks.add(
                figures.isEmpty()
                        ? new Notice("The paper has no such curve.")
                        : new Prose(
                                "Paper: %s of %s."
                                        .formatted(
                                                String.join(", ", figures), file.paperSource())));
        notes.forEach(note -> blocks.add(new Prose(Written.capital(note) + ".")));
        return Section.brief("The paper’s curves", blocks);
    }
}
