package org.diagonal.eval.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.diagonal.eval.kernel.RankedTasks.Entry;
import org.diagonal.eval.kernel.RankedTasks.Trained;
import org.diagonal.eval.kernel.math.Setting;
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
import org.diagonal.eval.report.page.Columns;
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
        return new Columns<RankedTasks.Correlation>()
                .add("Over", one -> Cell.of(one.over()))
                .add("Curves", one -> Written.countCell(one.curves()))
                .add("Value", one -> rankCell(one.rank()))
                .table(
                        "Spearman’s rank correlation of predicted and trained",
                        result.correlations());
    }

    private static Cell rankCell(double rank) {
        return Cell.of(String.format(Locale.ROOT, "%.2f", rank), rank);
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
        double low = predicted.stream().mapToDouble(x -> x).min().orElse(1);
        double high = trained.stream().mapToDouble(x -> x).max().orElse(10);
        List<XyChart.Point> equal =
                List.of(XyChart.Point.at(low, low), XyChart.Point.at(high, high));
        Predicate<Entry> byLength = one -> one.family().equals("length");
        Predicate<Entry> named = one -> !isRandom(one);
        List<Series> series =
                Stream.of(
                                new Series("as predicted", Ink.TEXT, Style.FAINT, equal),
                                series("random, by length", Ink.TEXT, true, byLength),
                                series(
                                        "random, other",
                                        Ink.BOTH,
                                        true,
                                        byLength.or(named).negate()),
                                series("named tasks", Ink.QK, true, named),
                                series("named tasks, ours", Ink.OV, false, one -> true),
                                never())
                        .filter(one -> !one.points().isEmpty())
                        .toList();
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
                    double n = one.needed().getAsDouble();
                    points.add(point(entry, n, Say.samples(n)));
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
        return Say.point(predicted, trained, OptionalDouble.empty(), note);
    }

    /**
     * All tasks.
     *
     * @param withCondition whether with the condition of N too, which makes it wide
     */
    private Table table(boolean withCondition) {
        Columns<Entry> columns =
                new Columns<Entry>()
                        .add("Task", entry -> Cell.of(entry.name()))
                        .add("r", entry -> Written.countCell(entry.templates()))
                        .add("Predicted", RankingPage::predicted)
                        .add("Quartiles", entry -> Cell.of(quartiles(entry)))
                        .add("Paper", entry -> trained(entry, true))
                        .add("Ours", entry -> trained(entry, false));
        if (withCondition) {
            columns.add("Condition of N", entry -> Say.cell(entry.condition()));
        }
        return columns.table(
                "Samples n for a loss of 0.1 on unseen symbols: tasks of r templates,"
                        + " predicted by the closed form, and trained without scalings"
                        + " (paper, ours)",
                result.tasks());
    }

    private static Cell predicted(Entry entry) {
        return Say.cell(
                Say.samples(entry.needed(), OptionalDouble.empty(), entry.state()), entry.needed());
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
        Setting kernel = result.kernel();
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
                                        Say.name(kernel.phi()))),
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
