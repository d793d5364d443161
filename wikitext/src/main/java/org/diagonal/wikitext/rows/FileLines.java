package org.diagonal.wikitext.rows;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The rows of files one after another. A row of records, and the last line of a file that another
 * follows, end with a line break: so the same rows are the same text in every format.
 */
public final class FileLines implements Lines {

    private final List<Path> files;
    private final RecordFormat format;
    private final Optional<String> column;
    private final AtomicLong read = new AtomicLong();
    private int file = -1;
    private Optional<Lines> current = Optional.empty();
    private String line = "";

    /** Rows of files of one format, which is not parquet. */
    public FileLines(List<Path> files, RecordFormat format, Optional<String> column) {
        this.files = List.copyOf(files);
        this.format = format;
        this.column = column;
    }

    /** The bytes of all files, the unit of {@link #done}. */
    public static long size(List<Path> files) throws IOException {
        long size = 0;
        for (Path file : files) {
            size += Files.size(file);
        }
        return size;
    }

    @Override
    public boolean next() throws IOException {
        while (current.isEmpty() || !current.get().next()) {
            close();
            if (file + 1 == files.size()) {
                return false;
            }
            file++;
            current = Optional.of(open(files.get(file)));
        }
        String text = current.get().line();
        boolean ends = text.endsWith("\n");
        line = ends || (!format.isRecords() && file + 1 == files.size()) ? text : text + "\n";
        return true;
    }

    private Lines open(Path path) throws IOException {
        String name = path.toString();
        InputStream in = Packing.of(path).open(path, read);
        return switch (format) {
            case JSON -> new JsonLines(name, column.orElse("text"), in);
            case CSV -> new CsvLines(name, column, ',', in);
            case TSV -> new CsvLines(name, column, '\t', in);
            case WIKITEXT, PLAIN, IDS, PARQUET -> new TextLines(name, in);
        };
    }

    @Override
    public String line() {
        return line;
    }

    @Override
    public long done() {
        return read.get();
    }

    @Override
    public void close() throws IOException {
        if (current.isPresent()) {
            current.get().close();
            current = Optional.empty();
        }
    }
}
