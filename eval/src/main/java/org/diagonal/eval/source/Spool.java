package org.diagonal.eval.source;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.diagonal.plugin.files.FileFault;

/**
 * Keeps what comes through a pipe, as a text is read more than once. The bytes tell the format that
 * a file's name would: compressed or not, parquet, JSON Lines, else text as it is.
 */
final class Spool {

    private static final int HEAD = 4096;

    private Spool() {}

    /** Whether a path that is there can be read only once. */
    static boolean isPipe(Path path) {
        return !Files.isRegularFile(path) && !Files.isDirectory(path);
    }

    /** All of a stream in a file that is deleted when the process ends. */
    static Path keep(InputStream stream, String name) throws IOException {
        BufferedInputStream in = new BufferedInputStream(stream, HEAD);
        in.mark(HEAD);
        byte[] head;
        try {
            head = in.readNBytes(HEAD);
            in.reset();
        } catch (IOException e) { // of a folder, say
            throw new FileSystemException(name, null, "cannot be read: " + e.getMessage());
        }
        if (head.length == 0) {
            throw new FileSystemException(name, null, "is empty: no text came through it");
        }
        String kind = name.equals("stdin") ? name : "pipe"; // messages show it
        try {
            Path file = Files.createTempFile("diagonal-" + kind + "-", end(head));
            file.toFile().deleteOnExit();
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
            return file;
        } catch (IOException e) {
            throw FileFault.of(
                    Path.of(name),
                    "cannot be kept in the temporary folder %s: %s; DIAGONAL_JAVA_OPTS=-Djava.io.tmpdir=FOLDER names another"
                            .formatted(System.getProperty("java.io.tmpdir"), FileFault.why(e)),
                    e);
        }
    }

    private static String end(byte[] head) {
        String letters = new String(head, StandardCharsets.ISO_8859_1);
        if (letters.startsWith("\u001F\u008B")) {
            return ".txt.gz";
        }
        if (letters.startsWith("(\u00B5/\u00FD")) {
            return ".txt.zst";
        }
        if (letters.startsWith("PAR1")) {
            return ".parquet";
        }
        return letters.stripLeading().startsWith("{\"") ? ".jsonl" : ".txt";
    }
}
