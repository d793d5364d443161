package org.diagonal.wikitext.rows;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.util.Arrays;

/**
 * The lines of a stream of UTF-8 bytes, decoded strictly. A line feed, a carriage return or both
 * end a line, all given as a line feed; a byte order mark at the beginning is dropped.
 */
public final class TextLines implements Lines {

    // Twice as much still fits an array, so that it can grow by doubling.
    private static final int LONGEST = 1 << 29;

    private final String name;
    private final InputStream in;
    private final byte[] buffer = new byte[1 << 16];
    private int at;
    private int limit;
    private boolean begun;
    private byte[] bytes = new byte[1 << 12];
    private int length;
    private long done;
    private String line = "";

    /**
     * Lines of a stream that {@link #close} closes.
     *
     * @param name what messages call the stream
     */
    public TextLines(String name, InputStream in) {
        this.name = name;
        this.in = in;
    }

    @Override
    public boolean next() throws IOException {
        long start = done;
        length = 0;
        boolean ended = false;
        while (!ended && fill()) {
            int end = at;
            while (end < limit && !isBreak(buffer[end])) {
                end++;
            }
            append(end);
            if (at < limit) {
                ended = true;
                takeBreak();
            }
        }
        if (!ended && length == 0) {
            return false;
        }
        line = decode(start);
        return true;
    }

    private static boolean isBreak(byte b) {
        return b == '\n' || b == '\r';
    }

    private void append(int end) throws IOException {
        int more = end - at;
        if (length + more > LONGEST) {
            throw new FileSystemException(
                    name, null, "a line is longer than " + LONGEST + " bytes");
        }
        if (bytes.length - length <= more) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more + 1));
        }
        System.arraycopy(buffer, at, bytes, length, more);
        length += more;
        done += more;
        at = end;
    }

    private void takeBreak() throws IOException {
        boolean carriageReturn = buffer[at] == '\r';
        at++;
        done++;
        if (carriageReturn && fill() && buffer[at] == '\n') {
            at++;
            done++;
        }
        bytes[length++] = '\n';
    }

    private boolean fill() throws IOException {
        if (at == limit) {
            limit = Math.max(0, in.readNBytes(buffer, 0, buffer.length));
            at = 0;
            if (!begun && limit >= 3 && isMark()) {
                at = 3;
                done += 3;
            }
            begun = true;
        }
        return at < limit;
    }

    private boolean isMark() {
        return buffer[0] == (byte) 0xEF && buffer[1] == (byte) 0xBB && buffer[2] == (byte) 0xBF;
    }

    private String decode(long start) throws IOException {
        String text = new String(bytes, 0, length, StandardCharsets.UTF_8);
        if (text.indexOf('\uFFFD') >= 0) {
            checkUtf8(start); // a replacement, or the text's own U+FFFD
        }
        return text;
    }

    private void checkUtf8(long start) throws IOException {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer left = ByteBuffer.wrap(bytes, 0, length);
        CoderResult result = decoder.decode(left, CharBuffer.allocate(length + 1), true);
        if (result.isError()) {
            throw new FileSystemException(
                    name,
                    null,
                    String.format(
                            "not UTF-8 at byte offset %d: unexpected byte 0x%02X",
                            start + left.position(), left.get(left.position())));
        }
    }

    @Override
    public String line() {
        return line;
    }

    @Override
    public long done() {
        return done;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
