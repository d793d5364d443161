package org.diagonal.eval.sweep;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.diagonal.eval.report.page.Block;
import org.diagonal.eval.report.page.Block.Fact;
import org.diagonal.eval.report.page.Block.Facts;
import org.diagonal.eval.report.page.Block.Listing;
import org.diagonal.eval.report.page.Block.Prose;
import org.diagonal.eval.report.page.OriginSection;
import org.diagonal.eval.report.page.Page;
import org.diagonal.eval.report.page.Page.Section;
import org.diagonal.eval.report.page.Table;
import org.diagonal.eval.report.page.Table.Cell;
import org.diagonal.eval.report.page.Written;
import org.diagonal.eval.sweep.Sweep.Choice;
import org.diagonal.eval.sweep.Sweep.Measure;
import org.diagonal.eval.sweep.Sweep.Selection;
import org.diagonal.eval.sweep.Sweep.Tried;

/** The report of a sweep: its figures, the choice on validation, and how all was trained. */
public final class SweepPage {

    private static final String TRAIN_LOSSES =
            " Its train losses are the lowest of all epochs; ours are those of the epoch that is best on validation.";

    private final Sweep sweep;
    private final SweepFigures figures;

    private SweepPage(Sweep sweep) {
        this.sweep = sweep;
        this.figures = new SweepFigures(sweep);
    }

    /** Reads a folder with a {@code sweep.json}. */
    public static Page of(Path folder, String id) throws IOException {
        return of(Sweep.FORM.read(folder), id);
    }

    /** The page of a sweep. */
    public static Page of(Sweep sweep, String id) {
        return new SweepPage(sweep).page(id);
    }

    private Page page(String id) {
        List<Section> sections = new ArrayList<>();
        List<Block> result = new ArrayList<>();
        sweep.figure().y().forEach(y -> result.add(figures.figure(y)));
        result.add(new Listing(means()));
        sections.add(Section.brief("Result", result));
        ArmDifferences.of(sweep)
                .map(table -> new Section("Differences between arms", List.of(new Listing(table))))
                .ifPresent(sections::add);
        SamplesNeeded.of(sweep).ifPresent(needed -> sections.add(samples(needed)));
        figures.map().ifPresent(map -> sections.add(new Section("Both settings", List.of(map))));
        sweep.selection().ifPresent(selection -> sections.add(choice(selection)));
        if (!sweep.paper().isEmpty()) {
            sections.add(paper());
        }
        sections.add(trained());
        sections.add(OriginSection.commits(sweep.commits(), List.of()));
        return new Page(id, "Sweep", sweep.title(), lead(), sections);
    }

    private List<String> lead() {
        List<String> lead = new ArrayList<>();
        lead.add(
                SamplesNeeded.of(sweep)
                        .flatMap(needed -> needed.sentence(sweep.metric()))
                        .orElseGet(this::lowest));
        long seed = sweep.settings().seed();
        int trials = sweep.settings().trials();
        lead.add(
                trials == 1
                        ? "One trial of each point, seed %d: no standard errors.".formatted(seed)
                        : "Means ± standard errors of %d trials, seeds %d to %d."
                                .formatted(trials, seed, seed + trials - 1));
        if (sweep.reduced()) {
            lead.add("A reduced grid: fewer values, trials or epochs than the paper’s figure has.");
        }
        if (!sweep.about().isEmpty()) {
            lead.add(sweep.about());
        }
        return lead;
    }

    /** The best point, and how many others print the same mean and error. */
    private String lowest() {
        Sweep.Point best =
                sweep.points().stream()
                        .min(Comparator.comparingDouble(point -> point.test().mean()))
                        .orElseThrow();
        String value = spread(best.test());
        long equal =
                sweep.points().stream().filter(point -> spread(point.test()).equals(value)).count();
        return equal == 1
                ? "The lowest %s is %s, at %s."
                        .formatted(sweep.metric(), value, SweepPlan.words(best.at()))
                : "The lowest %s is %s, at %d of %d points."
                        .formatted(sweep.metric(), value, equal, sweep.points().size());
    }

    private static String spread(Measure measure) {
        OptionalDouble error = measure.stderr();
        return Written.fixed(measure.mean(), 3)
                + (error.isPresent()
                        ? " ± " + Written.fixed(error.getAsDouble(), 3).replaceFirst("^0", "")
                        : "");
    }

