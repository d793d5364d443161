package org.diagonal.eval.report.chart;

import java.util.ArrayList;
import java.util.List;
import org.diagonal.eval.report.chart.Shape.Anchor;
import org.diagonal.eval.report.chart.Shape.Cell;
import org.diagonal.eval.report.chart.Shape.Label;
import org.diagonal.eval.report.chart.Shape.Line;
import org.diagonal.eval.report.chart.Shape.Spot;

/** What a chart is laid out on: shapes, the later ones over the earlier. */
class Sheet {

    static final double LETTERS = 12;

    private final List<Shape> shapes = new ArrayList<>();

    /** About as wide as words are in most typefaces. */
    static double width(String words, double size) {
        return 0.58 * size * words.codePointCount(0, words.length());
    }

    static boolean isNarrow(int width) {
        return width < 500;
    }

    final void add(Shape shape) {
        shapes.add(shape);
    }

    final void label(double x, double y, String words, Anchor anchor, Ink ink) {
        add(new Label(new Spot(x, y), words, anchor, LETTERS, ink));
    }

    /** The edges of a square. */
    final void frame(double x, double y, double side) {
        List<Spot> corners =
                List.of(
                        new Spot(x, y),
                        new Spot(x + side, y),
                        new Spot(x + side, y + side),
                        new Spot(x, y + side),
                        new Spot(x, y));
        add(new Line(corners, Ink.GRID, 1, false, false));
    }

    /** The diverging scale from its lowest tone to its highest. */
    final void scale(double x, double y, double width, double height) {
        double step = width / (2 * Tone.STEPS + 1);
        for (int level = -Tone.STEPS; level <= Tone.STEPS; level++) {
            double from = x + (level + Tone.STEPS) * step;
            add(new Cell(from, y, step + 0.3, height, new Tone(level), ""));
        }
    }

    final Picture picture(double width, double height) {
        return new Picture(width, height, shapes);
    }
}
