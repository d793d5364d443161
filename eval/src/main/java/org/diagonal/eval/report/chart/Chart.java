package org.diagonal.eval.report.chart;

/** What a chart shows, before it is laid out. */
public interface Chart {

    /** The width of a page's column. */
    int WIDE = 720;

    /** The width of a phone's. */
    int NARROW = 328;

    /** A few words that name it. */
    String title();

    /** What it shows, for those who do not see it. */
    String description();

    /** Lays it out. */
    Picture draw(int width);
}
