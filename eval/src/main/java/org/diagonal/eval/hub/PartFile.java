package org.diagonal.eval.hub;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.regex.Pattern;
import org.diagonal.plugin.files.AtomicFiles;
import org.diagonal.plugin.files.FileFault;

/**
 * The part of a file that has come so far: {@code NAME.part} beside the target, and {@code
 * NAME.part.etag} with what the server said it is a part of.
 */
final class PartFile {

    private static final Pattern ETAG = Pattern.compile("\"[\\x21\\x23-\\x7E]*\"");

    private final Path target;
    private final Path part;
    private final Path note;

    PartFile(Path target) {
        this.target = target;
        this.part = target.resolveSibling(target.getFileName() + ".part");
        this.note = target.resolveSibling(target.getFileName() + ".part.etag");
    }

    Path path() {
        return part;
    }

    String name() {
        return target.getFileName().toString();
    }

    /** Bytes that have come; 0 when there is no part. */
    long length() throws IOException {
        return Files.isRegularFile(part, LinkOption.NOFOLLOW_LINKS) ? Files.size(part) : 0;
    }

    /** The strong ETag of the response that began the part; empty if it had none. */
    String etag() throws IOException {
        String noted = noted(0);
        return ETAG.matcher(noted).matches() ? noted : ""; // or damaged
    }

    /** The SHA-256 that the hub announced for the whole file then; empty if it did not. */
    String announced() throws IOException {
        return noted(1);
    }

    private String noted(int line) throws IOException {
        if (!Files.isRegularFile(note, LinkOption.NOFOLLOW_LINKS)) {
            return "";
        }
        // Any byte is a letter then: a damaged note only fits no answer.
        List<String> lines = Files.readAllLines(note, StandardCharsets.ISO_8859_1);
        return line < lines.size() ? lines.get(line) : "";
    }

    /** Begins anew; the note comes first, so that it never describes an older part. */
    void restart(String etag, String announced) throws IOException {
        discard(); // a link may stand there, which is not to be followed
        Files.writeString(note, etag + "\n" + announced + "\n", StandardOpenOption.CREATE_NEW);
        Files.createFile(part);
    }

    void discard() throws IOException {
        Files.deleteIfExists(part);
        Files.deleteIfExists(note);
    }

    FileChannel append() throws IOException {
        return FileChannel.open(
                part,
                StandardOpenOption.WRITE,
                StandardOpenOption.APPEND,
                LinkOption.NOFOLLOW_LINKS);
    }

    /** Writes and names the file when the disk does not take it. */
    void write(FileChannel channel, byte[] block, int count) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(block, 0, count);
        try {
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        } catch (IOException e) {
            throw FileFault.of(part, e.getMessage(), e);
        }
    }

    /** The part is the whole, verified: it becomes the target in one step. */
    void finish() throws IOException {
        AtomicFiles.moveInto(part, target);
        Files.deleteIfExists(note);
    }
}
