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
import org.diagonal.eval.report.page.Columns;
import org.diagonal.eval.report.page.OriginSection;
import org.diagonal.eval.report.page.Page;
import org.diagonal.eval.report.page.Page.Section;
import org.diagonal.eval.report.page.Table;
import org.diagonal.eval.report.page.Table.Cell;
import org.diagonal.eval.report.page.Written;

/** The page of copying. */
public final class CopyPage {

    private final CopyKernel result;

    private CopyPage(CopyKernel result) {
        this.result = result;
    }

    /** The page of a {@code kernel.json} of copying. */
    public static Page of(CopyKernel result, String id) {
        return new CopyPage(result).page(id);
    }

    private Page page(String id) {
        List<Section> sections = new ArrayList<>();
        List<Block> curves = new ArrayList<>(List.of(figure()));
        if (!result.halves().isEmpty()) {
            curves.add(new Listing(halves()));
        }
        curves.add(new Listing(shares()));
        sections.add(Section.brief("Against trained networks", curves));
        sections.add(
                Section.brief(
                        "Rates at the start",
                        List.of(new Listing(plainRates()), new Listing(scaledRates()))));
        sections.add(
                new Section(
                        "What is the paper's and what is not",
                        List.of(
                                new Prose(
                                        "The setting is that of Section 5: one attention layer, one token, tied embeddings with entries of variance 1/d, output 0 at the start. The paper proves that learning fails as the width grows and that b mends it."),
                                new Notice(
                                        "The rates to leading order, −(1/n + 1/d) on trained and −1/d + γ²/m on unseen symbols, and the share n / (n + d), are an extension that is not in the paper."))));
        sections.add(Section.brief("How it was computed", List.of(settings())));
        sections.add(OriginSection.versions(result.versions(), List.of()));
        return new Page(
                id,
                "Kernel",
                "Copying: how much of training reaches a symbol that it never saw",
                List.of(
                        "At the start of training a share n / (n + d) of the progress on trained symbols reaches unseen ones: the number of symbols must grow with the width d.",
                        "With b in the OV circuit both fall at the same rate, whatever the width.",
                        "Extension, not in the paper: rates and shares, which describe the start of training only."),
                sections);
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
                String note =
                        "%s, width %d, n = %d: error %s"
                                .formatted(curve.label(), width, point.n(), Say.loss(point.loss()));
                points.add(Say.point(ratio, point.loss(), point.se(), note));
                ratios.add(ratio);
                values.add(point.loss());
                table.row(
                        Cell.of(curve.label()),
                        Written.countCell(width),
                        Written.countCell(point.n()),
                        Say.cell(ratio),
                        Say.lossCell(point.loss()));
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
                    Written.countCell(share.width()),
                    Written.countCell(share.n()),
                    Say.cell(ratio),
                    Say.lossCell(share.share()));
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
        return new Columns<Half>()
                .add("Curve", half -> Cell.of(half.curve()))
                .add("Width d", half -> Written.countCell(half.width()))
                .add("n", half -> cell(half.n()))
                .add("n / d", half -> cell(half.perWidth()))
                .table("Where the error crosses a half", result.halves());
    }

    private static Cell cell(OptionalDouble value) {
        return Say.cell(value.isPresent() ? Say.brief(value.getAsDouble()) : "stays above", value);
    }

    private Table shares() {
        Columns<Integer> columns = new Columns<Integer>().add("n", Written::countCell);
        for (int width : result.shares().stream().map(Share::width).distinct().toList()) {
            columns.add("d = " + width, n -> Say.lossCell(share(width, n)));
        }
        return columns.table(
                "Share n / (n + d) of training’s progress that reaches an unseen symbol",
                result.shares().stream().map(Share::n).distinct().toList());
    }

    private double share(int width, int n) {
        return result.shares().stream()
                .filter(share -> share.width() == width && share.n() == n)
                .findFirst()
                .orElseThrow()
                .share();
    }

    private Table plainRates() {
        return rates().add("Seen", rate -> Say.cell(rate.seen()))
                .add("−(1/n + 1/d)", rate -> Say.cell(rate.seenTheory()))
                .add("Unseen", rate -> Say.cell(rate.unseen()))
                .add("Standard error", rate -> Say.errorCell(rate.unseenError()))
                .add("−1/d + γ²/m", rate -> Say.cell(rate.unseenTheory()))
                .table(
                        "Change of the loss per unit of time at learning rate 1, without b",
                        result.rates());
    }

    private Table scaledRates() {
        return rates().add("Seen", rate -> Say.cell(rate.seenB()))
                .add("Unseen", rate -> Say.cell(rate.unseenB()))
                .add("−(1 − 1/m)²", rate -> Say.cell(rate.bTheory()))
                .table("The same with b", result.rates());
    }

    private static Columns<Rate> rates() {
        return new Columns<Rate>()
                .add("Width d", rate -> Written.countCell(rate.width()))
                .add("n", rate -> Written.countCell(rate.n()));
    }

    private Facts settings() {
        return new Facts(
                List.of(
                        new Fact("all tokens m", Written.count(result.tokens())),
                        new Fact("γ", Written.setting(result.gamma())),
                        new Fact("random networks", Integer.toString(result.networks())),
                        new Fact("seed", Long.toString(result.seed()))));
    }
}
