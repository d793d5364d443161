package org.diagonal.eval.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import org.diagonal.eval.kernel.RankedTasks.Entry;
import org.diagonal.eval.kernel.RankedTasks.Trained;
import org.diagonal.eval.report.chart.Axis;
import org.diagonal.eval.report.chart.Axis.Scale;
import org.diagonal.eval.report.chart.Ink;
import org.diagonal.eval.report.chart.XyChart;
import org.diagonal.eval.report.chart.XyChart.Series;
import org.diagonal.eval.report.chart.XyChart.Style;
import org.diagonal.eval.report.page.Block.Fact;
import org.diagonal.eval.report.page.Block.Facts;
import org.diagonal.eval.report.page.Block.Figure;
import org.diagonal.eval.report.page.Block.Listing;
import org.diagonal.eval.report.page.Block.Prose;
import org.diagonal.eval.report.page.OriginSection;
import org.diagonal.eval.report.page.Page;
import org.diagonal.eval.report.page.Page.Section;
import org.diagonal.eval.report.page.Table;
import org.diagonal.eval.report.page.Table.Cell;
import org.diagonal.eval.report.page.Written;

/** The page of all tasks: predicted against trained. */
public final class RankingPage {

    private final RankedTasks result;

    private RankingPage(RankedTasks result) {
        this.result = result;
    }

    /** The page of a {@code kernel.json} of all tasks. */
    public static Page of(RankedTasks result, String id) {
        return new RankingPage(result).page(id);
    }

    private Page page(String id) {
        return new Page(
                id,
                "Kernel",
                "Samples that tasks take: predicted and trained",
                lead(),
                List.of(
                        Section.brief(
                                "Result",
                                List.of(
                                        figure(),
                                        new Listing(correlations()),
                                        new Listing(table(false)))),
                        new Section(
                                "How to read it",
                                List.of(
                                        new Prose(
                                                "Predicted: the n at which ridge regression with the kernel of one random attention layer reaches a loss of 0.1 on unseen symbols, by the closed form; nothing is fitted. Trained: where the loss of trained transformers falls below 0.1, between two points by the logarithm of n. The paper proves that a nonsingular N suffices and computes none of these numbers."),
                                        new Prose(
                                                "Random templates are other draws than the paper’s: the median and the quartiles of nine. Trained networks learn features, which the kernel does not; so levels differ, most where tasks are hard. The kernel asks for more samples of longer templates; trained networks do not, so lengths are where it orders tasks wrongly."))),
                        Section.brief("How it was computed", List.of(settings())),
                        OriginSection.versions(result.versions(), List.of())));
    }

    private List<String> lead() {
        List<String> sentences = new ArrayList<>();
        for (RankedTasks.Correlation one :
                result.correlations().subList(0, Math.min(2, result.correlations().size()))) {
            sentences.add(
                    "Rank correlation of predicted and trained over %s: %.2f (%d curves)."
                            .formatted(one.over(), one.rank(), one.curves()));
        }
        List<String> never =
                result.tasks().stream().filter(RankingPage::neverTrained).map(Entry::name).toList();
        if (!never.isEmpty()) {
            sentences.add(
                    "%s: never learned in the paper%s."
                            .formatted(String.join(", ", never), predictedFor(never)));
        }
        return sentences;
    }

    private Table correlations() {
        Table.Builder table =
                Table.of(
                        "Spearman’s rank correlation of predicted and trained",
                        "Over",
                        "Curves",
                        "Value");
        for (RankedTasks.Correlation one : result.correlations()) {
            table.row(
                    Cell.of(one.over()),
                    Written.countCell(one.curves()),
                    Cell.of(String.format(Locale.ROOT, "%.2f", one.rank()), one.rank()));
        }
        return table.build();
    }

    private String predictedFor(List<String> names) {
        double least =
                result.tasks().stream()
                        .filter(one -> names.contains(one.name()))
                        .mapToDouble(one -> one.needed().orElse(Double.MAX_VALUE))
                        .min()
                        .orElseThrow();
        return least < Double.MAX_VALUE
                ? "; the kernel asks for %s samples or more".formatted(Say.samples(least))
                : "";
    }

    private static boolean neverTrained(Entry entry) {
        return entry.trained().stream().anyMatch(Trained::paper)
                && entry.trained().stream().allMatch(one -> one.needed().isEmpty());
    }

    private static boolean isRandom(Entry entry) {
        return entry.tasks().size() > 1;
    }

