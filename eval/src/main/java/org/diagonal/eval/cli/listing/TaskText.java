package org.diagonal.eval.cli.listing;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.diagonal.eval.report.terminal.TextTable;
import org.diagonal.eval.report.terminal.Words;
import org.diagonal.templates.catalogue.Catalogue;
import org.diagonal.templates.task.LabelKind;
import org.diagonal.templates.task.LabelledTemplate;
import org.diagonal.templates.task.Overview;
import org.diagonal.templates.task.Task;

/** Template tasks for the terminal. */
public final class TaskText {

    private static final int WIDTH = 80;

    /** Columns of the name of a fact. */
    private static final int FACT = 11;

    /** Templates that are shown; a task can have hundreds. */
    private static final int SHOWN = 24;

    private TaskText() {}

    /** Prints names and sentences; flushes. */
    public static void list(List<Catalogue.Entry> entries, PrintWriter out) {
        int widest = entries.stream().mapToInt(entry -> entry.name().length()).max().orElse(0) + 2;
        for (Catalogue.Entry entry : entries) {
            line(out, widest, entry.name(), entry.about());
        }
        out.println();
        out.println("Run diagonal tasks show NAME for details. K is a length, as in majority-4.");
        out.flush();
    }

    /** Prints a task; flushes. */
    public static void show(Overview overview, PrintWriter out) {
        Task task = overview.task();
        List<LabelledTemplate> templates = task.templates();
        TextTable table = new TextTable("Template", "Label", "Probability");
        for (LabelledTemplate template : templates.subList(0, Math.min(SHOWN, templates.size()))) {
            table.row(
                    template.text(),
                    template.label().toString(),
                    String.format(Locale.ROOT, "%.4f", template.probability()));
        }
        table.write(out);
        if (templates.size() > SHOWN) {
            out.println("… and " + Words.count(templates.size() - (long) SHOWN, "other"));
        }
        out.println();
        for (String part : Words.wrapped(task.name() + ": " + task.about(), WIDTH)) {
            out.println(part);
        }
        out.println();
        facts(overview, out);
        out.flush();
    }

    /** Prints that a file holds a task; flushes. */
    public static void checked(Path file, Overview overview, PrintWriter out) {
        out.println(file + " is a task: " + overview.task().name());
        facts(overview, out);
        out.flush();
    }

    /** Prints what the theory says of a task; flushes. */
    public static void theory(String sentence, PrintWriter out) {
        line(out, "Theory", sentence);
        out.flush();
    }

    private static void facts(Overview overview, PrintWriter out) {
        Task task = overview.task();
        boolean real = task.kind() == LabelKind.REAL;
        line(out, "Labels", real ? "real" + noise(task) : "symbolic");
        if (real) {
            line(
                    out,
                    "",
                    String.format(
                            Locale.ROOT,
                            "squared error of the best constant %.4f",
                            overview.trivialLoss()));
        }
        line(
                out,
                "Templates",
                "%s of %s, at most %s each"
                        .formatted(
                                Words.count(task.templates().size(), "template"),
                                Words.count(overview.length(), "token"),
                                Words.count(overview.mostWildcards(), "wildcard")));
        line(
                out,
                "Disjoint",
                overview.notDisjoint() == 0
                        ? "no string matches two of them (%s unified)"
                                .formatted(Words.count(overview.pairs(), "pair"))
                        : Words.count(overview.notDisjoint(), "pair") + " share a string");
        line(
                out,
                "Diversity",
                String.format(
                        Locale.ROOT,
                        "ρ = %.1f with %s to train with",
                        overview.diversity(),
                        Words.count(overview.alphabet(), "symbol")));
        task.source().ifPresent(source -> line(out, "Source", source));
    }

    private static String noise(Task task) {
        return task.noise() == 0 ? "" : ", noise σ = " + task.noise();
    }

    private static void line(PrintWriter out, String name, String value) {
        line(out, FACT, name, value);
    }

    /** Prints a name in a column, and words beside it in as many lines as they need. */
    private static void line(PrintWriter out, int column, String name, String words) {
        String label = String.format(Locale.ROOT, "%-" + column + "s", name);
        for (String part : Words.wrapped(words, WIDTH - column)) {
            out.println(label + part);
            label = " ".repeat(column);
        }
    }
}
