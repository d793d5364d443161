package org.diagonal.eval.evaluate;

import java.io.PrintWriter;
import java.util.Locale;
import org.diagonal.eval.measure.accuracy.Accuracy;
import org.diagonal.eval.measure.accuracy.Labels;
import org.diagonal.eval.measure.accuracy.TaskEvaluation;
import org.diagonal.eval.measure.accuracy.TaskScores;
import org.diagonal.eval.measure.statistics.Proportion;
import org.diagonal.eval.report.terminal.Lines;
import org.diagonal.eval.report.terminal.TextTable;

/** A model's scores on a template task for the terminal. */
public final class TaskScoresText {

    private TaskScoresText() {}

    /** Prints scores; flushes. */
    public static void write(TaskScores scores, PrintWriter out) {
        boolean symbolic = scores.unseen().labels() == Labels.SYMBOLIC;
        TextTable table =
                new TextTable("Symbols", "Strings", "Right", "Accuracy", "95 % interval", "Loss");
        rows(table, "unseen", scores.unseen());
        rows(table, "seen", scores.seen());
        table.write(out);
        out.println();
        TaskEvaluation.Subject subject = scores.unseen().subject();
        Lines lines = new Lines(out, 14);
        lines.line("Task", subject.task());
        lines.line("Task SHA-256", subject.taskSha256());
        lines.line("Model", subject.model().title());
        lines.line(
                "Right",
                symbolic
                        ? "if no other token of the vocabulary has as large a logit"
                        : "if no other label of the task is as near to the output");
        lines.line("Loss", symbolic ? "mean cross-entropy, nats" : "mean squared error");
        out.flush();
    }

    private static void rows(TextTable table, String name, TaskEvaluation evaluation) {
        row(table, name, evaluation.accuracy(), format("%.4f", evaluation.loss()));
        evaluation.amongSymbols().ifPresent(among -> row(table, "  among the string's", among, ""));
    }

    private static void row(TextTable table, String name, Accuracy accuracy, String loss) {
        Proportion share = accuracy.proportion();
        table.row(
                name,
                format("%,d", share.trials()),
                format("%,d", share.successes()),
                format("%.4f", share.value()),
                format("%.4f", share.ci95().low()) + " to " + format("%.4f", share.ci95().high()),
                loss);
    }

    private static String format(String format, Object value) {
        return String.format(Locale.ROOT, format, value);
    }
}
