package org.diagonal.eval.report.chart;

import java.util.List;
import org.diagonal.eval.report.chart.Shape.Anchor;
import org.diagonal.eval.report.chart.Shape.Cell;
import org.diagonal.eval.report.chart.Shape.CellLabel;
import org.diagonal.eval.report.chart.Shape.Spot;

/**
 * Values of two settings' combinations as shades, the first row below.
 *
 * @param across the setting along
 * @param columns its values
 * @param upwards the setting upwards
 * @param rows its values
 * @param cells for every row, a cell for every column
 */
public record GridMap(
        String title,
        String description,
        String across,
        List<String> columns,
        String upwards,
        List<String> rows,
        List<List<Shade>> cells)
        implements Chart {

    private static final double HEIGHT = 34;
    private static final double TOP = 24;
    private static final double SMALL = 10.5;

    /**
     * A cell.
     *
     * @param value NaN for none
     * @param words its value for readers; empty for none
     * @param note for readers who point at it
     */
    public record Shade(double value, String words, String note) {}

    /** Copies; refuses rows of other lengths. */
    public GridMap {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
        cells = cells.stream().map(List::copyOf).toList();
        int width = columns.size();
        if (cells.size() != rows.size() || cells.stream().anyMatch(row -> row.size() != width)) {
            throw new IllegalArgumentException(
                    "a map needs a cell for each of %d x %d combinations"
                            .formatted(rows.size(), columns.size()));
        }
    }

    @Override
    public Picture draw(int width) {
        Sheet sheet = new Sheet();
        double left =
                8
                        + rows.stream()
                                .mapToDouble(row -> Sheet.width(row, Sheet.LETTERS))
                                .max()
                                .orElse(0);
        double size = Math.min(96, (width - left - 4) / columns.size());
        double limit =
                cells.stream()
                        .flatMap(List::stream)
                        .mapToDouble(Shade::value)
                        .filter(Double::isFinite)
                        .max()
                        .orElse(1);
        sheet.label(0, 12, upwards, Anchor.START, Ink.MUTED);
        for (int row = 0; row < rows.size(); row++) {
            double y = TOP + (rows.size() - 1 - row) * HEIGHT;
            sheet.label(left - 8, y + HEIGHT / 2 + 4, rows.get(row), Anchor.END, Ink.MUTED);
            for (int column = 0; column < columns.size(); column++) {
                Shade shade = cells.get(row).get(column);
                if (!Double.isNaN(shade.value)) {
                    Tone tone = Tone.of(shade.value, limit);
                    double x = left + column * size;
                    sheet.add(new Cell(x, y, size - 1, HEIGHT - 1, tone, shade.note));
                    if (Sheet.width(shade.words, SMALL) < size - 4) {
                        Spot at = new Spot(x + size / 2, y + HEIGHT / 2 + 3.5);
                        sheet.add(new CellLabel(at, shade.words, SMALL, tone));
                    }
                }
            }
        }
        double foot = TOP + rows.size() * HEIGHT;
        double free = 0;
        for (int column = 0; column < columns.size(); column++) {
            double half = Sheet.width(columns.get(column), Sheet.LETTERS) / 2;
            double x = Math.min(width - half, left + (column + 0.5) * size);
            if (x - half >= free) {
                sheet.label(x, foot + 16, columns.get(column), Anchor.MIDDLE, Ink.MUTED);
                free = x + half + 6;
            }
        }
        sheet.label(left + columns.size() * size, foot + 34, across, Anchor.END, Ink.MUTED);
        return sheet.picture(width, foot + 42);
    }
}
