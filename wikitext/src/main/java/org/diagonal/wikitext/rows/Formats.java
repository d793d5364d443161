package org.diagonal.wikitext.rows;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/**
 * Refuses files that hold a text in a format that is not read, or no text at all: measured as if
 * they were text, they would give figures of the format.
 */
public final class Formats {

    private static final int HEAD = 4096;
    private static final int START = 256;
    private static final int FEW = 5; // of so many bytes one may be 0 in a text
    private static final String LFS = "version https://git-lfs.github.com/spec/";
    private static final Pattern IDS =
            Pattern.compile("\\s*\\[\\s*(\\d+\\s*,\\s*)*\\d*(\\s*].*)?", Pattern.DOTALL);
    private static final String RECORDS = "; save it as .csv, .jsonl or .parquet";
    private static final String PACKED = "is compressed in a way that is not read; unpack it first";

    private static final Map<String, String> HINTS = hints();

    private Formats() {}

    private static Map<String, String> hints() {
        Map<String, String> hints = new LinkedHashMap<>();
        for (String table : new String[] {".arrow", ".feather", ".xls", ".xlsx", ".sqlite"}) {
            hints.put(table, "is a table, which is not read" + RECORDS);
        }
        for (String packed :
                new String[] {
                    ".tar.gz", ".tar.zst", ".bz2", ".xz", ".zip", ".7z", ".tar", ".tgz"
                }) {
            hints.put(packed, PACKED);
        }
        for (String document : new String[] {".pdf", ".doc", ".docx", ".odt", ".epub"}) {
            hints.put(document, "is a document, which is not read; save it as plain text");
        }
        return hints;
    }

    /**
     * Checks one file of a text.
     *
     * @throws FileSystemException saying what it is and what would be right
     */
    public static void require(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw wrong(file, "is a pipe or a device, and a text is read more than once: save it");
        }
        if (Packing.of(file) != Packing.NONE && RecordFormat.of(file) == RecordFormat.PARQUET) {
            throw wrong(file, "is compressed, and parquet already is inside; unpack it first");
        }
        requireGenuine(file, start(file));
        String letters = letters(head(file));
        requireGenuine(file, letters);
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".parquet")) {
            return;
        }
        if (letters.startsWith("\u00FF\u00FE") || letters.startsWith("\u00FE\u00FF")) {
            throw wrong(file, "is UTF-16, expected UTF-8");
        }
        if (letters.startsWith("PK\u0003\u0004")) {
            throw wrong(file, PACKED);
        }
        if (letters.startsWith("PAR1")) {
            throw wrong(file, "is parquet, by its first bytes: its name must end with .parquet");
        }
        requireReadable(file, name, letters);
        long zeros = letters.chars().filter(letter -> letter == 0).count();
        if (zeros > 0 && (!name.endsWith(".txt") || zeros > letters.length() / FEW)) {
            throw wrong(file, "is not text: it contains a byte of value 0, as UTF-16 does");
        }
    }

    private static String letters(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** What a download leaves that did not work; a page of text is text where it may be any. */
    private static void requireGenuine(Path file, String letters) throws FileSystemException {
        if (letters.startsWith(LFS)) {
            throw wrong(file, "is a Git LFS pointer, not the text that it points to: git lfs pull");
        }
        String page = letters.stripLeading().toLowerCase(Locale.ROOT);
        boolean html = page.startsWith("<!doctype html") || page.startsWith("<html");
        RecordFormat format = RecordFormat.of(file);
        if (html && (format != RecordFormat.PLAIN || Packing.of(file) != Packing.NONE)) {
            String not = format == RecordFormat.PARQUET ? "parquet" : "the text";
            throw wrong(file, "is an HTML page, not " + not + ": download the file itself");
        }
    }

    private static void requireReadable(Path file, String name, String letters)
            throws FileSystemException {
        if (RecordFormat.of(file) == RecordFormat.IDS) {
            return;
        }
        Optional<String> hint =
                HINTS.entrySet().stream()
                        .filter(entry -> name.endsWith(entry.getKey()))
                        .map(Map.Entry::getValue)
                        .findFirst();
        if (hint.isPresent()) {
            throw wrong(file, hint.get());
        }
        boolean lines = Packing.of(file).inner(file).endsWith(".jsonl");
        if (lines && IDS.matcher(firstLine(letters)).matches()) {
            throw wrong(
                    file, "holds token ids, as it seems: then its name must end with .ids.jsonl");
        }
    }

    private static String firstLine(String letters) {
        return letters.strip().lines().findFirst().orElse("");
    }

    private static byte[] head(Path file) throws IOException {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        requirePacking(file, start(file));
        Packing packing =
                HINTS.keySet().stream().anyMatch(name::endsWith) ? Packing.NONE : Packing.of(file);
        try (InputStream in = packing.open(file, new AtomicLong())) {
            return in.readNBytes(HEAD);
        }
    }

    /** The file's own first bytes. */
    private static String start(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return letters(in.readNBytes(START));
        }
    }

    private static void requirePacking(Path file, String letters) throws FileSystemException {
        if (letters.startsWith("\u001F\u008B") && !isNamed(file, Packing.GZIP, ".tgz")) {
            throw wrong(file, "is compressed by gzip: its name must end with .gz");
        }
        if (letters.startsWith("(\u00B5/\u00FD") && !isNamed(file, Packing.ZSTD, ".tzst")) {
            throw wrong(file, "is compressed by zstd: its name must end with .zst");
        }
    }

    private static boolean isNamed(Path file, Packing packing, String archive) {
        return Packing.of(file) == packing || file.toString().endsWith(archive);
    }

    private static FileSystemException wrong(Path file, String what) {
        return new FileSystemException(file.toString(), null, what);
    }
}
