package org.diagonal.eval.report.chart;

import java.util.List;

/**
 * What pictures are made of. Lengths are in pixels of the page, y grows downwards; a note is what a
 * reader sees who points at the shape, empty for nothing.
 */
public sealed interface Shape {

    /** A place in a picture. */
    record Spot(double x, double y) {}

    /**
     * A line through some spots.
     *
     * @param width of the line
     * @param dashed whether it is interrupted
     * @param faint whether it stays behind the others
     */
    record Line(List<Spot> spots, Ink ink, double width, boolean dashed, boolean faint)
            implements Shape {

        /** Copies the spots. */
        public Line {
            spots = List.copyOf(spots);
        }

        static Line between(double x1, double y1, double x2, double y2, Ink ink, double width) {
            return new Line(List.of(new Spot(x1, y1), new Spot(x2, y2)), ink, width, false, false);
        }
    }

    /**
     * A round mark.
     *
     * @param hollow whether only its edge is drawn
     */
    record Dot(Spot at, double radius, Ink ink, boolean hollow, boolean faint, String note)
            implements Shape {}

    /** A filled rectangle in an ink. */
    record Bar(double x, double y, double width, double height, Ink ink, String note)
            implements Shape {}

    /** A filled polygon in an ink. */
    record Area(List<Spot> corners, Ink ink) implements Shape {

        /** Copies the corners. */
        public Area {
            corners = List.copyOf(corners);
        }
    }

    /** A filled rectangle in a tone of the diverging scale. */
    record Cell(double x, double y, double width, double height, Tone tone, String note)
            implements Shape {}

    /**
     * A square of many values, blue below zero and orange above, clear at zero.
     *
     * @param rows as many rows as columns
     * @param limit the magnitude from which on colours are full
     */
    record Raster(double x, double y, double side, List<List<Double>> rows, double limit)
            implements Shape {

        /** Copies the rows. */
        public Raster {
            rows = rows.stream().map(List::copyOf).toList();
        }
    }

    /** Where a label is held. */
    enum Anchor {
        /** At its beginning. */
        START,
        /** In its middle. */
        MIDDLE,
        /** At its end. */
        END
    }

    /**
     * A line of words.
     *
     * @param at the base line, where the anchor is
     * @param size of the letters
     */
    record Label(Spot at, String words, Anchor anchor, double size, Ink ink) implements Shape {}

    /** Words on a cell, which decides their colour. */
    record CellLabel(Spot at, String words, double size, Tone tone) implements Shape {}
}
