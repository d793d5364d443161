package org.diagonal.eval.report.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.diagonal.eval.measure.Comparison;
import org.diagonal.eval.report.chart.Axis;
import org.diagonal.eval.report.chart.Axis.Scale;
import org.diagonal.eval.report.chart.IntervalChart;
import org.diagonal.eval.report.page.Block;
import org.diagonal.eval.report.page.Block.Fact;
import org.diagonal.eval.report.page.Block.Facts;
import org.diagonal.eval.report.page.Block.Figure;
import org.diagonal.eval.report.page.Block.Listing;
import org.diagonal.eval.report.page.Block.Notice;
import org.diagonal.eval.report.page.Block.Prose;
import org.diagonal.eval.report.page.Page;
import org.diagonal.eval.report.page.Page.Section;
import org.diagonal.eval.report.page.Table;
import org.diagonal.eval.report.page.Table.Cell;

/** The report of a comparison on a text. */
final class ComparisonPage {

    private static final int DECIMALS = 4;

    private final ComparisonFile file;
    private final List<ArmRuns> arms;

    private ComparisonPage(ComparisonFile file, List<ArmRuns> arms) {
        this.file = file;
        this.arms = arms;
    }

    /** Reads a folder with a {@code compare.json}, and what of its runs is there. */
    static Page of(Path folder, String id) throws IOException {
        ComparisonFile file = ComparisonFile.read(folder);
        List<ArmRuns> arms =
                ArmRuns.find(
                        folder,
                        file.model().isPresent(),
                        file.arms().stream()
                                .map(
                                        arm ->
                                                new ArmRuns.Named(
                                                        arm.name(), arm.scalings(), arm.folders()))
                                .toList());
        return new ComparisonPage(file, arms).page(id);
    }

    private Page page(String id) throws IOException {
        List<Section> sections = new ArrayList<>();
        sections.add(result());
        boolean whole = arms.stream().allMatch(ArmRuns::isWhole);
        if (whole) {
            sections.add(new Section("Learning", List.copyOf(TrainingFigures.of(arms))));
            sections.addAll(articles());
        }
        List<Block> scalings = ScalingsFigures.of(arms);
        if (!scalings.isEmpty()) {
            sections.add(new Section("What the scalings became", scalings));
        }
        if (!whole) {
            sections.add(new Section("What is not shown", List.of(missing(arms))));
        }
        sections.add(protocol());
        if (whole) {
            sections.add(
                    new Section(
                            "Settings that all runs share",
                            List.of(Origin.facts(Origin.shared(arms)))));
        }
        sections.add(origin());
        return new Page(id, "Comparison", title(), lead(), sections);
    }

    private String title() {
        List<String> names = file.arms().stream().map(ComparisonFile.Arm::name).toList();
        String which =
                String.join(", ", names.subList(1, names.size())) + " against " + names.get(0);
        String path = file.measured().data();
        String data = path.substring(path.lastIndexOf('/') + 1);
        return file.model().map(model -> model + " on " + data + ": " + which).orElse(which);
    }

    private List<ComparisonFile.Arm> compared() {
        return file.arms().subList(1, file.arms().size());
    }

    private List<String> lead() {
        List<ComparisonFile.Arm> compared = compared();
        return compared.stream()
                .map(
                        arm ->
                                compared.size() == 1
                                        ? Written.capital(arm.sentence())
                                        : arm.name() + ": " + arm.sentence())
                .map(sentence -> sentence + ".")
                .toList();
    }

    private Section result() {
        return new Section("Result", List.of(ratios(), new Listing(table())));
    }

    private Figure ratios() {
        List<IntervalChart.Row> rows = new ArrayList<>();
        Table.Builder table =
                Table.of(
                        "Ratio of perplexities to that of " + file.arms().get(0).name(),
                        "Arm",
                        "Ratio",
                        "Low",
                        "High",
                        "Ratio of each seed");
        for (int i = 1; i < arms.size(); i++) {
            ComparisonFile.Arm arm = file.arms().get(i);
            Comparison with = arm.comparison().orElseThrow();
            String words =
                    "%s: %s, %s"
                            .formatted(
                                    arm.name(),
                                    Written.fixed(with.ratio(), DECIMALS),
                                    Written.interval(with.ciLow(), with.ciHigh(), DECIMALS));
            rows.add(
                    new IntervalChart.Row(
                            arm.name(),
                            arms.get(i).ink(),
                            false,
                            with.ratio(),
                            with.ciLow(),
                            with.ciHigh(),
                            with.seeds() > 1 ? with.ratiosPerSeed() : List.of(),
                            words));
            table.row(
                    Cell.of(arm.name()),
                    Written.cell(with.ratio(), DECIMALS),
                    Written.cell(with.ciLow(), DECIMALS),
                    Written.cell(with.ciHigh(), DECIMALS),
                    Cell.of(seeds(with)));
        }
        List<Double> values = new ArrayList<>(IntervalChart.values(rows));
        values.add(1.0);
        Comparison any = file.arms().get(1).comparison().orElseThrow();
        String small = any.seeds() > 1 ? " The small dots are single seeds." : "";
        IntervalChart chart =
                new IntervalChart(
                        "Ratio of perplexities",
                        "Perplexity of each arm by that of %s, with its 95 %% interval; below 1 the arm predicts better.%s"
                                .formatted(file.arms().get(0).name(), small),
                        Axis.around("ratio", Scale.LINEAR, values),
                        rows,
                        OptionalDouble.of(1));
        return new Figure("ratio", chart, table.build());
    }

