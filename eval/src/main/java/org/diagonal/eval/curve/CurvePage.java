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
import org.diagonal.eval.curve.Curve.Line;
import org.diagonal.eval.curve.Curve.Paper;
import org.diagonal.eval.curve.Curve.PaperPoint;
import org.diagonal.eval.measure.statistics.Interval;
import org.diagonal.eval.measure.statistics.PairedEstimate;
import org.diagonal.eval.record.Records;
import org.diagonal.eval.report.page.Block;
import org.diagonal.eval.report.page.Block.Fact;
import org.diagonal.eval.report.page.Block.Facts;
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
        CurveFigures figures = new CurveFigures(file);
        sections.add(
                Section.brief(
                        "Result",
                        List.of(
                                figures.curve(),
                                new Listing(means()),
                                figures.accuracy(),
                                new Listing(arms()))));
        if (file.arms().size() > 1) {
            sections.add(new Section("Differences", List.of(new Listing(differences()))));
        }
        sections.add(paper());
        sections.add(Section.brief("How it was trained and measured", trained()));
        sections.add(OriginSection.commits(file.commits(), tasks()));
        CurveLead lead = new CurveLead(file);
        return new Page(id, "Curve", lead.title(), lead.sentences(), sections);
    }

    private List<Fact> tasks() {
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact("task", file.settings().task().name()));
        facts.add(new Fact("task, SHA-256", file.settings().task().sha256()));
        file.settings()
                .testTask()
                .ifPresent(
                        task -> {
                            facts.add(new Fact("test task", task.name()));
                            facts.add(new Fact("test task, SHA-256", task.sha256()));
                        });
        return facts;
    }

    private List<Block> trained() {
        Trial.Training training = file.settings().training();
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact("network", file.settings().network().name()));
        OriginSection.facts(Records.words(file.settings().network())).facts().stream()
                .filter(fact -> !fact.name().equals("kind"))
                .forEach(facts::add);
        facts.add(new Fact("optimizer", "Adam"));
        facts.addAll(OriginSection.facts(Records.words(training)).facts());
        facts.addAll(OriginSection.facts(Records.words(file.settings().samples())).facts());
        return List.of(
                new Prose(
                        "Each trial counts with its epoch that is best on validation. %s;"
                                        .formatted(alphabet())
                                + " validation and test use alphabets of their own."
                                + tested()),
                new Facts(facts));
    }

    private String tested() {
        return file.settings()
                .testTask()
                .map(
                        task ->
                                " Training and validation strings are of %s; those of the test, on seen and on unseen symbols, are of %s."
                                        .formatted(file.settings().task().name(), task.name()))
                .orElse("");
    }

    private String alphabet() {
        OptionalInt fixed = file.settings().samples().trainAlphabet();
        return fixed.isPresent()
                ? "Training strings are drawn from %s symbols at every n"
                        .formatted(Written.count(fixed.getAsInt()))
                : "Training alphabets have as many symbols as there are samples";
    }

    private static String name(Line arm) {
        return arm.arm().toString();
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
                if (arm.paper().isPresent()) {
                    Optional<PaperPoint> beside = arm.paper().get().at(n);
                    row.add(beside.map(CurvePage::spread).orElse(Cell.of("–")));
                }
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
                                        Written.count(file.arms().get(0).last().n())),
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
                    first(arm.firstBelow(), OptionalInt.of(last.n())),
                    arm.paper()
                            .map(paper -> first(paper.firstBelow(), OptionalInt.empty()))
                            .orElse(Cell.of("")),
                    Written.cell(last.accuracyUnseen(), DECIMALS),
                    Written.cell(last.accuracyUnseenCi95().low(), DECIMALS),
                    Written.cell(last.accuracyUnseenCi95().high(), DECIMALS),
                    Written.cell(last.accuracySeen(), DECIMALS),
                    Written.timeCell(arm.seconds()));
        }
        return table.build();
    }

    /** Arms are paired: trials of one seed share their samples. */
    private Table differences() {
        Line first = file.arms().get(0);
        String caption =
                "%s less that of %s, paired by trial"
                        .formatted(Written.capital(file.metric()), name(first));
        Table.Builder table = Table.of(caption, "Arm", "n", "Difference", "Low", "High");
        for (Line arm : file.arms().subList(1, file.arms().size())) {
            for (int i = 0; i < arm.points().size(); i++) {
                List<Double> differences =
                        PairedEstimate.differences(
                                first.points().get(i).values(), arm.points().get(i).values());
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

    private static Cell first(OptionalInt n, OptionalInt most) {
        String none = most.isPresent() ? "> " + Written.count(most.getAsInt()) : "none";
        return n.isPresent() ? Written.countCell(n.getAsInt()) : Cell.of(none);
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
