package org.diagonal.wikitext.rows;

import com.github.luben.zstd.ZstdInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPInputStream;

/** How the bytes of a file are compressed, by the end of its name. */
public enum Packing {
    NONE(""),
    GZIP(".gz"),
    ZSTD(".zst");

    private final String end;

    Packing(String end) {
        this.end = end;
    }

    public static Packing of(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        for (Packing packing : new Packing[] {GZIP, ZSTD}) {
            if (name.endsWith(packing.end)) {
                return packing;
            }
        }
        return NONE;
    }

    /** The file's name in lower case without the end that tells of the packing. */
    String inner(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return name.substring(0, name.length() - end.length());
    }

    /**
     * Opens the unpacked bytes.
     *
     * @param read counts the bytes of the file itself
     */
    public InputStream open(Path file, AtomicLong read) throws IOException {
        InputStream raw = new Counting(Files.newInputStream(file), read);
        if (this == GZIP && Files.size(file) == 0) {
            raw.close();
            throw new FileSystemException(file.toString(), null, "is empty, expected gzip");
        }
        try {
            return switch (this) {
                case NONE -> raw;
                case GZIP -> new Named(file, new GZIPInputStream(raw, 1 << 16));
                case ZSTD -> new Named(file, new ZstdInputStream(raw));
            };
        } catch (IOException e) {
            raw.close();
            throw damaged(file, e);
        }
    }

    private static FileSystemException damaged(Path file, IOException cause) {
        FileSystemException named =
                new FileSystemException(
                        file.toString(), null, "cannot be decompressed: " + cause.getMessage());
        named.initCause(cause);
        return named;
    }

    /** Counts what is read. */
    private static final class Counting extends FilterInputStream {
        private final AtomicLong read;

        Counting(InputStream in, AtomicLong read) {
            super(in);
            this.read = read;
        }

        @Override
        public int read() throws IOException {
            int b = in.read();
            read.addAndGet(b < 0 ? 0 : 1);
            return b;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            int count = in.read(into, from, length);
            read.addAndGet(Math.max(0, count));
            return count;
        }
    }

    /** Names the file where its packing is damaged. */
    private static final class Named extends FilterInputStream {
        private final Path file;

        Named(Path file, InputStream in) {
            super(in);
            this.file = file;
        }

        @Override
        public int read() throws IOException {
            try {
                return in.read();
            } catch (IOException e) {
                throw damaged(file, e);
            }
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            try {
                return in.read(into, from, length);
            } catch (IOException e) {
                throw damaged(file, e);
            }
        }
    }
}
