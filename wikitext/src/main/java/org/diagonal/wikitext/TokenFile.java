package org.diagonal.wikitext;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Tokens in a file, all little-endian: a header of a magic number, the counts of ids, rows and
 * articles and the CRC-32C of what follows (8 bytes each); then the ids, the row starts and the
 * article starts as int32.
 */
final class TokenFile {

    /** What one mapping reaches. */
    static final int MAX_IDS = Integer.MAX_VALUE / Integer.BYTES;

    /** Goes into the magic number and into cache keys; new whenever the layout is. */
    static final int VERSION = 1;

    private static final long MAGIC = 0x4B_4F_54_47_41_49_44L << 8 | VERSION;
    private static final int HEADER = 5 * Long.BYTES;

    private TokenFile() {}

    /** The tokens of a file, mapped; empty if it is damaged or no file of tokens. */
    static Optional<Tokens> open(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer header = buffer(HEADER);
            while (header.hasRemaining() && channel.read(header) >= 0) {}
            if (header.hasRemaining() || header.flip().getLong() != MAGIC) {
                return Optional.empty();
            }
            long ids = header.getLong();
            long rows = header.getLong();
            long articles = header.getLong();
            if (!inRange(ids) || !inRange(rows) || !inRange(articles)) {
                return Optional.empty();
            }
            if (channel.size() != HEADER + Integer.BYTES * (ids + rows + articles)) {
                return Optional.empty();
            }
            MappedByteBuffer idBytes = map(channel, HEADER, ids);
            MappedByteBuffer rowBytes = map(channel, HEADER + Integer.BYTES * ids, rows);
            MappedByteBuffer articleBytes =
                    map(channel, HEADER + Integer.BYTES * (ids + rows), articles);
            CRC32C crc = new CRC32C();
            crc.update(idBytes.duplicate());
            crc.update(rowBytes.duplicate());
            crc.update(articleBytes.duplicate());
            if (crc.getValue() != header.getLong()) {
                return Optional.empty();
            }
            return Optional.of(
                    new Tokens(little(idBytes).asIntBuffer(), ints(rowBytes), ints(articleBytes)));
        }
    }

    private static boolean inRange(long count) {
        return count >= 0 && count <= MAX_IDS;
    }

    private static MappedByteBuffer map(FileChannel channel, long from, long ints)
            throws IOException {
        return channel.map(FileChannel.MapMode.READ_ONLY, from, Integer.BYTES * ints);
    }

    private static int[] ints(ByteBuffer bytes) {
        IntBuffer source = little(bytes).asIntBuffer();
        int[] ints = new int[source.remaining()];
        source.get(ints);
        return ints;
    }

    private static ByteBuffer little(ByteBuffer bytes) {
        return bytes.order(ByteOrder.LITTLE_ENDIAN);
    }

    private static ByteBuffer buffer(int bytes) {
        return little(ByteBuffer.allocateDirect(bytes));
    }

    /** Writes a file of tokens; it is one only after {@link #finish}. */
    static final class Writer extends TokenSink implements AutoCloseable {

        private final Path file;
        private final FileChannel channel;
        private final ByteBuffer buffer = buffer(1 << 18);
        private final CRC32C crc = new CRC32C();
        private long ids;

        Writer(Path file) throws IOException {
            this.file = file;
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            channel.position(HEADER);
        }

        @Override
        void write(int[] ids, int from, int to) throws IOException {
            this.ids += to - from;
            put(ids, from, to);
        }

        private void put(int[] values, int from, int to) throws IOException {
            for (int i = from; i < to; i++) {
                if (!buffer.hasRemaining()) {
                    flush();
                }
                buffer.putInt(values[i]);
            }
        }

        private void flush() throws IOException {
            crc.update(buffer.flip().duplicate());
            drain();
        }

        private void drain() throws IOException {
            try {
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
            } catch (IOException e) { // a full disk's own message does not say where
                FileSystemException named =
                        new FileSystemException(
                                file.toString(), null, "cannot be written: " + e.getMessage());
                named.initCause(e);
                throw named;
            }
            buffer.clear();
        }

        /** Writes what is left, then the header, and brings all of it to the disk. */
        void finish() throws IOException {
            int[] rows = rowStarts.toArray();
            int[] articles = articleStarts.toArray();
            put(rows, 0, rows.length);
            put(articles, 0, articles.length);
            flush();
            buffer.putLong(MAGIC).putLong(ids).putLong(rows.length).putLong(articles.length);
            buffer.putLong(crc.getValue()).flip();
            channel.position(0);
            drain();
            channel.force(true);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
