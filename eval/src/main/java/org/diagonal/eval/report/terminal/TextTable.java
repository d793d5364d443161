package org.diagonal.eval.report.terminal;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A table of text: the first column to the left, the others to the right unless told. */
public final class TextTable {

    private static final String GAP = "  ";

    private final List<List<String>> rows = new ArrayList<>();
    private final Set<Integer> left = new HashSet<>(Set.of(0));

    /** A table with these column names. */
    public TextTable(String... header) {
        row(header);
    }

    /** Puts a column to the left. */
    public TextTable left(int column) {
        left.add(column);
        return this;
    }

    /** Adds a row. */
    public TextTable row(String... cells) {
        rows.add(List.of(cells));
        return this;
    }

    /** Prints the table, with a line below its header. */
    public void write(PrintWriter out) {
        int columns = rows.get(0).size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int c = 0; c < columns; c++) {
                widths[c] = Math.max(widths[c], row.get(c).length());
            }
        }
        for (int r = 0; r < rows.size(); r++) {
            StringBuilder line = new StringBuilder();
            for (int c = 0; c < columns; c++) {
                String cell = rows.get(r).get(c);
                String pad = " ".repeat(widths[c] - cell.length());
                line.append(c == 0 ? "" : GAP);
                line.append(left.contains(c) ? cell + pad : pad + cell);
            }
            out.println(line.toString().stripTrailing());
            if (r == 0) {
                out.println("─".repeat(line.length()));
            }
        }
    }
}
