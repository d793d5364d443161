package org.diagonal.eval.compare;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.diagonal.eval.compare.Comparison.Accuracies;
import org.diagonal.eval.compare.Comparison.OnTask;
import org.diagonal.eval.compare.Comparison.OnText;
import org.diagonal.eval.compare.Comparison.Perplexities;
import org.diagonal.eval.compare.Comparison.Scores;
import org.diagonal.eval.measure.effect.Effect;
import org.diagonal.eval.measure.statistics.Interval;
import org.diagonal.eval.report.terminal.TextTable;
import org.diagonal.eval.report.terminal.Words;

/** Prints a comparison: a table of arms below the model untouched, then the findings in words. */
public final class CompareText {

    private static final int WIDTH = 80;

    private final Comparison comparison;
    private final PrintWriter out;

    private CompareText(Comparison comparison, PrintWriter out) {
        this.comparison = comparison;
        this.out = out;
    }

    /**
     * Prints a comparison; flushes.
     *
     * @param folder where its files are, if it has any
     */
    public static void write(Comparison comparison, Optional<Path> folder, PrintWriter out) {
        CompareText text = new CompareText(comparison, out);
        text.table();
        out.println();
        for (String finding : comparison.findings()) {
            text.paragraph(
                    finding.substring(0, 1).toUpperCase(Locale.ROOT) + finding.substring(1) + ".");
        }
        out.println();
        text.measured();
        folder.ifPresent(path -> out.println("Results in " + path));
        out.flush();
    }

    private void table() {
        boolean text = comparison.measured() instanceof OnText;
        List<String> header = new ArrayList<>(List.of("Arm"));
        header.addAll(scoreColumns());
        header.addAll(List.of(text ? "Ratio" : "Difference", "95 % interval", "Trained", "Time"));
        TextTable table = new TextTable(header.toArray(String[]::new));
        comparison
                .before()
                .ifPresent(
                        before -> row(table, "before", before.scores(), List.of("", "", "", "")));
        for (Comparison.Arm arm : comparison.arms()) {
            row(
                    table,
                    arm.name(),
                    arm.scores(),
                    List.of(
                            arm.effect().map(CompareText::value).orElse(""),
                            arm.effect().map(CompareText::interval).orElse(""),
                            arm.trainableParameters().isPresent()
                                    ? format("%,d", arm.trainableParameters().getAsLong())
                                    : "",
                            arm.seconds().isPresent()
                                    ? format("%.0f s", arm.seconds().getAsDouble())
                                    : ""));
        }
        table.write(out);
    }

    private List<String> scoreColumns() {
        if (comparison.measured() instanceof OnTask task) {
            return task.symbolic()
                    ? List.of("Unseen", "Among", "Seen")
                    : List.of("Unseen", "Seen", "Loss");
        }
        return List.of("Perplexity");
    }

    private static void row(TextTable table, String name, Scores scores, List<String> more) {
        List<String> cells = new ArrayList<>(List.of(name));
        if (scores instanceof Accuracies task) {
            cells.add(format("%.3f", task.accuracyUnseen()));
            task.accuracyUnseenAmongSymbols().ifPresent(among -> cells.add(format("%.3f", among)));
            cells.add(format("%.3f", task.accuracySeen()));
            if (task.accuracyUnseenAmongSymbols().isEmpty()) { // with it the table is too wide
                cells.add(format("%.3f", task.lossUnseen()));
            }
        } else {
            cells.add(format("%.4f", ((Perplexities) scores).perplexity()));
        }
        cells.addAll(more);
        table.row(cells.toArray(String[]::new));
    }

    private static String value(Effect effect) {
        return effect.none() == 1
                ? format("%.4f", effect.value())
                : format("%+.3f", effect.value());
    }

    private static String interval(Effect effect) {
        Interval ends = effect.interval();
        String format = effect.none() == 1 ? "%.4f" : "%+.3f";
        return format(format, ends.low()) + " to " + format(format, ends.high());
    }

    private void measured() {
        if (comparison.measured() instanceof OnTask task) {
            paragraph(
                    format(
                            "Accuracy on %,d strings of %s. Unseen: symbols that no training saw; seen: fresh strings of the training alphabet. Right is %s.",
                            task.samples(),
                            task.task(),
                            task.symbolic()
                                    ? "the likeliest token of the whole vocabulary; among: of the string's symbols"
                                    : "the label that is nearest to the output"));
        } else {
            OnText text = (OnText) comparison.measured();
            paragraph(
                    format(
                            "Perplexity by %s, blocks of %d%s, on %s: %,d tokens scored.",
                            text.protocol(),
                            text.blockSize(),
                            text.stride().isPresent() ? ", stride " + text.stride().getAsInt() : "",
                            text.data(),
                            ((Perplexities) comparison.first().scores()).targets()));
        }
        List<String> steps =
                comparison.arms().stream()
                        .filter(arm -> !arm.steps().isEmpty())
                        .map(arm -> arm.name() + " after step " + steps(arm))
                        .toList();
        if (!steps.isEmpty()) {
            paragraph("Measured: " + String.join(", ", steps) + ".");
        }
        if (comparison.seeds() > 1) {
            paragraph("Intervals hold the noise of seeds and of what was measured on.");
        } else if (comparison.model().isPresent()) {
            paragraph(
                    "With one seed, intervals hold the noise of what was measured on alone; three"
                            + " or more add that of trainings.");
        }
    }

    private static String steps(Comparison.Arm arm) {
        return arm.steps().stream().map(String::valueOf).collect(Collectors.joining("/"));
    }

    private void paragraph(String words) {
        Words.wrapped(words, WIDTH).forEach(out::println);
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