    private Figure figure() {
        List<Double> predicted = new ArrayList<>();
        List<Double> trained = new ArrayList<>();
        for (Entry entry : result.tasks()) {
            for (Trained one : entry.trained()) {
                if (entry.needed().isPresent()) {
                    predicted.add(entry.needed().getAsDouble());
                    trained.add(one.needed().orElse(one.most()));
                }
            }
        }
        List<Series> series = new ArrayList<>();
        double low = predicted.stream().mapToDouble(x -> x).min().orElse(1);
        double high = trained.stream().mapToDouble(x -> x).max().orElse(10);
        series.add(
                new Series(
                        "as predicted",
                        Ink.TEXT,
                        Style.FAINT,
                        List.of(XyChart.Point.at(low, low), XyChart.Point.at(high, high))));
        series.add(
                series("random, by length", Ink.TEXT, true, one -> one.family().equals("length")));
        series.add(
                series(
                        "random, other",
                        Ink.BOTH,
                        true,
                        one -> isRandom(one) && !one.family().equals("length")));
        series.add(series("named tasks", Ink.QK, true, one -> !isRandom(one)));
        series.add(series("named tasks, ours", Ink.OV, false, one -> true));
        series.add(never());
        series.removeIf(one -> one.points().isEmpty());
        return new Figure(
                "tasks",
                new XyChart(
                        "Samples for a loss of 0.1",
                        "Each point is a task: across, what the kernel predicts; upwards, where trained transformers got there. Purple points never did, and lie at the most samples that were tried.",
                        Axis.around("predicted n", Scale.LOG10, predicted),
                        Axis.around("trained n", Scale.LOG10, trained),
                        series,
                        OptionalDouble.empty()),
                table(true));
    }

    private Series series(String name, Ink ink, boolean paper, Predicate<Entry> which) {
        List<XyChart.Point> points = new ArrayList<>();
        for (Entry entry : result.tasks()) {
            for (Trained one : entry.trained()) {
                boolean both = one.needed().isPresent() && entry.needed().isPresent();
                if (both && one.paper() == paper && which.test(entry)) {
                    points.add(
                            point(
                                    entry,
                                    one.needed().getAsDouble(),
                                    Say.samples(one.needed().getAsDouble())));
                }
            }
        }
        return new Series(name, ink, Style.POINTS, points);
    }

    private Series never() {
        List<XyChart.Point> points = new ArrayList<>();
        for (Entry entry : result.tasks()) {
            if (neverTrained(entry) && entry.needed().isPresent()) {
                int most = entry.trained().stream().mapToInt(Trained::most).max().orElseThrow();
                points.add(point(entry, most, "never up to " + Written.count(most)));
            }
        }
        return new Series("not learned", Ink.OTHER, Style.POINTS, points);
    }

    private static XyChart.Point point(Entry entry, double trained, String words) {
        double predicted = entry.needed().orElseThrow();
        String note =
                "%s: predicted %s, trained %s"
                        .formatted(entry.name(), Say.samples(predicted), words);
        return new XyChart.Point(predicted, trained, trained, trained, note);
    }

    /**
     * All tasks.
     *
     * @param withCondition whether with the condition of N too, which makes it wide
     */
    private Table table(boolean withCondition) {
        List<String> columns =
                new ArrayList<>(List.of("Task", "r", "Predicted", "Quartiles", "Paper", "Ours"));
        if (withCondition) {
            columns.add("Condition of N");
        }
        Table.Builder table =
                Table.of(
                        "Samples n for a loss of 0.1 on unseen symbols: tasks of r templates,"
                                + " predicted by the closed form, and trained without scalings"
                                + " (paper, ours)",
                        columns.toArray(String[]::new));
        for (Entry entry : result.tasks()) {
            List<Cell> row =
                    new ArrayList<>(
                            List.of(
                                    Cell.of(entry.name()),
                                    Written.countCell(entry.templates()),
                                    Say.cell(
                                            Say.samples(
                                                    entry.needed(),
                                                    OptionalDouble.empty(),
                                                    entry.state()),
                                            entry.needed()),
                                    Cell.of(quartiles(entry)),
                                    trained(entry, true),
                                    trained(entry, false)));
            if (withCondition) {
                row.add(
                        entry.condition().isPresent()
                                ? Say.cell(entry.condition().getAsDouble())
                                : Cell.of(""));
            }
            table.row(row);
        }
        return table.build();
    }

    private static String quartiles(Entry entry) {
        return entry.low().isPresent()
                ? Say.samples(entry.low().getAsDouble())
                        + " to "
                        + Say.samples(entry.high().orElseThrow())
                : "";
    }

    /** Where a curve of the paper or ours falls; the words for one that does not. */
    private static Cell trained(Entry entry, boolean paper) {
        return entry.trained().stream()
                .filter(one -> one.paper() == paper)
                .map(RankingPage::cell)
                .findFirst()
                .orElse(Cell.of(""));
    }

    private static Cell cell(Trained one) {
        return Say.cell(
                one.needed().isPresent()
                        ? Say.samples(one.needed().getAsDouble())
                        : "> " + Written.count(one.most()),
                one.needed());
    }

    private Facts settings() {
        TaskKernel.Choice kernel = result.kernel();
        return new Facts(
                List.of(
                        new Fact(
                                "kernel",
                                String.format(
                                        Locale.ROOT,
                                        "depth %d, a = %s, β = %s, γ = %s, %s",
                                        kernel.depth(),
                                        Written.setting(kernel.a()),
                                        Written.setting(kernel.beta()),
                                        Written.setting(kernel.gamma()),
                                        kernel.phi())),
                        new Fact("ridge λ", Written.setting(result.lambda())),
                        new Fact(
                                "points",
                                "%d shifts of %s, seed %d"
                                        .formatted(
                                                result.shifts(),
                                                Written.count(result.points()),
                                                result.seed()))));
    }
}
