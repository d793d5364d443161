package org.diagonal.eval.report.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.diagonal.eval.report.chart.Shape.Anchor;

/** Square matrices side by side, each on its own scale from blue over clear to orange. */
public record Matrices(String title, String description, List<Panel> panels) implements Chart {

    private static final double GAP = 24;
    private static final double NAME = 20;
    private static final double BELOW = 44;
    private static final double LARGEST = 330;
    private static final double BAR = 8;

    /**
     * One matrix.
     *
     * @param rows as many rows as columns
     * @param low the value that is full blue
     * @param high the value that is full orange
     */
    public record Panel(String name, List<List<Double>> rows, double low, double high) {

        /** Copies the rows; refuses a scale without length. */
        public Panel {
            rows = rows.stream().map(List::copyOf).toList();
            if (!(low < high)) {
                throw new IllegalArgumentException(
                        "a scale goes from less to more: %s to %s".formatted(low, high));
            }
        }
    }

    /** Copies the panels. */
    public Matrices {
        panels = List.copyOf(panels);
    }

    @Override
    public Picture draw(int width) {
        int columns = Sheet.isNarrow(width) ? 1 : panels.size();
        double side = Math.min(LARGEST, (width - (columns - 1) * GAP) / columns);
        double height = NAME + side + BELOW;
        Sheet sheet = new Sheet();
        for (int i = 0; i < panels.size(); i++) {
            double x = i % columns * (side + GAP);
            int row = i / columns;
            draw(panels.get(i), x, row * (height + GAP), side, sheet);
        }
        int rows = (panels.size() + columns - 1) / columns;
        return sheet.picture(width, rows * (height + GAP) - GAP);
    }

    private static void draw(Panel panel, double x, double y, double side, Sheet sheet) {
        sheet.label(x, y + 12, panel.name, Anchor.START, Ink.TEXT);
        double top = y + NAME;
        double middle = (panel.low + panel.high) / 2;
        double limit = (panel.high - panel.low) / 2;
        List<List<Double>> centred = new ArrayList<>();
        for (List<Double> row : panel.rows) {
            centred.add(row.stream().map(value -> value - middle).toList());
        }
        sheet.add(new Shape.Raster(x, top, side, centred, limit));
        sheet.frame(x, top, side);
        double foot = top + side + 8;
        sheet.scale(x, foot, side, BAR);
        sheet.label(x, foot + BAR + 15, words(panel.low), Anchor.START, Ink.MUTED);
        sheet.label(x + side, foot + BAR + 15, words(panel.high), Anchor.END, Ink.MUTED);
    }

    private static String words(double value) {
        return String.format(Locale.ROOT, "%.4g", value).replace('-', '−');
    }
}
