package org.diagonal.eval.report.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.diagonal.eval.measure.McNemar;
import org.diagonal.eval.report.chart.Axis;
import org.diagonal.eval.report.chart.Axis.Scale;
import org.diagonal.eval.report.chart.IntervalChart;
import org.diagonal.eval.report.chart.IntervalChart.Row;
import org.diagonal.eval.report.page.Block;
import org.diagonal.eval.report.page.Block.Fact;
import org.diagonal.eval.report.page.Block.Figure;
import org.diagonal.eval.report.page.Block.Listing;
import org.diagonal.eval.report.page.Block.Prose;
import org.diagonal.eval.report.page.Page;
import org.diagonal.eval.report.page.Page.Section;
import org.diagonal.eval.report.page.Table;
import org.diagonal.eval.report.page.Table.Cell;
import org.diagonal.eval.report.run.TaskComparisonFile.Arm;
import org.diagonal.eval.report.run.TaskComparisonFile.Share;

/** The report of a comparison on a template task. */
final class TaskComparisonPage {

    private static final int DECIMALS = 3;

    /** Differences that chance alone shows this rarely are taken for differences. */
    private static final double SURE = 0.05;

    private final TaskComparisonFile file;
    private final List<ArmRuns> arms;

    private TaskComparisonPage(TaskComparisonFile file, List<ArmRuns> arms) {
        this.file = file;
        this.arms = arms;
    }

    /** Reads a folder with a {@code compare.json} of a task, and what of its runs is there. */
    static Page of(Path folder, String id) throws IOException {
        TaskComparisonFile file = TaskComparisonFile.read(folder);
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
        return new TaskComparisonPage(file, arms).page(id);
    }

    private Page page(String id) throws IOException {
        List<Section> sections = new ArrayList<>();
        sections.add(
                new Section(
                        "Result",
                        List.of(accuracies(), new Listing(table()), new Listing(pairs()))));
        boolean whole = arms.stream().allMatch(ArmRuns::isWhole);
        if (whole) {
            sections.add(new Section("Learning", List.copyOf(TrainingFigures.of(arms))));
        }
        List<Block> scalings = ScalingsFigures.of(arms);
        if (!scalings.isEmpty()) {
            sections.add(new Section("What the scalings became", scalings));
        }
        if (!whole) {
            sections.add(new Section("What is not shown", List.of(ComparisonPage.missing(arms))));
        }
        sections.add(measured());
        if (whole) {
            sections.add(
                    new Section(
                            "Settings that all runs share",
                            List.of(Origin.facts(Origin.shared(arms)))));
        }
        sections.add(origin());
        return new Page(id, "Comparison on a template task", title(), lead(), sections);
    }

    private String title() {
        return file.model().map(model -> model + " on " + file.task()).orElse(file.task());
    }

    private List<String> lead() {
        List<String> sentences = new ArrayList<>();
        for (Arm arm : file.arms()) {
            arm.against().ifPresent(pair -> sentences.add(sentence(arm, pair)));
        }
        return sentences;
    }

    private String sentence(Arm arm, McNemar pair) {
        boolean scaled = !arm.scalings().equals("none");
        String better = scaled ? "the scalings help" : "better than the first";
        String worse = scaled ? "the scalings hurt" : "worse than the first";
        String verdict =
                pair.pValue() >= SURE
                        ? "no difference can be told"
                        : pair.difference() > 0 ? better : worse;
        Arm first = file.arms().get(0);
        return "Right on unseen symbols: %s %s, %s %s. Difference %s (95 %% interval %s to %s, McNemar %s, %s%s): %s."
                .formatted(
                        arm.name(),
                        Written.fixed(arm.unseen().value(), DECIMALS),
                        first.name(),
                        Written.fixed(first.unseen().value(), DECIMALS),
                        Written.signed(pair.difference(), DECIMALS),
                        Written.signed(pair.differenceLow(), DECIMALS),
                        Written.signed(pair.differenceHigh(), DECIMALS),
                        Written.p(pair.pValue()),
                        Written.count(file.samples(), "string"),
                        file.seeds() == 1 ? "" : ", " + file.seeds() + " seeds",
                        verdict);
    }

