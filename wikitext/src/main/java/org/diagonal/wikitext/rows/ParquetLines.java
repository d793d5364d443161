package org.diagonal.wikitext.rows;

import blue.strategic.parquet.Hydrator;
import blue.strategic.parquet.HydratorSupplier;
import blue.strategic.parquet.ParquetReader;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/**
 * One column of parquet files in order. Of WikiText each row is the line of the file that it was
 * made from: an empty row stands for a blank line, which is a space and a line break. Any other row
 * ends with a line break, as the line of a text does.
 */
public final class ParquetLines implements Lines {

    private static final String BLANK_LINE = " \n";

    private final List<Path> files;
    private final String column;
    private final boolean wikitext;
    private int file = -1;
    private ParquetReader<String, String> reader;
    private String row = "";
    private long done;

    public ParquetLines(List<Path> files, String column, boolean wikitext) {
        this.files = List.copyOf(files);
        this.column = column;
        this.wikitext = wikitext;
    }

    /** The number of rows in all files, from their footers. */
    public static long rows(List<Path> files) throws IOException {
        long rows = 0;
        for (Path file : files) {
            rows +=
                    metadata(file).getBlocks().stream()
                            .mapToLong(block -> block.getRowCount())
                            .sum();
        }
        return rows;
    }

    @Override
    public boolean next() throws IOException {
        while (reader == null || !advance()) {
            close();
            if (++file == files.size()) {
                file--; // asked again, the answer stays the same
                return false;
            }
            reader = open(files.get(file));
        }
        done++;
        return true;
    }

    private boolean advance() throws IOException {
        try {
            return reader.tryAdvance(text -> row = text);
        } catch (RuntimeException e) { // how the library reports damage of every kind
            throw unreadable(files.get(file), e);
        }
    }

    private ParquetReader<String, String> open(Path path) throws IOException {
        checkColumn(path, metadata(path).getFileMetaData().getSchema());
        try {
            return ParquetReader.spliterator(
                    path.toFile(), HydratorSupplier.constantly(new Text()), List.of(column));
        } catch (RuntimeException e) {
            throw unreadable(path, e);
        }
    }

    private void checkColumn(Path path, MessageType schema) throws IOException {
        if (!schema.containsField(column)) {
            List<String> found = new ArrayList<>();
            schema.getFields().forEach(field -> found.add(field.getName()));
            throw new ColumnException(path.toString(), column, found);
        }
        Type type = schema.getType(column);
        // Without this the library would give numbers, and bytes in hexadecimal.
        if (!LogicalTypeAnnotation.stringType().equals(type.getLogicalTypeAnnotation())
                || type.isRepetition(Type.Repetition.REPEATED)) {
            throw new FileSystemException(
                    path.toString(),
                    null,
                    "expected strings in the column \"%s\", found %s".formatted(column, type));
        }
    }

    private static ParquetMetadata metadata(Path path) throws IOException {
        try {
            return ParquetReader.readMetadata(path.toFile());
        } catch (RuntimeException e) {
            throw unreadable(path, e);
        }
    }

    private static FileSystemException unreadable(Path path, RuntimeException cause) {
        Throwable root = cause;
        while (root.getCause() != null) { // the outer ones say only that reading failed
            root = root.getCause();
        }
        FileSystemException e =
                new FileSystemException(
                        path.toString(), null, "cannot be read as parquet: " + words(root));
        e.initCause(cause);
        return e;
    }

    /** Without the objects that the library speaks of, which mean nothing to a reader. */
    private static String words(Throwable root) {
        String message = root.getMessage() == null ? root.toString() : root.getMessage();
        return message.replaceAll("[\\w.$]+@[0-9a-f]{4,}", "it");
    }

    @Override
    public String line() {
        if (wikitext) {
            return row.isEmpty() ? BLANK_LINE : row;
        }
        return row.endsWith("\n") ? row : row + "\n";
    }

    @Override
    public long done() {
        return done;
    }

    @Override
    public void close() throws IOException {
        if (reader != null) {
            reader.close();
            reader = null;
        }
    }

    /** Takes the one column; a row without it is refused, as it has no place in a text. */
    private record Text() implements Hydrator<String, String> {
        @Override
        public String start() {
            return "";
        }

        @Override
        public String add(String target, String heading, Object value) {
            if (value == null) {
                throw new IllegalArgumentException("a row has no text");
            }
            return value.toString();
        }

        @Override
        public String finish(String target) {
            return target;
        }
    }
}
