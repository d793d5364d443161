package org.diagonal.eval.report.chart;

import java.util.ArrayList;
import java.util.List;
import org.diagonal.eval.report.chart.Axis.Tick;
import org.diagonal.eval.report.chart.Shape.Anchor;
import org.diagonal.eval.report.chart.Shape.Line;
import org.diagonal.eval.report.chart.Shape.Spot;

/** The frame of a chart with two axes: a legend, grid lines, numbers, and where values lie. */
final class Plot extends Sheet {

    private static final double ROW = 20;
    private static final double SWATCH = 18;
    private static final double GAP = 18;

    private final int width;
    private double y = LETTERS + 2;
    private double left;
    private double top;
    private double right;
    private double bottom;
    private Axis horizontal;
    private Axis vertical;

    Plot(int width) {
        this.width = width;
    }

    /** One name of a legend. */
    record Entry(String name, Ink ink, boolean line, boolean dot, boolean others) {}

    /** Names beside their marks, in as many rows as it takes. */
    Plot legend(List<Entry> entries) {
        double x = 0;
        for (Entry entry : entries) {
            double length = SWATCH + 6 + width(entry.name(), LETTERS);
            if (x > 0 && x + length > width) {
                x = 0;
                y += ROW;
            }
            swatch(entry, x);
            label(x + SWATCH + 6, y, entry.name(), Anchor.START, Ink.TEXT);
            x += length + GAP;
        }
        y += entries.isEmpty() ? 0 : ROW + 4;
        return this;
    }

    private void swatch(Entry entry, double x) {
        double middle = y - LETTERS / 3;
        if (entry.line()) {
            List<Spot> spots = List.of(new Spot(x, middle), new Spot(x + SWATCH, middle));
            add(new Line(spots, entry.ink(), entry.others() ? 1.5 : 2, entry.others(), false));
        }
        Spot centre = new Spot(x + SWATCH / 2, middle);
        if (entry.dot()) {
            add(new Shape.Dot(centre, 3.5, entry.ink(), entry.others(), false, ""));
        }
    }

    /** Draws both axes over the width that is left, and what they measure. */
    Plot axes(Axis across, Axis upwards, double height) {
        horizontal = across;
        vertical = upwards;
        List<Tick> rows = upwards.ticks(5);
        left = 8 + rows.stream().mapToDouble(tick -> width(tick.label(), LETTERS)).max().orElse(0);
        label(0, y, upwards.label(), Anchor.START, Ink.MUTED);
        top = y + 20;
        bottom = top + height;
        right = width - 8;
        for (Tick tick : rows) {
            double at = y(tick.value());
            add(Line.between(left, at, right, at, Ink.GRID, 1));
            label(left - 8, at + LETTERS / 3, tick.label(), Anchor.END, Ink.MUTED);
        }
        ticksBelow();
        return this;
    }

    /** A frame whose vertical places are counted, not measured. */
    Plot across(Axis across, double from, double height) {
        horizontal = across;
        left = from;
        right = width - 8;
        top = y;
        bottom = top + height;
        for (Tick tick : ticksBelow()) {
            double at = x(tick.value());
            add(Line.between(at, top, at, bottom, Ink.GRID, 1));
        }
        return this;
    }

    /** Draws the horizontal axis; returns its ticks, those whose label has no room left out. */
    private List<Tick> ticksBelow() {
        add(Line.between(left, bottom, right, bottom, Ink.AXIS, 1));
        List<Tick> drawn = new ArrayList<>();
        double free = 0;
        for (Tick tick : horizontal.ticks(isNarrow(width) ? 4 : 7)) {
            double half = width(tick.label(), LETTERS) / 2;
            double x = x(tick.value());
            double at = Math.max(half, Math.min(width - half, x));
            if (at - half >= free) {
                add(Line.between(x, bottom, x, bottom + 4, Ink.AXIS, 1));
                label(at, bottom + 18, tick.label(), Anchor.MIDDLE, Ink.MUTED);
                free = at + half + 8;
                drawn.add(tick);
            }
        }
        label(right, bottom + 36, horizontal.label(), Anchor.END, Ink.MUTED);
        return drawn;
    }

    double x(double value) {
        return left + horizontal.share(value) * (right - left);
    }

    /** Held inside the frame: what lies below a logarithmic axis ends at its foot. */
    double y(double value) {
        double share = Math.max(0, Math.min(1, vertical.share(value)));
        return bottom - share * (bottom - top);
    }

    double left() {
        return left;
    }

    double right() {
        return right;
    }

    double top() {
        return top;
    }

    double bottom() {
        return bottom;
    }

    Picture picture() {
        return picture(width, bottom + 44);
    }
}
