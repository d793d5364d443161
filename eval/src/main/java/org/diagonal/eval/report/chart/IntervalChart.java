package org.diagonal.eval.report.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.diagonal.eval.report.chart.Shape.Anchor;
import org.diagonal.eval.report.chart.Shape.Dot;
import org.diagonal.eval.report.chart.Shape.Line;
import org.diagonal.eval.report.chart.Shape.Spot;

/**
 * Estimates with their intervals, one a row.
 *
 * @param x what is estimated
 * @param rows from above
 * @param reference a value with a line of its own, such as no difference
 */
public record IntervalChart(
        String title, String description, Axis x, List<Row> rows, OptionalDouble reference)
        implements Chart {

    private static final double ROW = 34;

    /**
     * An estimate.
     *
     * @param value the estimate
     * @param low the lower end of its interval
     * @param high the upper end
     * @param singles what it was made from, such as one value a seed
     * @param hollow whether its mark is
     * @param note for readers who point at it
     */
    public record Row(
            String name,
            Ink ink,
            boolean hollow,
            double value,
            double low,
            double high,
            List<Double> singles,
            String note) {

        /** Copies the single values. */
        public Row {
            singles = List.copyOf(singles);
        }
    }

    /** Copies the rows. */
    public IntervalChart {
        rows = List.copyOf(rows);
    }

    /** All values of rows, for an axis around them. */
    public static List<Double> values(List<Row> rows) {
        List<Double> values = new ArrayList<>();
        for (Row row : rows) {
            values.addAll(List.of(row.value, row.low, row.high));
            values.addAll(row.singles);
        }
        return values;
    }

    @Override
    public Picture draw(int width) {
        double names = 14 + rows.stream().mapToDouble(row -> length(row)).max().orElse(0);
        Plot plot = new Plot(width).across(x, Math.min(names, width * 0.45), ROW * rows.size());
        reference.ifPresent(
                value -> {
                    double at = plot.x(value);
                    plot.add(Line.between(at, plot.top() - 6, at, plot.bottom(), Ink.AXIS, 1.5));
                });
        for (int i = 0; i < rows.size(); i++) {
            draw(rows.get(i), plot, plot.top() + ROW * (i + 0.5));
        }
        return plot.picture();
    }

    private static double length(Row row) {
        return Plot.width(row.name, Plot.LETTERS);
    }

    private static void draw(Row row, Plot plot, double y) {
        plot.label(0, y + Plot.LETTERS / 3, row.name, Anchor.START, Ink.TEXT);
        for (double single : row.singles) {
            Spot at = new Spot(plot.x(single), y + 9);
            plot.add(new Dot(at, 2.5, row.ink, false, true, ""));
        }
        double low = plot.x(row.low);
        double high = plot.x(row.high);
        plot.add(Line.between(low, y, high, y, row.ink, 2));
        plot.add(Line.between(low, y - 4, low, y + 4, row.ink, 2));
        plot.add(Line.between(high, y - 4, high, y + 4, row.ink, 2));
        Spot centre = new Spot(plot.x(row.value), y);
        plot.add(new Dot(centre, 4.5, row.ink, row.hollow, false, row.note));
    }
}
