package org.diagonal.wikitext.rows;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** One column of a table with a header: the one asked for, else {@code text}, else the first. */
final class CsvLines implements Lines {

    private static final String DEFAULT = "text";

    private final String name;
    private final CSVParser parser;
    private final Iterator<CSVRecord> records;
    private final int index;
    private long count;
    private String line = "";

    /**
     * Records of a stream that {@link #close} closes.
     *
     * @throws FileSystemException if the header has no such column
     */
    CsvLines(String name, Optional<String> column, char separator, InputStream in)
            throws IOException {
        this.name = name;
        CSVFormat format =
                CSVFormat.RFC4180.builder().setDelimiter(separator).setIgnoreEmptyLines(true).get();
        parser = CSVParser.parse(new Utf8Reader(name, in), format);
        records = parser.iterator();
        try {
            index = index(header(), column);
        } catch (IOException e) {
            parser.close();
            throw e;
        }
    }

    private List<String> header() throws IOException {
        return advance().map(CSVRecord::toList).orElse(List.of()).stream()
                .map(String::strip)
                .toList();
    }

    private int index(List<String> header, Optional<String> column) throws IOException {
        int at = header.indexOf(column.orElse(DEFAULT));
        if (at < 0 && (column.isPresent() || header.isEmpty())) {
            throw new ColumnException(name, column.orElse(DEFAULT), header);
        }
        return Math.max(0, at);
    }

    private Optional<CSVRecord> advance() throws IOException {
        try {
            return records.hasNext() ? Optional.of(records.next()) : Optional.empty();
        } catch (UncheckedIOException e) {
            throw e.getCause() instanceof FileSystemException named ? named : bad(e.getCause());
        } catch (IllegalStateException e) { // how the library reports a quote that does not end
            throw bad(e);
        }
    }

    private FileSystemException bad(Exception cause) {
        Throwable root = cause.getCause() == null ? cause : cause.getCause();
        FileSystemException named =
                new FileSystemException(
                        name + ": line " + parser.getCurrentLineNumber(),
                        null,
                        "is not a table: " + root.getMessage());
        named.initCause(cause);
        return named;
    }

    @Override
    public boolean next() throws IOException {
        Optional<CSVRecord> record = advance();
        if (record.isEmpty()) {
            return false;
        }
        if (record.get().size() <= index) {
            throw new FileSystemException(
                    name + ": line " + parser.getCurrentLineNumber(),
                    null,
                    "expected at least %d columns, found %d"
                            .formatted(index + 1, record.get().size()));
        }
        count++;
        line = record.get().get(index);
        return true;
    }

    @Override
    public String line() {
        return line;
    }

    @Override
    public long done() {
        return count;
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }
}
