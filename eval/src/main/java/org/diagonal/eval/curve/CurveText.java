package org.diagonal.eval.curve;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import org.diagonal.eval.measure.accuracy.Labels;
import org.diagonal.eval.measure.accuracy.MeanAccuracy;
import org.diagonal.eval.report.terminal.TextTable;
import org.diagonal.plugin.identity.Arm;

/** A curve for the terminal: every arm at every n, the paper's mean beside it. */
public final class CurveText {

    private static final int WIDTH = 80;
    private static final int LABEL = 10;
    private static final String NOTHING = "-";

    private final CurveResult result;
    private final ReferenceFigures paper;
    private final PrintWriter out;

    private CurveText(CurveResult result, ReferenceFigures paper, PrintWriter out) {
        this.result = result;
        this.paper = paper;
        this.out = out;
    }

    /**
     * Prints a curve; flushes.
     *
     * @param folder where its files are
     */
    public static void write(
            CurveResult result, ReferenceFigures paper, Path folder, PrintWriter out) {
        CurveText text = new CurveText(result, paper, out);
        out.println(
                "%s on %s, unseen symbols, by training samples n"
                        .formatted(
                                result.metric().replaceFirst("t", "T"),
                                result.plan().task().name()));
        out.println();
        text.points(result.plan().arms());
        text.arms();
        out.println();
        text.circumstances();
        out.println("Results in " + folder);
        out.flush();
    }

    /** One table, or several where all arms do not fit beside each other. */
    private void points(List<Arm> arms) {
        StringWriter text = new StringWriter();
        try (PrintWriter writer = new PrintWriter(text)) {
            table(arms).write(writer);
        }
        if (arms.size() > 1 && text.toString().lines().anyMatch(line -> line.length() > WIDTH)) {
            int half = (arms.size() + 1) / 2;
            points(arms.subList(0, half));
            points(arms.subList(half, arms.size()));
        } else {
            out.println(text);
        }
    }

    private TextTable table(List<Arm> arms) {
        List<String> header = new ArrayList<>(List.of("n"));
        for (Arm arm : arms) {
            header.add(arm.toString());
            curve(arm).ifPresent(curve -> header.add("paper"));
        }
        TextTable table = new TextTable(header.toArray(String[]::new));
        int digits = Integer.toString(result.plan().n().get(result.plan().n().size() - 1)).length();
        for (int n : result.plan().n()) {
            List<String> row = new ArrayList<>(List.of(("%" + digits + "d").formatted(n)));
            for (Arm arm : arms) {
                CurveResult.Point point = result.at(arm, n);
                row.add(value(point.mean()) + plusMinus(point.stderr()));
                curve(arm)
                        .ifPresent(
                                curve -> row.add(curve.at(n).map(CurveText::cell).orElse(NOTHING)));
            }
            table.row(row.toArray(String[]::new));
        }
        return table;
    }

    private static String cell(ReferenceFigures.Point theirs) {
        return value(theirs.value()) + plusMinus(OptionalDouble.of(theirs.stderr()));
    }

    private void arms() {
        CurvePlan plan = result.plan();
        int largest = plan.n().get(plan.n().size() - 1);
        TextTable table =
                new TextTable(
                        "Arm",
                        "First n",
                        "Paper",
                        "Right unseen",
                        "95 % interval",
                        "Right seen",
                        "Time");
        for (Arm arm : plan.arms()) {
            CurveResult.Point last = result.at(arm, largest);
            MeanAccuracy unseen = last.unseen();
            double seconds = result.of(arm).stream().mapToDouble(p -> p.seconds()).sum();
            table.row(
                    arm.toString(),
                    result.firstBelow(arm).map(n -> Integer.toString(n)).orElse(NOTHING),
                    curve(arm).map(CurveText::firstBelow).orElse(""),
                    percent(unseen.value()),
                    percent(unseen.ci95().low()) + " to " + percent(unseen.ci95().high()),
                    percent(last.seen().value()),
                    format("%.0f s", seconds));
        }
        table.write(out);
    }

    private static String firstBelow(ReferenceFigures.Curve curve) {
        return curve.firstBelow(CurveResult.THRESHOLD)
                .map(n -> Integer.toString(n))
                .orElse(NOTHING);
    }

