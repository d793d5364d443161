package org.diagonal.eval.compare;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.diagonal.eval.compare.Comparison.Accuracies;
import org.diagonal.eval.compare.Comparison.Arm;
import org.diagonal.eval.compare.Comparison.OnTask;
import org.diagonal.eval.compare.Comparison.Perplexities;
import org.diagonal.eval.compare.Comparison.Scores;
import org.diagonal.eval.measure.effect.Effect;
import org.diagonal.eval.measure.statistics.Interval;
import org.diagonal.eval.report.chart.Axis;
import org.diagonal.eval.report.chart.Axis.Scale;
import org.diagonal.eval.report.chart.Ink;
import org.diagonal.eval.report.chart.IntervalChart;
import org.diagonal.eval.report.chart.IntervalChart.Row;
import org.diagonal.eval.report.page.Block;
import org.diagonal.eval.report.page.Block.Figure;
import org.diagonal.eval.report.page.Block.Listing;
import org.diagonal.eval.report.page.Table;
import org.diagonal.eval.report.page.Table.Cell;
import org.diagonal.eval.report.page.Written;
import org.diagonal.eval.train.ArmRuns;

/** The result of a comparison: each arm against the first and against the model before. */
final class ComparisonFigures {

    private static final String BEFORE = "before";
    private static final int LONGEST_NAME = 8;
    private static final int SHARE = 3; // decimals

    private final Comparison file;
    private final List<ArmRuns> arms;
    private final boolean task;
    private final int decimals;

    ComparisonFigures(Comparison file, List<ArmRuns> arms) {
        this.file = file;
        this.arms = arms;
        task = file.measured() instanceof OnTask;
        decimals = task ? SHARE : 4;
    }

    /** Charts and tables, the most telling first. */
    List<Block> blocks() {
        List<Block> blocks = new ArrayList<>();
        if (task) {
            blocks.add(accuracies());
        }
        blocks.add(effects());
        blocks.add(new Listing(scores()));
        return blocks;
    }

    private Figure effects() {
        String what = task ? "Difference in accuracy on unseen symbols" : "Ratio of perplexities";
        List<Row> rows = new ArrayList<>();
        Table.Builder table =
                Table.of(
                        what,
                        "Arm",
                        "Against",
                        task ? "Difference" : "Ratio",
                        "Low",
                        "High",
                        task ? "Low, strings alone" : "Low, texts alone",
                        task ? "High, strings alone" : "High, texts alone");
        for (int i = 1; i < arms.size(); i++) {
            Effect effect = file.arms().get(i).effect().orElseThrow();
            rows.add(row(arms.get(i), effect));
            table.row(cells(arms.get(i).name(), file.first().name(), effect));
        }
        for (Arm arm : file.arms()) {
            arm.againstBefore().ifPresent(effect -> table.row(cells(arm.name(), BEFORE, effect)));
        }
        Effect any = file.compared().get(0).effect().orElseThrow();
        List<Double> values = new ArrayList<>(IntervalChart.values(rows));
        values.add(any.none());
        String better =
                task ? "above 0 the arm is right more often" : "below 1 the arm predicts better";
        String holds =
                any.seeds() > 1
                        ? " 95 %% intervals over %s and %s; the small dots are single seeds."
                                .formatted(any.seedWords(), any.sample())
                        : " One seed: 95 %% intervals over %s alone.".formatted(any.sample());
        IntervalChart chart =
                new IntervalChart(
                        what,
                        "Each arm against %s; %s.%s".formatted(file.first().name(), better, holds),
                        Axis.around(task ? "difference" : "ratio", Scale.LINEAR, values),
                        rows,
                        OptionalDouble.of(any.none()));
        return new Figure(task ? "difference" : "ratio", chart, table.build());
    }

    private Row row(ArmRuns arm, Effect effect) {
        Interval ends = effect.interval();
        String range = Written.interval(ends.low(), ends.high(), decimals);
        return new Row(
                arm.name(),
                arm.ink(),
                false,
                effect.value(),
                ends.low(),
                ends.high(),
                effect.seeds() > 1 ? effect.values() : List.of(),
                "%s: %s, %s".formatted(arm.name(), value(effect), range));
    }

    private List<Cell> cells(String arm, String against, Effect effect) {
        Interval ends = effect.interval();
        return List.of(
                Cell.of(arm),
                Cell.of(against),
                Cell.of(value(effect), effect.value()),
                Written.cell(ends.low(), decimals),
                Written.cell(ends.high(), decimals),
                Written.cell(effect.sampleInterval().low(), decimals),
                Written.cell(effect.sampleInterval().high(), decimals));
    }

    private String value(Effect effect) {
        return task
                ? Written.signed(effect.value(), decimals)
                : Written.fixed(effect.value(), decimals);
    }

    /** The effect of every pair of trainings. */
    Table pairs() {
        String what = task ? "Difference" : "Ratio";
        Table.Builder table = Table.of("Each pair of trainings", "Arm", "Against", "Seed", what);
        for (Arm arm : file.arms()) {
            arm.effect().ifPresent(effect -> pairs(table, arm.name(), file.first().name(), effect));
            arm.againstBefore().ifPresent(effect -> pairs(table, arm.name(), BEFORE, effect));
        }
        return table.build();
    }

    private void pairs(Table.Builder table, String arm, String against, Effect effect) {
        for (int i = 0; i < effect.seeds(); i++) {
            double value = effect.values().get(i);
            table.row(
                    Cell.of(arm),
                    Cell.of(against),
                    Cell.of(Long.toString(effect.seedNumbers().get(i))),
                    task ? Written.signedCell(value, decimals) : Written.cell(value, decimals));
        }
    }