    /** A row for each value of x, a column for each line. */
    private Table means() {
        Map<String, List<Sweep.Point>> lines = figures.lines();
        List<String> columns = new ArrayList<>(List.of(sweep.figure().x()));
        lines.keySet().forEach(line -> columns.add(line.isEmpty() ? "mean" : line));
        Table.Builder table =
                Table.of(
                        Written.capital(sweep.metric())
                                + (sweep.hasIntervals() ? ", mean ± standard error" : ""),
                        columns.toArray(String[]::new));
        List<Double> xs = sweep.points().stream().map(figures::x).distinct().sorted().toList();
        for (double x : xs) {
            List<Cell> row = new ArrayList<>(List.of(Cell.of(Written.setting(x), x)));
            for (List<Sweep.Point> line : lines.values()) {
                row.add(
                        line.stream()
                                .filter(point -> figures.x(point) == x)
                                .findFirst()
                                .map(point -> Cell.of(spread(point.test()), point.test().mean()))
                                .orElse(Cell.of("–")));
            }
            table.row(row);
        }
        return table.build();
    }

    private Section samples(SamplesNeeded needed) {
        return Section.brief(
                "Samples needed",
                List.of(
                        new Listing(needed.table(sweep.metric())),
                        new Prose(
                                "Where each seed’s curve first lies below 0.1, between two n by their logarithm. ≥: some seed stays above it at every n; ≤: some seed is below it at the first. By seed, %s."
                                        .formatted(needed.perSeed()))));
    }

    private Section choice(Selection selection) {
        Table.Builder table =
                Table.of(
                        "Validation loss, mean ± standard error over seeds",
                        "For",
                        Written.capital(selection.over()),
                        "Validation loss",
                        "Seeds",
                        "Chosen");
        for (Choice choice : selection.choices()) {
            for (Tried tried : choice.tried()) {
                table.row(
                        Cell.of(choice.group().isEmpty() ? "all" : SweepPlan.words(choice.group())),
                        Cell.of(tried.value()),
                        Cell.of(spread(tried.valid()), tried.valid().mean()),
                        Written.countCell(tried.valid().values().size()),
                        Cell.of(tried.value().equals(choice.best()) ? "yes" : ""));
            }
        }
        String seeds =
                selection.seeds().stream().map(String::valueOf).collect(Collectors.joining(", "));
        boolean all =
                sweep.figure().x().equals(selection.over())
                        || sweep.figure().line().contains(selection.over());
        String how =
                "By the lowest mean validation loss, with seeds %s, which the reported trials do not use. The figure shows %s."
                        .formatted(seeds, all ? "all values" : "the chosen values alone");
        return Section.brief(
                "How %s was chosen".formatted(selection.over()),
                List.of(new Prose(how), new Listing(table.build())));
    }

    private Section paper() {
        String figuresShown =
                sweep.paper().stream()
                        .map(figure -> "%s (%s)".formatted(figure.shown(), figure.name()))
                        .distinct()
                        .collect(Collectors.joining(", "));
        String losses = sweep.figure().y().contains("train") ? TRAIN_LOSSES : "";
        String words = "%s of %s.%s".formatted(figuresShown, sweep.paperSource(), losses);
        return Section.brief("The paper’s figure", List.of(new Prose(words)));
    }

    /** Axes with some of their values. */
    static String words(Map<String, List<String>> values) {
        return values.entrySet().stream()
                .map(entry -> entry.getKey() + " " + String.join(", ", entry.getValue()))
                .collect(Collectors.joining("; "));
    }

    private Section trained() {
        List<Fact> facts = new ArrayList<>();
        sweep.settings()
                .grid()
                .forEach((axis, values) -> facts.add(new Fact(axis, String.join(", ", values))));
        sweep.settings()
                .except()
                .ifPresent(
                        all -> all.forEach(one -> facts.add(new Fact("not trained", words(one)))));
        sweep.settings().base().forEach((axis, value) -> facts.add(new Fact(axis, value)));
        sweep.settings().tie().forEach((axis, value) -> facts.add(new Fact(axis, value)));
        facts.add(new Fact("time of all reported trials", Written.time(sweep.seconds())));
        return new Section(
                "How it was trained",
                List.of(
                        new Prose(
                                "Adam at constant rates; each trial counts with its epoch that is best on validation. Settings that are not named have the values of a curve."),
                        new Facts(facts)));
    }
}
