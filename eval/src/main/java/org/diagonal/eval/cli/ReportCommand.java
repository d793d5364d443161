package org.diagonal.eval.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.diagonal.eval.cli.console.Action;
import org.diagonal.eval.cli.console.Heading;
import org.diagonal.eval.cli.console.Inputs;
import org.diagonal.eval.cli.console.ResultFile;
import org.diagonal.eval.cli.option.JsonOption;
import org.diagonal.eval.report.page.HtmlWriter;
import org.diagonal.eval.report.page.Page;
import org.diagonal.eval.reports.ReportIndex;
import org.diagonal.eval.reports.Reports;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code diagonal report}: what a run has found, as a page to look at. */
@Command(
        name = "report",
        header = "Show what runs have found, as a page to look at",
        description =
                "Makes a page of charts and tables from the folder of a comparison, a curve, a"
                        + " kernel, an inspection, an ablation or a training: one HTML file that needs no"
                        + " network. Those"
                        + " commands leave one as report.html; this makes it again, or one for"
                        + " several runs.",
        customSynopsis = {
            "diagonal report RUN [RUN…] [--out FILE] [--png]",
            "diagonal report --index FOLDER"
        },
        footer = {
            "diagonal report runs/wikitext",
            "diagonal report runs/wikitext --png",
            "diagonal report runs/a runs/b runs/c --out all.html",
            "diagonal report --index reports"
        })
@Heading("Report")
public final class ReportCommand extends Action {

    private static final String CHARTS = "charts";
    private static final int SECONDS = 5;

    @Parameters(
            arity = "0..*",
            paramLabel = "RUN…",
            description = "folders that commands have left")
    List<Path> runs = List.of();

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "the page; - is stdout [report.html in the folder of a single run]")
    Optional<Path> out;

    @Option(
            names = "--png",
            description = "also every chart as a PNG file, in charts/ beside the page")
    boolean png;

    @Option(
            names = "--watch",
            description = "make the page again every 5 seconds until the training in RUN ends")
    boolean watch;

    @Option(
            names = "--index",
            paramLabel = "FOLDER",
            description = "write its README.md instead: the index of the results in it")
    Optional<Path> index;

    @Mixin JsonOption json;

    /** What a page says. */
    record Said(String kind, String title, List<String> findings) {}

    @Override
    protected int run() throws IOException {
        check();
        if (index.isPresent()) {
            say(global.out(), "Index", ReportIndex.write(index.get()).toString());
            return 0;
        }
        Path file = out.orElseGet(() -> runs.get(0).resolve(Reports.FILE));
        if (Files.isDirectory(file)) {
            throw global.wrong("--out: needs a file, and " + file + " is a folder");
        }
        ResultFile result = new ResultFile("--out", file, ResultFile.Kind.PAGE);
        json.check(global, ResultFile.Kind.REPORTS);
        result.check(json.isForced(), Inputs.of(global.spec));
        if (json.isStdout() && result.isStdout()) {
            throw global.wrong("--json and --out cannot both be stdout");
        }
        PrintWriter words = json.isStdout() ? json.words() : result.words(global.out());
        if (watch) {
            watch(result, words);
        }
        List<Page> pages = Reports.pages(runs);
        result.write(HtmlWriter.write(pages), global.out());
        List<Said> findings =
                pages.stream()
                        .map(page -> new Said(page.kind(), page.title(), page.lead()))
                        .toList();
        json.write("reports", findings);
        say(words, "Report", file.toString());
        if (png) {
            Path charts = file.resolveSibling(CHARTS);
            int count = Reports.writePictures(pages, charts).size();
            say(words, "Charts", "%s, %d PNG files".formatted(charts, count));
        }
        return 0;
    }

    /** Makes the page again and again until the training is finished. */
    private void watch(ResultFile result, PrintWriter words) throws IOException {
        boolean said = false;
        while (!Reports.isFinished(runs.get(0))) {
            try {
                Page page = Reports.sofar(runs.get(0));
                result.write(HtmlWriter.refreshing(List.of(page), SECONDS), global.out());
                if (!said) {
                    say(words, "Report", "%s, until the training ends".formatted(result.named()));
                }
                said = true;
            } catch (FileSystemException e) {
                global.say("Waiting for the first step: " + e.getMessage());
            }
            try {
                TimeUnit.SECONDS.sleep(SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void check() {
        if (watch && (runs.size() != 1 || out.filter(Path.of("-")::equals).isPresent())) {
            throw global.wrong("--watch needs one RUN and a file");
        }
        if (index.isPresent()) {
            if (!runs.isEmpty() || out.isPresent() || png || global.isGiven("--json")) {
                throw global.wrong(
                        "--index makes an index alone: it takes no run, --out, --json or --png");
            }
            return;
        }
        if (runs.isEmpty()) {
            throw global.wrong("missing RUN");
        }
        if (runs.size() > 1 && out.isEmpty()) {
            throw global.wrong("several runs need --out FILE");
        }
    }

    /** Makes the report of a run that has just ended, and says where it is. */
    static void leave(Path folder, PrintWriter out) throws IOException {
        say(out, "Report", Reports.leave(folder).toString());
    }

    /** Shows a result as the user wants it, and leaves its page in the folder that holds it. */
    static void show(JsonOption json, String record, Page page, Optional<Path> folder)
            throws IOException {
        PrintWriter words = json.write(record, page);
        if (folder.isPresent()) {
            words.println("Results in " + folder.get());
            say(words, "Report", Reports.leave(page, folder.get()).toString());
        }
    }

    private static void say(PrintWriter out, String what, String words) {
        out.println(what + "  " + words);
        out.flush();
    }
}
