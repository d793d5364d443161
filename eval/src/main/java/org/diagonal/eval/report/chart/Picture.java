package org.diagonal.eval.report.chart;

import java.util.List;

/**
 * A chart that is laid out for a width.
 *
 * @param shapes the later ones over the earlier
 */
public record Picture(double width, double height, List<Shape> shapes) {

    /** Copies the shapes. */
    public Picture {
        shapes = List.copyOf(shapes);
    }
}
