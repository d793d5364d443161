package org.diagonal.eval.report.chart;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.diagonal.eval.report.chart.Shape.Dot;
import org.diagonal.eval.report.chart.Shape.Line;
import org.diagonal.eval.report.chart.Shape.Spot;

/**
 * Series of points over two axes.
 *
 * @param series the later ones over the earlier
 * @param reference a value of the vertical axis with a line of its own
 */
public record XyChart(
        String title,
        String description,
        Axis x,
        Axis y,
        List<Series> series,
        OptionalDouble reference)
        implements Chart {

    /** Pixels by which a line is wider than one that covers it. */
    private static final double EDGE = 3;

    /** Pixels between lines of which one hides the other. */
    private static final double COVERED = 2;

    /**
     * A point with its interval.
     *
     * @param low its lower end; the value itself for none
     * @param note for readers who point at it; empty for nothing
     */
    public record Point(double x, double y, double low, double high, String note) {

        /** A point without an interval. */
        public static Point at(double x, double y) {
            return new Point(x, y, y, y, "");
        }
    }

    /** How a series is drawn. */
    public enum Style {
        /** A line. */
        LINE,
        /** A thin line behind the others. */
        FAINT,
        /** Points. */
        POINTS,
        /** Small points of single measurements, behind the mean that a series of its own shows. */
        SINGLES,
        /** A line through filled points. */
        LINE_AND_POINTS,
        /** An interrupted line through hollow points: what somebody else has measured. */
        OTHERS
    }

    /**
     * Points that belong together.
     *
     * @param name in the legend; empty for none
     */
    public record Series(String name, Ink ink, Style style, List<Point> points) {

        /** Copies the points. */
        public Series {
            points = List.copyOf(points);
        }
    }

    /** Copies the series. */
    public XyChart {
        series = List.copyOf(series);
    }

    /** The x of all points of some series, from which an axis follows. */
    public static List<Double> xs(List<Series> series) {
        return values(series, Point::x);
    }

    /** Their y; those of their intervals left out. */
    public static List<Double> ys(List<Series> series) {
        return values(series, Point::y);
    }

    private static List<Double> values(List<Series> series, Function<Point, Double> of) {
        return series.stream().flatMap(one -> one.points.stream()).map(of).toList();
    }

    @Override
    public Picture draw(int width) {
        Plot plot =
                new Plot(width)
                        .legend(
                                series.stream()
                                        .filter(one -> !one.name.isEmpty())
                                        .sorted(Comparator.comparing(XyChart::isOfOthers))
                                        .map(XyChart::entry)
                                        .toList())
                        .axes(x, y, Plot.isNarrow(width) ? 200 : 300);
        reference.ifPresent(
                value -> {
                    double at = plot.y(value);
                    plot.add(Line.between(plot.left(), at, plot.right(), at, Ink.AXIS, 1.5));
                });
        for (int i = 0; i < series.size(); i++) {
            draw(series.get(i), plot, EDGE * covering(i, plot));
        }
        return plot.picture();
    }

    /** How many later series lie on most of a line: it shows at their edges. */
    private long covering(int index, Plot plot) {
        Series one = series.get(index);
        if (one.style != Style.LINE && one.style != Style.LINE_AND_POINTS) {
            return 0;
        }
        return series.subList(index + 1, series.size()).stream()
                .filter(later -> later.style == one.style)
                .filter(later -> 4 * shared(one, later, plot) >= 3L * one.points.size())
                .count();
    }

    private static long shared(Series one, Series later, Plot plot) {
        Map<Double, Double> heights = new HashMap<>();
        later.points.forEach(point -> heights.put(point.x, plot.y(point.y)));
        return one.points.stream()
                .filter(
                        point ->
                                Math.abs(heights.getOrDefault(point.x, 1e9) - plot.y(point.y))
                                        < COVERED)
                .count();
    }

    private static boolean isOfOthers(Series one) {
        return one.style == Style.OTHERS;
    }

    private static Plot.Entry entry(Series one) {
        boolean line = one.style != Style.POINTS && one.style != Style.SINGLES;
        boolean dot = one.style != Style.LINE && one.style != Style.FAINT;
        return new Plot.Entry(one.name, one.ink, line, dot, isOfOthers(one));
    }

    private static void draw(Series one, Plot plot, double edge) {
        List<Spot> spots = new ArrayList<>();
        List<Point> points = // a step that was skipped has no loss
                one.points.stream().filter(point -> Double.isFinite(point.y)).toList();
        for (Point point : points) {
            spots.add(new Spot(plot.x(point.x), plot.y(point.y)));
        }
        if (one.style == Style.SINGLES) {
            for (int i = 0; i < spots.size(); i++) {
                plot.add(new Dot(spots.get(i), 2, one.ink, false, true, points.get(i).note));
            }
            return;
        }
        boolean others = one.style == Style.OTHERS;
        if (one.style != Style.POINTS && spots.size() > 1) {
            plot.add(
                    new Line(
                            spots,
                            one.ink,
                            (one.style == Style.LINE ? 2 : 1.5) + edge,
                            others,
                            one.style == Style.FAINT));
        }
        if (one.style == Style.LINE || one.style == Style.FAINT) {
            return;
        }
        for (int i = 0; i < spots.size(); i++) {
            Point point = points.get(i);
            Spot at = spots.get(i);
            if (point.low < point.high) {
                double low = plot.y(point.low);
                double high = plot.y(point.high);
                plot.add(Line.between(at.x(), low, at.x(), high, one.ink, 1));
                plot.add(Line.between(at.x() - 3, high, at.x() + 3, high, one.ink, 1));
                plot.add(Line.between(at.x() - 3, low, at.x() + 3, low, one.ink, 1));
            }
            plot.add(
                    new Dot(at, (others ? 3 : 3.5) + edge / 2, one.ink, others, false, point.note));
        }
    }
}
