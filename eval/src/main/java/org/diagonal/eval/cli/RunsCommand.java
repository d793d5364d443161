package org.diagonal.eval.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.diagonal.eval.cli.console.GlobalOptions;
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
public final class RunsCommand implements Callable<Integer> {

    private static final int LONGEST = 60;

    @Parameters(arity = "0..1", paramLabel = "FOLDER", description = "where to look [runs]")
    Path folder = Path.of("runs");

    @Mixin JsonOption json;
    @Mixin GlobalOptions global;

    @Override
    public Integer call() throws IOException {
        global.apply();
        json.check(global.spec, ResultFile.Kind.RUNS);
        List<RunList.Entry> entries = RunList.of(folder);
        json.write("runs", entries, global.out());
        PrintWriter words = json.words(global.out());
        if (entries.isEmpty()) {
            words.println("No run in " + folder);
            words.flush();
            return 0;
        }
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
                    entry.state().name().toLowerCase(Locale.ROOT),
                    entry.changed().replace('T', ' ').replaceFirst(":..Z$", ""),
                    shortened(entry.result()));
        }
        table.write(words);
        words.flush();
        return 0;
    }

    private static String shortened(String words) {
        return words.length() <= LONGEST ? words : words.substring(0, LONGEST - 1) + "…";
    }
}
