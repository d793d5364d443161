package org.diagonal.wikitext.rows;

import java.nio.file.Path;

/** What the unpacked bytes of a file are, by its name. */
public enum RecordFormat {
    /** Lines of WikiText. */
    WIKITEXT,
    /** Text as it is. */
    PLAIN,
    /** JSON arrays of ids. */
    IDS,
    /** JSON objects, a line each or in one array. */
    JSON,
    /** A table with a header, separated by commas. */
    CSV,
    /** A table with a header, separated by tabs. */
    TSV,
    /** Columns in parquet. */
    PARQUET;

    public static RecordFormat of(Path file) {
        String name = Packing.of(file).inner(file);
        if (name.endsWith(".ids.jsonl")) {
            return IDS;
        }
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "raw", "tokens" -> name.contains(".") ? WIKITEXT : PLAIN;
            case "jsonl", "ndjson", "json" -> name.contains(".") ? JSON : PLAIN;
            case "csv" -> name.contains(".") ? CSV : PLAIN;
            case "tsv" -> name.contains(".") ? TSV : PLAIN;
            case "parquet" -> name.contains(".") ? PARQUET : PLAIN;
            default -> PLAIN;
        };
    }

    /** Whether each record is a row with a text of its own. */
    public boolean isRecords() {
        return this == JSON || this == CSV || this == TSV || this == PARQUET;
    }
}
