package org.diagonal.eval.cli.listing;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.diagonal.eval.cli.console.Action;
import org.diagonal.eval.cli.console.Heading;
import org.diagonal.eval.cli.console.ResultFile;
import org.diagonal.eval.cli.option.JsonOption;
import org.diagonal.eval.report.terminal.TextTable;
import org.diagonal.eval.reports.RunList;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code diagonal runs}: what commands have left in a folder. */
@Command(
        name = "runs",
        header = "List trainings, comparisons and curves in a folder",
        description =
                "Lists trainings, comparisons, curves, kernels and inspections in a folder, the"
                        + " newest first, with their state and result.",
        customSynopsis = "diagonal runs [FOLDER] [options]",
        footer = {"diagonal runs", "diagonal runs reports", "diagonal runs --json -"})
@Heading("Runs")
public final class RunsCommand extends Action {

    /** Characters of a result where nobody knows how wide the terminal is. */
    private static final int LONGEST = 60;

    /** Characters of it that make a table worth its width. */
    private static final int SHORTEST = 20;

    /** Kind, state, time and the gaps between columns. */
    private static final int OTHERS = 10 + 11 + 16 + 8;

    @Parameters(arity = "0..1", paramLabel = "FOLDER", description = "where to look [runs]")
    Path folder = Path.of("runs");

    @Mixin JsonOption json;

    @Override
    protected int run() throws IOException {
        json.check(global, ResultFile.Kind.RUNS);
        List<RunList.Entry> entries = RunList.of(folder);
        json.write("runs", entries);
        PrintWriter words = json.words();
        if (entries.isEmpty()) {
            words.println("No run in " + folder);
            words.flush();
            return 0;
        }
        int columns = Integer.getInteger("diagonal.columns", 0);
        if (columns > 0 && columns - widest(entries) - OTHERS < SHORTEST) {
            entries.forEach(entry -> list(entry, columns, words));
        } else {
            tabulate(entries, columns == 0 ? LONGEST : columns - widest(entries) - OTHERS, words);
        }
        words.flush();
        return 0;
    }

    private static int widest(List<RunList.Entry> entries) {
        return entries.stream().mapToInt(entry -> entry.folder().length()).max().orElse(0);
    }

    /** What no table has room for. */
    private static void list(RunList.Entry entry, int columns, PrintWriter words) {
        words.println(entry.folder());
        words.printf("  %s %s, %s%n", entry.kind(), state(entry), changed(entry));
        if (!entry.result().isEmpty()) {
            words.println("  " + shortened(entry.result(), columns - 3));
        }
    }

    private static void tabulate(List<RunList.Entry> entries, int longest, PrintWriter words) {
        TextTable table =
                new TextTable("Folder", "Kind", "State", "Changed", "Result")
                        .left(1)
                        .left(2)
                        .left(3)
                        .left(4);
        for (RunList.Entry entry : entries) {
            table.row(
                    entry.folder(),
                    entry.kind(),
                    state(entry),
                    changed(entry),
                    shortened(entry.result(), longest));
        }
        table.write(words);
    }

    private static String state(RunList.Entry entry) {
        return entry.state().name().toLowerCase(Locale.ROOT);
    }

    private static String changed(RunList.Entry entry) {
        return entry.changed().replace('T', ' ').replaceFirst(":..Z$", "");
    }

    private static String shortened(String words, int longest) {
        return words.length() <= longest ? words : words.substring(0, longest - 1) + "…";
    }
}
