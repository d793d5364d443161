package org.diagonal.eval.evaluate;

import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Collectors;
import org.diagonal.eval.measure.ChangedScalings;
import org.diagonal.eval.measure.MeasuredModel;
import org.diagonal.eval.measure.accuracy.TaskEvaluation;
import org.diagonal.eval.measure.accuracy.TaskScores;
import org.diagonal.eval.measure.perplexity.Evaluation;
import org.diagonal.eval.measure.statistics.Rounding;
import org.diagonal.eval.report.terminal.Lines;
import org.diagonal.eval.report.terminal.TextTable;
import org.diagonal.plugin.identity.Head;

/** Measurements of one model with its scalings changed in several ways, for the terminal. */
public final class ChangesText {

    private ChangesText() {}

    /**
     * Prints perplexities; flushes.
     *
     * @param evaluations one for each of {@link ScalingChanges#all}
     */
    public static void texts(
            List<ChangedScalings> changes, List<Evaluation> evaluations, PrintWriter out) {
        TextTable table = new TextTable("a times", "b times", "Perplexity", "Nats a token");
        for (int i = 0; i < evaluations.size(); i++) {
            Evaluation one = evaluations.get(i);
            table.row(
                    factor(changes.get(i).scaleQk()),
                    factor(changes.get(i).scaleOv()),
                    Rounding.fixed(one.perplexity(), 4),
                    Rounding.fixed(one.nats() / one.targets(), 6));
        }
        table.write(out);
        Evaluation first = evaluations.get(0);
        Lines lines = model(changes.get(0), first.provenance().model(), out);
        lines.line("Text", first.provenance().data());
        String stride = first.stride().isPresent() ? ", stride " + first.stride().getAsInt() : "";
        lines.line("Protocol", "%s, blocks of %d%s", first.protocol(), first.blockSize(), stride);
        out.flush();
    }

    /** Prints scores on a task; flushes. */
    public static void tasks(
            List<ChangedScalings> changes, List<TaskScores> scores, PrintWriter out) {
        TextTable table = new TextTable("a times", "b times", "Unseen", "Seen", "Loss, unseen");
        for (int i = 0; i < scores.size(); i++) {
            TaskEvaluation unseen = scores.get(i).unseen();
            table.row(
                    factor(changes.get(i).scaleQk()),
                    factor(changes.get(i).scaleOv()),
                    Rounding.fixed(unseen.accuracy().proportion().value(), 4),
                    Rounding.fixed(scores.get(i).seen().accuracy().proportion().value(), 4),
                    Rounding.fixed(unseen.loss(), 4));
        }
        table.write(out);
        TaskEvaluation.Subject subject = scores.get(0).unseen().subject();
        Lines lines = model(changes.get(0), subject.model(), out);
        lines.line("Task", subject.task());
        out.flush();
    }

    private static Lines model(ChangedScalings change, MeasuredModel model, PrintWriter out) {
        out.println();
        Lines lines = new Lines(out, 16);
        lines.line("Model", model.changed(new ChangedScalings(1, 1, List.of())).title());
        if (!change.withoutHeads().isEmpty()) {
            lines.line(
                    "Without heads",
                    change.withoutHeads().stream()
                            .map(Head::toString)
                            .collect(Collectors.joining(", ")));
        }
        return lines;
    }

    private static String factor(double value) {
        return Double.toString(value).replaceFirst("\\.0$", "");
    }
}