    private void circumstances() {
        CurvePlan plan = result.plan();
        String trials =
                plan.trials() == 1
                        ? "one trial, seed " + plan.seed()
                        : "mean ± standard error of %d trials, seeds %d to %d"
                                .formatted(
                                        plan.trials(),
                                        plan.seed(),
                                        plan.seed() + plan.trials() - 1);
        paragraph("Figures", trials + "; the epoch that is best on validation counts");
        paragraph("First n", "the first whose mean is below " + CurveResult.THRESHOLD);
        paragraph(
                "Right",
                "%s at n = %d; %s"
                        .formatted(
                                plan.task().labels() == Labels.REAL
                                        ? "answers nearest to the right label"
                                        : "answers that are the likeliest of the vocabulary",
                                plan.n().get(plan.n().size() - 1),
                                plan.trials() == 1
                                        ? "Wilson's interval over strings"
                                        : "mean of the trials, interval over trials and strings"));
        paragraph("Network", network(plan.network()));
        Trial.Training training = plan.training();
        paragraph(
                "Training",
                "Adam, %d epochs, batches of %d, learning rate %s, of scalings %s"
                        .formatted(
                                training.epochs(),
                                training.batchSize(),
                                number(training.lr()),
                                number(training.scalingsLr())));
        paper();
    }

    private static String network(Trial.Network network) {
        String origin =
                network.weights()
                        .map(weights -> weights.pretrained() ? ", pretrained" : ", random weights")
                        .orElse("");
        String sizes =
                network.sizes().entrySet().stream()
                        .map(size -> size.getKey().replace('_', ' ') + " " + size.getValue())
                        .collect(Collectors.joining(", "));
        String mimetic =
                network.mimetic()
                        .map(
                                how ->
                                        ", mimetic with alpha %s, beta %s"
                                                .formatted(number(how.alpha()), number(how.beta())))
                        .orElse("");
        return network.name() + origin + mimetic + (sizes.isEmpty() ? "" : ": " + sizes);
    }

    /** Where the paper's columns are from, and what must be known of them. */
    private void paper() {
        Set<String> figures = new LinkedHashSet<>();
        Set<String> notes = new LinkedHashSet<>();
        for (Arm arm : result.plan().arms()) {
            Optional<ReferenceFigures.Curve> curve = curve(arm);
            if (curve.isPresent()) {
                figures.add("%s (%s)".formatted(curve.get().paper(), curve.get().figure()));
                notes.add(curve.get().note());
                String sizes = curve.get().sizesOtherThan(result.plan().network());
                notes.add(sizes.isEmpty() ? "" : "its network has " + sizes);
            }
        }
        notes.remove("");
        if (figures.isEmpty()) {
            paragraph("Paper", "has no such curve");
            return;
        }
        String words = String.join(", ", figures) + " of " + paper.source();
        paragraph("Paper", notes.isEmpty() ? words : words + ": " + String.join("; ", notes));
    }

    private Optional<ReferenceFigures.Curve> curve(Arm arm) {
        return paper.find(result.plan().task(), result.plan().network(), arm);
    }

    private void paragraph(String label, String words) {
        StringBuilder line = new StringBuilder(format("%-" + (LABEL - 1) + "s", label));
        for (String word : words.split(" ", -1)) {
            if (line.length() + 1 + word.length() > WIDTH) {
                out.println(line);
                line.setLength(0);
                line.append(" ".repeat(LABEL - 1));
            }
            line.append(' ').append(word);
        }
        out.println(line);
    }

    /** Three decimals, fewer for large figures: {@code 0.031}, {@code 12.4}. */
    private static String value(double value) {
        return format(value < 9.9995 ? "%.3f" : value < 1000 ? "%.1f" : "%.2e", value);
    }

    /** Without the zero before the point: the table is narrow. */
    private static String plusMinus(OptionalDouble stderr) {
        if (stderr.isEmpty()) {
            return "";
        }
        String words = value(stderr.getAsDouble());
        return "±" + (words.startsWith("0.") ? words.substring(1) : words);
    }

    private static String percent(double share) {
        return format("%.1f %%", 100 * share);
    }

    /** As users write it: {@code 1e-3}, {@code 0.05}. */
    private static String number(double value) {
        return Double.toString(value).replaceFirst("\\.0(?=E|$)", "").replace('E', 'e');
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
