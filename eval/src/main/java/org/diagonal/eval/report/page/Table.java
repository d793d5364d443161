package org.diagonal.eval.report.page;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/**
 * A table.
 *
 * @param caption what it holds
 * @param columns their names
 * @param rows a cell for every column
 */
public record Table(String caption, List<String> columns, List<List<Cell>> rows) {

    /**
     * A cell.
     *
     * @param words what is read
     * @param exact the number that was rounded to these words; empty if they are not a number
     */
    public record Cell(String words, OptionalDouble exact) {

        /** Words. */
        public static Cell of(String words) {
            return new Cell(words, OptionalDouble.empty());
        }

        /** A rounded number. */
        public static Cell of(String words, double exact) {
            return new Cell(words, OptionalDouble.of(exact));
        }
    }

    /** Copies the lists; refuses a row that has too many cells or too few. */
    public Table {
        columns = List.copyOf(columns);
        rows = rows.stream().map(List::copyOf).toList();
        for (List<Cell> row : rows) {
            if (row.size() != columns.size()) {
                throw new IllegalArgumentException(
                        "a row needs a cell for each of %d columns, found %d: %s"
                                .formatted(columns.size(), row.size(), row));
            }
        }
    }

    /** Makes a table row by row. */
    public static Builder of(String caption, String... columns) {
        return new Builder(caption, Arrays.asList(columns));
    }

    /** A table in the making. */
    public static final class Builder {

        private final String caption;
        private final List<String> columns;
        private final List<List<Cell>> rows = new ArrayList<>();

        private Builder(String caption, List<String> columns) {
            this.caption = caption;
            this.columns = columns;
        }

        /** Adds a row. */
        public Builder row(List<Cell> cells) {
            rows.add(cells);
            return this;
        }

        /** Adds a row. */
        public Builder row(Cell... cells) {
            return row(List.of(cells));
        }

        /** The table. */
        public Table build() {
            return new Table(caption, columns, rows);
        }
    }

    /** Whether a column holds numbers, which stand to the right, as does its name. */
    public boolean isNumeric(int column) {
        return rows.stream().anyMatch(row -> row.get(column).exact().isPresent());
    }
}
