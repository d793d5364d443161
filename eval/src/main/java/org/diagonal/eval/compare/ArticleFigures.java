package org.diagonal.eval.compare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.diagonal.eval.measure.perplexity.Evaluation;
import org.diagonal.eval.measure.perplexity.Part;
import org.diagonal.eval.report.chart.BarChart;
import org.diagonal.eval.report.chart.Ink;
import org.diagonal.eval.report.page.Block.Figure;
import org.diagonal.eval.report.page.Table;
import org.diagonal.eval.report.page.Written;
import org.diagonal.eval.train.ArmRuns;
import org.diagonal.eval.train.TrainingFolder;

/** What the arms differ by in every single article, or segment, of the text. */
final class ArticleFigures {

    /** A unit of the text, and by what the arm's nats a target differ there. */
    private record Difference(int unit, long targets, double nats) {}

    private ArticleFigures() {}

    /**
     * A figure for every arm but the first.
     *
     * @param units {@code articles} or {@code segments}
     */
    static List<Figure> of(List<ArmRuns> arms, String units) throws IOException {
        boolean byArticle = units.equals("articles");
        List<List<Part>> parts = new ArrayList<>();
        for (ArmRuns arm : arms) {
            parts.add(mean(arm, byArticle));
        }
        List<Figure> figures = new ArrayList<>();
        for (int i = 1; i < arms.size(); i++) {
            figures.add(
                    figure(
                            arms.get(i),
                            arms.get(0).name(),
                            byArticle ? "article" : "segment",
                            differences(parts.get(0), parts.get(i))));
        }
        return figures;
    }

    /** Nats of every unit, averaged over the arm's seeds. */
    private static List<Part> mean(ArmRuns arm, boolean byArticle) throws IOException {
        List<List<Part>> runs = new ArrayList<>();
        for (TrainingFolder training : arm.trainings()) {
            Evaluation measured =
                    Evaluation.FORM.readFile(training.folder().resolve(CompareJob.TEST));
            runs.add(byArticle ? measured.articles() : measured.segments());
        }
        List<Part> mean = new ArrayList<>();
        for (int unit = 0; unit < runs.get(0).size(); unit++) {
            double nats = 0;
            for (List<Part> run : runs) {
                nats += run.get(unit).nats();
            }
            mean.add(new Part(nats / runs.size(), runs.get(0).get(unit).targets()));
        }
        return mean;
    }

    private static List<Difference> differences(List<Part> first, List<Part> other) {
        List<Difference> differences = new ArrayList<>();
        for (int unit = 0; unit < first.size(); unit++) {
            long targets = first.get(unit).targets();
            if (targets > 0) {
                double nats = (other.get(unit).nats() - first.get(unit).nats()) / targets;
                differences.add(new Difference(unit + 1, targets, nats));
            }
        }
        differences.sort(Comparator.comparingDouble(Difference::nats));
        return differences;
    }

    private static Figure figure(
            ArmRuns arm, String first, String unit, List<Difference> differences) {
        long better = differences.stream().filter(one -> one.nats < 0).count();
        String title = "%s less %s, by %s".formatted(arm.name(), first, unit);
        List<BarChart.Bar> bars = new ArrayList<>();
        Table.Builder table =
                Table.of(title, Written.capital(unit), "Targets", "Nats per target", "Ratio");
        for (Difference one : differences) {
            bars.add(
                    new BarChart.Bar(
                            one.nats,
                            "%s %d: %s".formatted(unit, one.unit, Written.signed(one.nats, 4))));
            table.row(
                    Written.countCell(one.unit),
                    Written.countCell(one.targets),
                    Written.signedCell(one.nats, 4),
                    Written.cell(Math.exp(one.nats), 4));
        }
        BarChart chart =
                new BarChart(
                        title,
                        "%s predicts %d of %d %ss better than %s: those are the blue bars, below zero. Sorted."
                                .formatted(arm.name(), better, differences.size(), unit, first),
                        "difference, nats per target",
                        unit + "s, sorted",
                        Ink.BOTH,
                        Ink.QK,
                        bars);
        return new Figure(
                "articles-" + arm.name().replaceAll("[^A-Za-z0-9]+", "-"), chart, table.build());
    }
}
