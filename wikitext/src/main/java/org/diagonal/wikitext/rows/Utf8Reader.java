package org.diagonal.wikitext.rows;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;

/** Decodes UTF-8 strictly, without a byte order mark, and says where it is not. */
final class Utf8Reader extends Reader {

    private static final char MARK = '\uFEFF';

    private final String name;
    private final InputStream in;
    private final ByteBuffer bytes = ByteBuffer.allocate(1 << 16).flip();
    private final CharBuffer letters = CharBuffer.allocate(1 << 16).flip();
    private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    private long before; // bytes that are no longer in the buffer
    private boolean begun;
    private boolean ended;

    /**
     * Letters of a stream that {@link #close} closes.
     *
     * @param name what messages call the stream
     */
    Utf8Reader(String name, InputStream in) {
        this.name = name;
        this.in = in;
    }

    @Override
    public int read(char[] into, int from, int length) throws IOException {
        while (!letters.hasRemaining()) {
            if (ended) {
                return -1;
            }
            decode();
        }
        int count = Math.min(length, letters.remaining());
        letters.get(into, from, count);
        return count;
    }

    private void decode() throws IOException {
        before += bytes.position();
        bytes.compact();
        int count = in.read(bytes.array(), bytes.position(), bytes.remaining());
        ended = count < 0;
        bytes.position(bytes.position() + Math.max(0, count)).flip();
        letters.clear();
        CoderResult result = decoder.decode(bytes, letters, ended);
        letters.flip();
        if (result.isError()) {
            throw new FileSystemException(
                    name,
                    null,
                    "not UTF-8 at byte offset %d: unexpected byte 0x%02X"
                            .formatted(before + bytes.position(), bytes.get(bytes.position())));
        }
        if (!begun && letters.hasRemaining()) {
            begun = true;
            if (letters.get(letters.position()) == MARK) {
                letters.get();
            }
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