    private static String seeds(Comparison with) {
        return String.join(
                ", ", with.ratiosPerSeed().stream().map(r -> Written.fixed(r, DECIMALS)).toList());
    }

    private Table table() {
        Table.Builder table =
                Table.of(
                        "Perplexity on " + file.measured().data(),
                        "Arm",
                        "Perplexity",
                        "Ratio",
                        "95 % interval",
                        "Trained",
                        "Time");
        for (ComparisonFile.Arm arm : file.arms()) {
            table.row(
                    Cell.of(arm.name()),
                    Written.cell(arm.perplexity(), DECIMALS),
                    arm.comparison()
                            .map(with -> Written.cell(with.ratio(), DECIMALS))
                            .orElse(Cell.of("")),
                    Cell.of(
                            arm.comparison()
                                    .map(
                                            with ->
                                                    Written.interval(
                                                            with.ciLow(), with.ciHigh(), DECIMALS))
                                    .orElse("")),
                    trained(arm.trained()),
                    seconds(arm.seconds()));
        }
        return table.build();
    }

    static Cell trained(OptionalLong trained) {
        return trained.isPresent() ? Written.countCell(trained.getAsLong()) : Cell.of("");
    }

    static Cell seconds(OptionalDouble seconds) {
        return seconds.isPresent()
                ? Cell.of(Written.time(seconds.getAsDouble()), seconds.getAsDouble())
                : Cell.of("");
    }

    /** What a reader would look for in vain. */
    static Notice missing(List<ArmRuns> arms) {
        List<String> names = arms.stream().flatMap(arm -> arm.missing().stream()).toList();
        return new Notice(
                names.isEmpty()
                        ? "Two finished models were compared: learning curves and settings are in"
                                + " the folders that they were trained in."
                        : ("Learning curves, settings, single articles and learned scalings are not"
                                        + " shown, as the run folders %s are not in this folder.")
                                .formatted(String.join(", ", names)));
    }

    private List<Section> articles() throws IOException {
        for (ArmRuns arm : arms) {
            for (TrainingFolder training : arm.trainings()) {
                if (!Files.exists(training.folder().resolve(ArticleFigures.MEASURED))) {
                    return List.of();
                }
            }
        }
        return List.of(
                new Section(
                        "Article by article",
                        List.copyOf(
                                ArticleFigures.of(arms, compared().get(0).comparison().get()))));
    }

    private Section protocol() {
        ComparisonFile.Measured measured = file.measured();
        Comparison with = compared().get(0).comparison().orElseThrow();
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact("protocol", measured.protocol()));
        facts.add(new Fact("block size", Written.count(measured.blockSize())));
        measured.stride().ifPresent(stride -> facts.add(new Fact("stride", Written.count(stride))));
        facts.add(new Fact("text", measured.data()));
        facts.add(new Fact("targets scored", Written.count(file.arms().get(0).targets())));
        facts.add(new Fact("seeds", Integer.toString(with.seeds())));
        facts.add(
                new Fact(
                        "interval",
                        "paired bootstrap, %s drawn with replacement %s times"
                                .formatted(
                                        Written.count(with.units()) + " " + with.unit(),
                                        Written.count(with.resamples()))));
        return new Section(
                "How it was measured",
                List.of(
                        new Prose(
                                "A perplexity is exp(sum of nats / targets scored). The interval"
                                        + " speaks of other texts of this kind, not of other"
                                        + " seeds."),
                        new Facts(facts)));
    }

    private Section origin() {
        ComparisonFile.Measured measured = file.measured();
        List<Fact> facts = new ArrayList<>();
        started(arms).ifPresent(facts::add);
        facts.add(new Fact("text, SHA-256", measured.dataSha256()));
        facts.add(new Fact("tokenizer, SHA-256", measured.tokenizerSha256()));
        for (ComparisonFile.Arm arm : file.arms()) {
            List<String> folders = arm.folders().stream().map(Path::toString).toList();
            facts.add(new Fact("folders of " + arm.name(), String.join(", ", folders)));
        }
        return Origin.versions(file.versions(), facts);
    }

    /** When the first run began, if any is there. */
    static java.util.Optional<Fact> started(List<ArmRuns> arms) {
        return arms.stream()
                .flatMap(arm -> arm.trainings().stream())
                .map(TrainingFolder::started)
                .sorted()
                .findFirst()
                .map(time -> new Fact("begun", time));
    }
}