    private Figure accuracies() {
        List<Row> rows = new ArrayList<>();
        Table.Builder table = Table.of("Accuracy", "Arm", "Strings", "Right", "Low", "High");
        if (file.before().isPresent()) {
            Accuracies scores = (Accuracies) file.before().get().scores();
            new Shares(rows, table, BEFORE, Ink.MUTED).add(scores, List.of());
        }
        for (int i = 0; i < arms.size(); i++) {
            Accuracies scores = (Accuracies) file.arms().get(i).scores();
            new Shares(rows, table, arms.get(i).name(), arms.get(i).ink())
                    .add(scores, file.seeds() > 1 ? scores.accuracyUnseenPerSeed() : List.of());
        }
        String among =
                ((OnTask) file.measured()).symbolic()
                        ? " Among: right among the symbols of the string, unseen ones."
                        : "";
        String seeds =
                file.seeds() > 1
                        ? " 95 % intervals over seeds and strings; the small dots are single seeds."
                        : " One seed: 95 % intervals over strings alone.";
        IntervalChart chart =
                new IntervalChart(
                        "Accuracy",
                        "Share of right answers. Filled: symbols that no training saw; hollow: fresh strings of the training alphabet.%s%s"
                                .formatted(among, seeds),
                        Axis.ofShares(
                                "share of right answers",
                                rows.stream()
                                        .flatMap(row -> Stream.of(row.low(), row.high()))
                                        .toList()),
                        rows,
                        OptionalDouble.empty());
        return new Figure("accuracy", chart, table.build());
    }

    /** The rows of an arm in the chart of accuracies and in its table. */
    private record Shares(List<Row> rows, Table.Builder table, String arm, Ink ink) {

        void add(Accuracies scores, List<Double> singles) {
            add("unseen", scores.accuracyUnseen(), scores.accuracyUnseenCi95(), singles);
            scores.accuracyUnseenAmongSymbolsCi95()
                    .ifPresent(
                            ends ->
                                    add(
                                            "among",
                                            scores.accuracyUnseenAmongSymbols().getAsDouble(),
                                            ends,
                                            List.of()));
            add("seen", scores.accuracySeen(), scores.accuracySeenCi95(), List.of());
        }

        private void add(String strings, double value, Interval ends, List<Double> singles) {
            String name = arm + ", " + strings;
            String share = Written.fixed(value, SHARE);
            String range = Written.interval(ends.low(), ends.high(), SHARE);
            boolean hollow = strings.equals("seen");
            String note = "%s: %s, %s".formatted(name, share, range);
            rows.add(new Row(name, ink, hollow, value, ends.low(), ends.high(), singles, note));
            table.row(
                    Cell.of(arm),
                    Cell.of(strings),
                    Written.cell(value, SHARE),
                    Written.cell(ends.low(), SHARE),
                    Written.cell(ends.high(), SHARE));
        }
    }

    private Table scores() {
        List<String> columns = new ArrayList<>(List.of("Arm"));
        columns.addAll(
                task
                        ? symbolic()
                                ? List.of("Unseen", "Among", "Seen", "Loss")
                                : List.of("Unseen", "Seen", "Loss")
                        : List.of("Perplexity"));
        String first = file.first().name();
        boolean brief = first.length() <= LONGEST_NAME; // a path would take the table's width
        columns.addAll(
                List.of(
                        "vs before",
                        "vs " + (brief ? first : "first"),
                        "Low",
                        "High",
                        "Trained",
                        "Time"));
        Table.Builder table =
                Table.of(
                        task ? "Before and after" : "Perplexity before and after",
                        columns.toArray(String[]::new));
        Cell none = Cell.of("");
        file.before()
                .map(before -> row(BEFORE, before.scores(), Collections.nCopies(6, none)))
                .ifPresent(table::row);
        for (Arm arm : file.arms()) {
            OptionalLong trained = arm.trainableParameters();
            OptionalDouble seconds = arm.seconds();
            List<Cell> more =
                    List.of(
                            change(arm.againstBefore()),
                            change(arm.effect()),
                            end(arm.effect(), Interval::low),
                            end(arm.effect(), Interval::high),
                            trained.isPresent() ? Written.countCell(trained.getAsLong()) : none,
                            seconds.isPresent() ? Written.timeCell(seconds.getAsDouble()) : none);
            table.row(row(arm.name(), arm.scores(), more));
        }
        return table.build();
    }

    private List<Cell> row(String name, Scores scores, List<Cell> more) {
        List<Cell> cells = new ArrayList<>(List.of(Cell.of(name)));
        if (scores instanceof Accuracies accuracies) {
            cells.add(Written.cell(accuracies.accuracyUnseen(), decimals));
            accuracies
                    .accuracyUnseenAmongSymbols()
                    .ifPresent(among -> cells.add(Written.cell(among, decimals)));
            cells.add(Written.cell(accuracies.accuracySeen(), decimals));
            cells.add(Written.cell(accuracies.lossUnseen(), decimals));
        } else {
            cells.add(Written.cell(((Perplexities) scores).perplexity(), decimals));
        }
        cells.addAll(more);
        return cells;
    }

    private Cell end(Optional<Effect> effect, ToDoubleFunction<Interval> which) {
        return effect.map(Effect::interval)
                .map(which::applyAsDouble)
                .map(end -> task ? Written.signedCell(end, decimals) : Written.cell(end, decimals))
                .orElse(Cell.of(""));
    }

    private boolean symbolic() {
        return file.measured() instanceof OnTask of && of.symbolic();
    }

    private Cell change(Optional<Effect> effect) {
        return effect.map(one -> Cell.of(value(one), one.value())).orElse(Cell.of(""));
    }
}
