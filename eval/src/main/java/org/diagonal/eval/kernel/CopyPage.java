package org.diagonal.eval.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.diagonal.eval.kernel.CopyKernel.Half;
import org.diagonal.eval.kernel.CopyKernel.Rate;
import org.diagonal.eval.kernel.CopyKernel.Share;
import org.diagonal.eval.kernel.TrainedCurve.Trained;
import org.diagonal.eval.report.chart.Axis;
import org.diagonal.eval.report.chart.Axis.Scale;
import org.diagonal.eval.report.chart.Ink;
import org.diagonal.eval.report.chart.XyChart;
import org.diagonal.eval.report.chart.XyChart.Series;
import org.diagonal.eval.report.chart.XyChart.Style;
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

/** The page of copying. */
final class CopyPage {

    private final CopyKernel result;

    private CopyPage(CopyKernel result) {
        this.result = result;
    }

    static Page of(CopyKernel result, String id) {
        return new CopyPage(result).page(id);
    }

    private Page page(String id) {
        List<Block> curves = new ArrayList<>(List.of(figure()));
        if (!result.halves().isEmpty()) {
            curves.add(new Listing(halves()));
        }
        return new Page(
                id,
                "Kernel",
                "Copying: how much of training reaches a symbol that it never saw",
                List.of(
                        "At the start of training a share n / (n + d) of the progress on trained symbols reaches unseen ones: the number of symbols must grow with the width d.",
                        "With b in the OV circuit both fall at the same rate, whatever the width."),
                List.of(
                        new Section("Against trained networks", curves),
                        new Section("Rates at the start", List.of(new Listing(rates()))),
                        new Section(
                                "What is the paper's and what is not",
                                List.of(
                                        new Prose(
                                                "The setting is that of Section 5: one attention layer, one token, tied embeddings with entries of variance 1/d, output 0 at the start. The paper proves that learning fails as the width grows and that b mends it."),
                                        new Notice(
                                                "Extension, not in the paper: the rates to leading order, −(1/n + 1/d) on trained and −1/d + γ²/m on unseen symbols, and the share n / (n + d). They speak of the start of training only."))),
                        new Section("How it was computed", List.of(settings()))));
    }

    private Figure figure() {
        List<Series> series = new ArrayList<>();
        List<Double> ratios = new ArrayList<>();
        List<Double> values = new ArrayList<>(List.of(0.0, 1.0));
        Table.Builder table = Table.of("By n / d", "Curve", "Width", "n", "n / d", "Value");
        List<XyChart.Point> theory = new ArrayList<>();
        for (double ratio = 1.0 / 64; ratio <= 16; ratio *= 2) {
            theory.add(XyChart.Point.at(ratio, 1 - ratio / (1 + ratio)));
        }
        for (TrainedCurve curve : result.curves()) {
            int width = curve.width().orElseThrow();
            List<XyChart.Point> points = new ArrayList<>();
            for (Trained point : curve.points()) {
                double ratio = (double) point.n() / width;
                double se = point.se().orElse(0);
                String note =
                        "%s, width %d, n = %d: error %s"
                                .formatted(curve.label(), width, point.n(), Say.loss(point.loss()));
                points.add(
                        new XyChart.Point(
                                ratio, point.loss(), point.loss() - se, point.loss() + se, note));
                ratios.add(ratio);
                values.add(point.loss());
                table.row(
                        Cell.of(curve.label()),
                        Cell.of(Say.count(width), width),
                        Cell.of(Say.count(point.n()), point.n()),
                        Cell.of(Say.brief(ratio), ratio),
                        Cell.of(Say.loss(point.loss()), point.loss()));
            }
            String name = (curve.paper() ? "paper, d = " : "ours, d = ") + width;
            Style style = curve.paper() ? Style.OTHERS : Style.LINE_AND_POINTS;
            series.add(new Series(name, ink(width), style, points));
        }
        series.add(new Series("1 − n / (n + d)", Ink.OTHER, Style.LINE, theory));
        for (Share share : result.shares()) {
            double ratio = (double) share.n() / share.width();
            ratios.add(ratio);
            table.row(
                    Cell.of("n / (n + d)"),
                    Cell.of(Say.count(share.width()), share.width()),
                    Cell.of(Say.count(share.n()), share.n()),
                    Cell.of(Say.brief(ratio), ratio),
                    Cell.of(Say.loss(share.share()), share.share()));
        }
        return new Figure(
                "copying",
                new XyChart(
                        "Error of copying unseen symbols, by samples over width",
                        "Trained networks without b; the smooth line is the share of early progress that does not reach unseen symbols. Curves of different widths fall together.",
                        Axis.around("n / d", Scale.LOG10, ratios),
                        Axis.around("error", Scale.LINEAR, values),
                        series,
                        OptionalDouble.of(0.5)),
                table.build());
    }

    private static Ink ink(int width) {
        List<Ink> inks = List.of(Ink.QK, Ink.OV, Ink.BOTH, Ink.PLAIN);
        int power = 31 - Integer.numberOfLeadingZeros(Math.max(1, width));
        return inks.get(power / 2 % inks.size());
    }

    private Table halves() {
        Table.Builder table =
                Table.of("Where the error crosses a half", "Curve", "Width d", "n", "n / d");
        for (Half half : result.halves()) {
            table.row(
                    Cell.of(half.curve()),
                    Cell.of(Say.count(half.width()), half.width()),
                    cell(half.n()),
                    cell(half.perWidth()));
        }
        return table.build();
    }

    private static Cell cell(OptionalDouble value) {
        return value.isPresent()
                ? Cell.of(Say.brief(value.getAsDouble()), value.getAsDouble())
                : Cell.of("stays above");
    }

    private Table rates() {
        Table.Builder table =
                Table.of(
                        "Change of the loss per unit of time at learning rate 1",
                        "Width d",
                        "n",
                        "Seen",
                        "−(1/n + 1/d)",
                        "Unseen",
                        "Standard error",
                        "−1/d + γ²/m",
                        "Seen, b",
                        "Unseen, b",
                        "−(1 − 1/m)²");
        for (Rate rate : result.rates()) {
            table.row(
                    Cell.of(Say.count(rate.width()), rate.width()),
                    Cell.of(Say.count(rate.n()), rate.n()),
                    number(rate.seen()),
                    number(rate.seenTheory()),
                    number(rate.unseen()),
                    number(rate.unseenError()),
                    number(rate.unseenTheory()),
                    number(rate.seenB()),
                    number(rate.unseenB()),
                    number(rate.bTheory()));
        }
        return table.build();
    }

    private static Cell number(double value) {
        return Cell.of(Say.brief(value), value);
    }

    private Facts settings() {
        String commit = result.versions().getOrDefault("commit", "");
        return new Facts(
                List.of(
                        new Fact("all tokens m", Say.count(result.tokens())),
                        new Fact("γ", Say.setting(result.gamma())),
                        new Fact("random networks", Integer.toString(result.networks())),
                        new Fact("seed", Long.toString(result.seed())),
                        new Fact("commit", commit.isEmpty() ? "not known" : commit)));
    }
}
