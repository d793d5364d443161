package org.diagonal.eval.kernel;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.OptionalDouble;
import org.diagonal.eval.kernel.RankedTasks.Entry;
import org.diagonal.eval.report.terminal.TextTable;

/** All tasks for the terminal. */
public final class RankingText {

    private RankingText() {}

    /** Prints a table; flushes. */
    public static void write(RankedTasks result, PrintWriter out) {
        TextTable table = new TextTable("Task", "r", "Predicted", "Quartiles", "Paper", "Ours");
        for (Entry entry : result.tasks()) {
            table.row(
                    entry.name(),
                    Integer.toString(entry.templates()),
                    Say.samples(entry.needed(), OptionalDouble.empty(), entry.state()),
                    RankingPage.quartiles(entry),
                    trained(entry, true),
                    trained(entry, false));
        }
        table.write(out);
        out.println();
        out.println("n for a loss of 0.1 on unseen symbols: predicted by the closed form, and");
        out.println("where trained transformers without scalings fall below it (paper, ours).");
        out.println();
        TextTable correlations = new TextTable("Rank correlation with the paper", "Tasks", "");
        for (RankedTasks.Correlation one : result.correlations()) {
            correlations.row(
                    one.over(),
                    Integer.toString(one.curves()),
                    String.format(Locale.ROOT, "%.2f", one.rank()));
        }
        correlations.write(out);
        out.flush();
    }

    private static String trained(Entry entry, boolean paper) {
        return entry.trained().stream()
                .filter(one -> one.paper() == paper)
                .map(RankingPage::words)
                .findFirst()
                .orElse("");
    }
}
