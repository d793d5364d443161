package org.diagonal.plugin.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads text files by one rule: UTF-8, whose byte order mark is dropped; anything else is refused
 * with its place. Says what a file is that somebody else put in the place of the one meant.
 */
public final class TextFile {

    private static final int HEAD = 512;
    private static final String LFS = "version https://git-lfs.github.com/spec/";

    private TextFile() {}

    /**
     * Reads a whole file.
     *
     * @throws FileSystemException if it is not UTF-8, naming the file and the byte's offset, or if
     *     something else stands in its place, as {@link #requireGenuine} says
     */
    public static String read(Path file) throws IOException {
        byte[] content = Files.readAllBytes(file);
        requireGenuine(file, content);
        return decode(file, content);
    }

    /** Decodes the content of a file that was read already. */
    public static String decode(Path file, byte[] content) throws FileSystemException {
        int begin = 0;
        if (begins(content, 0xEF, 0xBB, 0xBF)) {
            begin = 3;
        } else if (begins(content, 0xFF, 0xFE) || begins(content, 0xFE, 0xFF)) {
            throw FileFault.of(file, "is UTF-16, expected UTF-8");
        }
        ByteBuffer bytes = ByteBuffer.wrap(content, begin, content.length - begin);
        CharBuffer text = CharBuffer.allocate(content.length - begin);
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CoderResult result = decoder.decode(bytes, text, true);
        if (result.isError()) {
            throw FileFault.of(
                    file,
                    "is not UTF-8: unexpected byte 0x%02X at offset %d"
                            .formatted(content[bytes.position()], bytes.position()));
        }
        return text.flip().toString();
    }

    private static boolean begins(byte[] content, int... mark) {
        if (content.length < mark.length) {
            return false;
        }
        for (int i = 0; i < mark.length; i++) {
            if ((content[i] & 0xFF) != mark[i]) {
                return false;
            }
        }
        return true;
    }

    /**
     * What stands in the place of a file that was not downloaded: a pointer of Git LFS, or a page.
     *
     * @param content the file's first bytes, or all
     * @return words that follow the file's name; empty for anything else
     */
    static Optional<String> impostor(byte[] content) {
        String head =
                new String(content, 0, Math.min(HEAD, content.length), StandardCharsets.ISO_8859_1);
        if (head.startsWith(LFS)) {
            return Optional.of(
                    "is a Git LFS pointer, not the file that it points to: git lfs pull brings it");
        }
        String page = head.stripLeading().toLowerCase(Locale.ROOT);
        if (page.startsWith("<!doctype html") || page.startsWith("<html")) {
            return Optional.of("is an HTML page, not the file: download the file itself");
        }
        return Optional.empty();
    }

    /**
     * Refuses what stands in the place of a file.
     *
     * @throws FileSystemException as {@link #impostor} says
     */
    public static void requireGenuine(Path file, byte[] content) throws FileSystemException {
        Optional<String> what = impostor(content);
        if (what.isPresent()) {
            throw FileFault.of(file, what.get());
        }
    }
}
