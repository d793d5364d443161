package org.diagonal.wikitext;

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
import java.util.regex.Pattern;

/**
 * Refuses files that hold a text in a format that is not read, or no text at all: measured as if
 * they were text, they would give figures of the format.
 */
final class Formats {

    private static final int HEAD = 4096;
    private static final String LFS = "version https://git-lfs.github.com/spec/";
    private static final Pattern IDS =
            Pattern.compile("\\s*\\[\\s*(\\d+\\s*,\\s*)*\\d*(\\s*].*)?", Pattern.DOTALL);
    private static final String RECORDS =
            "; put the texts into a .txt file, or into the column \"text\" of a .parquet file";
    private static final String PACKED = "is compressed; unpack it first";

    private static final Map<String, String> HINTS = hints();

    private Formats() {}

    private static Map<String, String> hints() {
        Map<String, String> hints = new LinkedHashMap<>();
        hints.put(".jsonl", "is JSON Lines, which are not read as text" + RECORDS);
        hints.put(".ndjson", "is JSON Lines, which are not read as text" + RECORDS);
        hints.put(".json", "is JSON, which is not read as text" + RECORDS);
        hints.put(".csv", "is a table, which is not read as text" + RECORDS);
        hints.put(".tsv", "is a table, which is not read as text" + RECORDS);
        for (String table : new String[] {".arrow", ".feather", ".xls", ".xlsx", ".sqlite"}) {
            hints.put(table, "is a table, which is not read" + RECORDS);
        }
        for (String packed :
                new String[] {".gz", ".bz2", ".xz", ".zst", ".zip", ".7z", ".tar", ".tgz"}) {
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
    static void require(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw wrong(file, "is a pipe or a device, and a text is read more than once: save it");
        }
        byte[] head = head(file);
        String letters = new String(head, StandardCharsets.ISO_8859_1);
        if (letters.startsWith(LFS)) {
            throw wrong(file, "is a Git LFS pointer, not the text that it points to: git lfs pull");
        }
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".parquet")) {
            requireParquet(file, letters);
            return;
        }
        if (letters.startsWith("\u00FF\u00FE") || letters.startsWith("\u00FE\u00FF")) {
            throw wrong(file, "is UTF-16, expected UTF-8");
        }
        if (letters.startsWith("\u001F\u008B") || letters.startsWith("PK\u0003\u0004")) {
            throw wrong(file, PACKED);
        }
        if (letters.startsWith("PAR1")) {
            throw wrong(file, "is parquet, by its first bytes: its name must end with .parquet");
        }
        requireReadable(file, name, letters);
    }

    private static void requireReadable(Path file, String name, String letters)
            throws FileSystemException {
        if (name.endsWith(".ids.jsonl")) {
            return;
        }
        Optional<String> hint =
                HINTS.entrySet().stream()
                        .filter(entry -> name.endsWith(entry.getKey()))
                        .map(Map.Entry::getValue)
                        .findFirst();
        if (hint.isPresent()) {
            boolean ids = name.endsWith(".jsonl") && IDS.matcher(firstLine(letters)).matches();
            throw wrong(
                    file,
                    ids
                            ? "holds token ids, as it seems: then its name must end with .ids.jsonl"
                            : hint.get());
        }
    }

    private static String firstLine(String letters) {
        return letters.strip().lines().findFirst().orElse("");
    }

    private static void requireParquet(Path file, String letters) throws FileSystemException {
        String page = letters.stripLeading().toLowerCase(Locale.ROOT);
        if (page.startsWith("<!doctype html") || page.startsWith("<html")) {
            throw wrong(file, "is an HTML page, not parquet: download the file itself");
        }
    }

    private static byte[] head(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(HEAD);
        }
    }

    private static FileSystemException wrong(Path file, String what) {
        return new FileSystemException(file.toString(), null, what);
    }
}
