package org.diagonal.eval.evaluate;

import java.io.PrintWriter;
import java.util.Locale;
import org.diagonal.eval.measure.accuracy.Accuracy;
import org.diagonal.eval.measure.accuracy.Labels;
import org.diagonal.eval.measure.accuracy.TaskEvaluation;
import org.diagonal.eval.measure.accuracy.TaskScores;
import org.diagonal.eval.measure.statistics.Proportion;
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
        line(out, "Task", subject.task());
        line(out, "Task SHA-256", subject.taskSha256());
        line(out, "Model", subject.model().title());
        line(
                out,
                "Right",
                symbolic
                        ? "if no other token of the vocabulary has as large a logit"
                        : "if no other label of the task is as near to the output");
        line(out, "Loss", symbolic ? "mean cross-entropy, nats" : "mean squared error");
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
                format("%.4f", share.low()) + " to " + format("%.4f", share.high()),
                loss);
    }

    private static void line(PrintWriter out, String name, String value) {
        out.println(String.format(Locale.ROOT, "%-14s", name) + value);
    }

    private static String format(String format, Object value) {
        return String.format(Locale.ROOT, format, value);
    }
}
