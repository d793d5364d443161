package org.diagonal.eval.report.page;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.diagonal.eval.report.page.Block.Facts;
import org.diagonal.eval.report.page.Block.Figure;
import org.diagonal.eval.report.page.Block.Listing;
import org.diagonal.eval.report.page.Block.Notice;
import org.diagonal.eval.report.page.Block.Prose;
import org.diagonal.eval.report.page.Page.Section;
import org.diagonal.eval.report.page.Table.Cell;
import org.diagonal.eval.report.terminal.TextTable;
import org.diagonal.eval.report.terminal.Words;

/**
 * A page for the terminal, at most 80 columns wide: title, lead, and of its brief sections what can
 * be read there. Charts are not drawn; the numbers of one that is alone in its section are.
 */
public final class TextWriter {

    private static final int WIDTH = 80;
    private static final int GAP = 2;

    private final PrintWriter out;
    private boolean afterTable;

    private TextWriter(PrintWriter out) {
        this.out = out;
    }

    /** Prints a page; flushes. */
    public static void write(Page page, PrintWriter out) {
        TextWriter writer = new TextWriter(out);
        writer.paragraph(page.title());
        page.lead().forEach(writer::paragraph);
        page.sections().stream().filter(Section::brief).forEach(writer::section);
        out.flush();
    }

    private void section(Section section) {
        for (Block block : section.blocks()) {
            if (block instanceof Listing listing) {
                table(listing.table());
            } else if (block instanceof Figure figure && section.blocks().size() == 1) {
                table(figure.table());
            } else if (block instanceof Prose prose) {
                paragraph(prose.words());
            } else if (block instanceof Notice notice) {
                paragraph(notice.words());
            } else if (block instanceof Facts facts) {
                paragraph(
                        facts.facts().stream()
                                .map(fact -> fact.name() + " " + fact.value())
                                .collect(Collectors.joining(", ")));
            }
        }
    }

    private void paragraph(String words) {
        if (afterTable) {
            out.println();
            afterTable = false;
        }
        Words.wrapped(words, WIDTH).forEach(line -> out.println(plain(line)));
    }

    /**
     * One table, or several with the first column repeated where it is too wide; those leave out
     * rows without cells.
     */
    private void table(Table table) {
        afterTable = true;
        paragraph(table.caption());
        List<Integer> columns = new ArrayList<>();
        int width = 0;
        for (int column = 0; column < table.columns().size(); column++) {
            if (column > 0 && width + GAP + width(table, column) > WIDTH) {
                print(table, columns);
                out.println();
                columns.clear();
                columns.add(0);
                width = width(table, 0);
            }
            columns.add(column);
            width += (column == 0 ? 0 : GAP) + width(table, column);
        }
        print(table, columns);
        afterTable = true;
    }

    private static int width(Table table, int column) {
        int width = table.columns().get(column).length();
        for (List<Cell> row : table.rows()) {
            width = Math.max(width, row.get(column).words().length());
        }
        return width;
    }

    private void print(Table table, List<Integer> columns) {
        TextTable text =
                new TextTable(columns.stream().map(table.columns()::get).toArray(String[]::new));
        for (int i = 0; i < columns.size(); i++) {
            if (!table.isNumeric(columns.get(i))) {
                text.left(i);
            }
        }
        boolean isPart = columns.size() < table.columns().size();
        for (List<Cell> row : table.rows()) {
            List<String> cells =
                    columns.stream().map(column -> plain(row.get(column).words())).toList();
            if (!isPart || cells.stream().skip(1).anyMatch(cell -> !cell.isEmpty())) {
                text.row(cells.toArray(String[]::new));
            }
        }
        text.write(out);
    }

    /** With spaces at which lines can break, and a minus that can be copied. */
    private static String plain(String words) {
        return words.replace('\u00A0', ' ').replace('−', '-');
    }
}
