package org.diagonal.eval.cli.listing;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import org.diagonal.eval.cli.console.Action;
import org.diagonal.eval.cli.console.EngineSettings;
import org.diagonal.eval.cli.console.Heading;
import org.diagonal.eval.cli.console.ResultFile;
import org.diagonal.eval.cli.option.JsonOption;
import org.diagonal.eval.hub.Caches;
import org.diagonal.eval.hub.Settings;
import org.diagonal.eval.report.terminal.TextTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code diagonal cache}: what lies in caches, and how to be rid of it. */
@Command(
        name = "cache",
        header = "List what lies in caches, or clear it",
        description =
                "Lists what lies in caches: downloaded models and texts, token ids, and native"
                        + " libraries. All of it is made or downloaded again when it is needed."
                        + " DIAGONAL_CACHE moves the first three, DJL_CACHE_DIR the libraries.",
        customSynopsis = {"diagonal cache", "diagonal cache --clear [NAME …]"},
        footer = {"diagonal cache", "diagonal cache --clear tokens", "diagonal cache --clear"})
@Heading("Cache")
public final class CacheCommand extends Action {

    @Parameters(
            arity = "0..*",
            paramLabel = "NAME …",
            description = "models, data, tokens or native [all]")
    List<String> names = List.of();

    @Option(names = "--clear", description = "delete what lies there")
    boolean clear;

    @Mixin JsonOption json;

    /** An entry for other programs. */
    record Listed(String name, String holds, String folder, long files, long bytes) {}

    @Override
    protected int run() throws IOException {
        json.check(global, ResultFile.Kind.CACHES);
        List<Caches.Entry> all =
                Caches.list(Settings.fromEnvironment(), EngineSettings.nativeFolder());
        List<Caches.Entry> wanted =
                names.isEmpty() ? all : names.stream().map(name -> named(all, name)).toList();
        if (clear) {
            for (Caches.Entry entry : wanted) {
                Caches.clear(entry);
            }
        }
        write(wanted);
        return 0;
    }

    private Caches.Entry named(List<Caches.Entry> all, String name) {
        Optional<Caches.Entry> found =
                all.stream().filter(entry -> entry.name().equals(name)).findFirst();
        return found.orElseThrow(
                () ->
                        global.wrong(
                                "'%s' is not one of: models, data, tokens, native"
                                        .formatted(name)));
    }

    private void write(List<Caches.Entry> entries) throws IOException {
        json.write(
                clear ? "cleared" : "caches",
                entries.stream()
                        .map(
                                entry ->
                                        new Listed(
                                                entry.name(),
                                                entry.holds(),
                                                entry.folder().toString(),
                                                entry.files(),
                                                entry.bytes()))
                        .toList());
        PrintWriter words = json.words();
        TextTable table = new TextTable("Cache", "Files", "Size", "Folder").left(3);
        for (Caches.Entry entry : entries) {
            table.row(
                    entry.name(),
                    Long.toString(entry.files()),
                    CatalogueText.size(entry.bytes()),
                    entry.folder().toString());
        }
        table.write(words);
        words.println();
        words.println(
                clear
                        ? "Cleared."
                        : "diagonal cache --clear NAME deletes one; what is needed comes again.");
        words.flush();
    }
}
