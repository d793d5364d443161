package org.diagonal.eval.report.chart;

import java.util.ArrayList;
import java.util.List;

/**
 * Signed values side by side, as bars from zero.
 *
 * @param label what the values measure
 * @param beside what is counted along the chart
 * @param below the ink of values below zero
 * @param above the ink of the others
 * @param bars from the left
 */
public record BarChart(
        String title,
        String description,
        String label,
        String beside,
        Ink below,
        Ink above,
        List<Bar> bars)
        implements Chart {

    /**
     * One value.
     *
     * @param note for readers who point at it
     */
    public record Bar(double value, String note) {}

    /** Copies the bars. */
    public BarChart {
        bars = List.copyOf(bars);
    }

    @Override
    public Picture draw(int width) {
        List<Double> values = new ArrayList<>(bars.stream().map(Bar::value).toList());
        values.add(0.0);
        Axis x = new Axis(beside, Axis.Scale.LINEAR, 0, bars.size());
        Axis y = Axis.around(label, Axis.Scale.LINEAR, values);
        Plot plot = new Plot(width).axes(x, y, Plot.isNarrow(width) ? 180 : 240);
        double zero = plot.y(0);
        double step = (plot.right() - plot.left()) / bars.size();
        double gap = step > 3 ? 1 : 0;
        for (int i = 0; i < bars.size(); i++) {
            Bar bar = bars.get(i);
            double at = plot.y(bar.value);
            double height = Math.max(0.5, Math.abs(at - zero));
            plot.add(
                    new Shape.Bar(
                            plot.left() + i * step,
                            Math.min(at, zero),
                            Math.max(0.5, step - gap),
                            height,
                            bar.value < 0 ? below : above,
                            bar.note));
        }
        plot.add(Shape.Line.between(plot.left(), zero, plot.right(), zero, Ink.AXIS, 1));
        return plot.picture();
    }
}
