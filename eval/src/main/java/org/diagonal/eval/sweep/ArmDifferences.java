package org.diagonal.eval.sweep;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.diagonal.eval.measure.statistics.Interval;
import org.diagonal.eval.measure.statistics.PairedEstimate;
import org.diagonal.eval.report.page.Table;
import org.diagonal.eval.report.page.Table.Cell;
import org.diagonal.eval.report.page.Written;

/**
 * What arms differ by from the first one, at the same values of all other axes of the figure: seed
 * by seed, since trials of one seed have the same samples.
 */
final class ArmDifferences {

    private static final String ARMS = Axis.ARMS.toString();

    private final Sweep sweep;
    private final SweepFigures figures;

    private ArmDifferences(Sweep sweep) {
        this.sweep = sweep;
        this.figures = new SweepFigures(sweep);
    }

    /** A row for each value of x and arm; empty where no arms have lines, or there is one seed. */
    static Optional<Table> of(Sweep sweep) {
        boolean compares = sweep.figure().line().contains(ARMS) && sweep.settings().trials() > 1;
        List<List<Cell>> rows = compares ? new ArmDifferences(sweep).rows() : List.of();
        if (rows.isEmpty()) {
            return Optional.empty();
        }
        String caption =
                "Difference of %s from the first arm, paired by seed".formatted(sweep.metric());
        String x = sweep.figure().x();
        Table.Builder table =
                Table.of(caption, x, "Against", "Line", "Difference", "95 % interval");
        rows.forEach(table::row);
        return Optional.of(table.build());
    }

    private List<List<Cell>> rows() {
        Map<List<String>, Sweep.Point> firsts = new LinkedHashMap<>();
        List<List<Cell>> rows = new ArrayList<>();
        for (Sweep.Point point : sweep.points()) {
            Sweep.Point first = firsts.putIfAbsent(place(point), point);
            if (first != null) {
                rows.add(row(first, point));
            }
        }
        return rows;
    }

    /** The point's x, and its lines' axes but the arm. */
    private List<String> place(Sweep.Point point) {
        List<String> place = new ArrayList<>(List.of(point.at().get(sweep.figure().x())));
        for (String axis : sweep.figure().line()) {
            if (!axis.equals(ARMS)) {
                place.add(point.at().get(axis));
            }
        }
        return place;
    }

    private List<Cell> row(Sweep.Point first, Sweep.Point second) {
        List<Double> differences =
                PairedEstimate.differences(first.test().values(), second.test().values());
        double mean = PairedEstimate.mean(differences);
        Interval interval = PairedEstimate.interval(differences).orElseThrow();
        double x = figures.x(second);
        return List.of(
                Cell.of(Written.setting(x), x),
                Cell.of(first.at().get(ARMS)),
                Cell.of(figures.line(second)),
                Written.signedCell(mean, 3),
                Cell.of(Written.signedInterval(interval, 3)));
    }
}