    private Figure accuracies() {
        List<Row> rows = new ArrayList<>();
        Table.Builder table = Table.of("Accuracy", "Arm", "Strings", "Right", "Low", "High");
        for (int i = 0; i < arms.size(); i++) {
            Arm arm = file.arms().get(i);
            List<Double> singles = file.seeds() > 1 ? arm.unseenPerSeed() : List.of();
            add(rows, table, i, "unseen", arm.unseen(), singles);
            int at = i;
            arm.among().ifPresent(share -> add(rows, table, at, "among", share, List.of()));
            add(rows, table, i, "seen", arm.seen(), List.of());
        }
        String among =
                file.symbolic()
                        ? " Among: right among the symbols of the string, unseen ones."
                        : "";
        String small = file.seeds() > 1 ? " The small dots are single seeds." : "";
        IntervalChart chart =
                new IntervalChart(
                        "Accuracy",
                        "Share of right answers with Wilson's 95 %% interval. Filled: symbols that no training saw; hollow: fresh strings of the training alphabet.%s%s"
                                .formatted(among, small),
                        new Axis("share of right answers", Scale.LINEAR, 0, 1),
                        rows,
                        OptionalDouble.empty());
        return new Figure("accuracy", chart, table.build());
    }

    private void add(
            List<Row> rows,
            Table.Builder table,
            int arm,
            String what,
            Share share,
            List<Double> singles) {
        String name = arms.get(arm).name();
        String words =
                "%s, %s: %s, %s"
                        .formatted(
                                name,
                                what,
                                Written.fixed(share.value(), DECIMALS),
                                Written.interval(share.low(), share.high(), DECIMALS));
        rows.add(
                new Row(
                        name + ", " + what,
                        arms.get(arm).ink(),
                        what.equals("seen"),
                        share.value(),
                        share.low(),
                        share.high(),
                        singles,
                        words));
        table.row(
                Cell.of(name),
                Cell.of(what),
                Written.cell(share.value(), DECIMALS),
                Written.cell(share.low(), DECIMALS),
                Written.cell(share.high(), DECIMALS));
    }

    private Table table() {
        Table.Builder table =
                Table.of(
                        "Arms",
                        "Arm",
                        "Right, unseen",
                        "Right, seen",
                        "Loss, unseen",
                        "Each seed",
                        "Trained",
                        "Time");
        for (Arm arm : file.arms()) {
            List<String> seeds =
                    arm.unseenPerSeed().stream().map(r -> Written.fixed(r, DECIMALS)).toList();
            table.row(
                    Cell.of(arm.name()),
                    Written.cell(arm.unseen().value(), DECIMALS),
                    Written.cell(arm.seen().value(), DECIMALS),
                    Written.cell(arm.loss(), DECIMALS),
                    Cell.of(String.join(", ", seeds)),
                    ComparisonPage.trained(arm.trained()),
                    ComparisonPage.seconds(arm.seconds()));
        }
        return table.build();
    }

    private Table pairs() {
        String first = file.arms().get(0).name();
        Table.Builder table =
                Table.of(
                        "The same strings with unseen symbols, all seeds",
                        "Arm",
                        "Both right",
                        "Only " + first,
                        "Only this arm",
                        "Neither",
                        "Difference",
                        "Low",
                        "High",
                        "McNemar’s p");
        for (Arm arm : file.arms()) {
            arm.against()
                    .ifPresent(
                            pair ->
                                    table.row(
                                            Cell.of(arm.name()),
                                            Written.countCell(pair.both()),
                                            Written.countCell(pair.firstOnly()),
                                            Written.countCell(pair.secondOnly()),
                                            Written.countCell(pair.neither()),
                                            Written.signedCell(pair.difference(), DECIMALS),
                                            Written.signedCell(pair.differenceLow(), DECIMALS),
                                            Written.signedCell(pair.differenceHigh(), DECIMALS),
                                            Written.briefCell(pair.pValue())));
        }
        return table.build();
    }

    private Section measured() {
        String right =
                file.symbolic()
                        ? "An answer is right if no other token of the whole vocabulary has as large"
                                + " a logit."
                        : "An answer is right if no other label of the task is as near to the"
                                + " output.";
        return new Section(
                "How it was measured",
                List.of(
                        new Prose(
                                right
                                        + " Arms are paired string by string; McNemar's exact test"
                                        + " speaks of other strings, not of other seeds."),
                        Origin.facts(file.setting())));
    }

    private Section origin() {
        List<Fact> facts = new ArrayList<>();
        ComparisonPage.started(arms).ifPresent(facts::add);
        for (Arm arm : file.arms()) {
            List<String> folders = arm.folders().stream().map(Path::toString).toList();
            facts.add(new Fact("folders of " + arm.name(), String.join(", ", folders)));
        }
        return Origin.versions(file.versions(), facts);
    }
}
