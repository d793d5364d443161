package org.diagonal.eval.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.TreeSet;
import org.diagonal.eval.kernel.TaskKernel.Point;
import org.diagonal.eval.kernel.TaskKernel.Summary;
import org.diagonal.eval.kernel.TrainedCurve.Trained;
import org.diagonal.eval.report.page.Table;
import org.diagonal.eval.report.page.Table.Cell;
import org.diagonal.eval.report.page.Written;

/** Losses by samples: a row for every n, a column for every curve. */
final class LossTable {

    private final TaskKernel result;
    private final boolean isDrawn;
    private final List<String> names = new ArrayList<>(List.of("n"));
    private final List<Map<Integer, Cell>> columns = new ArrayList<>();

    private LossTable(TaskKernel result) {
        this.result = result;
        this.isDrawn = result.trials() > 0;
    }

    static Table of(TaskKernel result) {
        return new LossTable(result).table();
    }

    private Table table() {
        for (Summary one : result.sweep()) {
            column(Notes.name(result.kernel(), one.a()), one.curve(), isDrawn);
        }
        if (isDrawn && result.sweep().size() == 1) {
            column("closed form", result.curve(), false);
        }
        column("MLP", result.mlp().curve(), isDrawn);
        column("MLP + XXᵀ", result.mlpXxt().curve(), isDrawn);
        for (TrainedCurve curve : result.trained()) {
            Map<Integer, Cell> cells = column(curve.label());
            for (Trained point : curve.points()) {
                cells.put(point.n(), cell(OptionalDouble.of(point.loss()), point.se()));
            }
        }
        Table.Builder table =
                Table.of(
                        "Loss on unseen symbols after n samples"
                                + (isDrawn ? " ± standard error" : ", by the closed form"),
                        names.toArray(String[]::new));
        TreeSet<Integer> all = new TreeSet<>();
        columns.forEach(column -> all.addAll(column.keySet()));
        for (int n : all) {
            List<Cell> row = new ArrayList<>(List.of(Written.countCell(n)));
            columns.forEach(column -> row.add(column.getOrDefault(n, Cell.of(""))));
            table.row(row);
        }
        return table.build();
    }

    private void column(String name, List<Point> points, boolean isDrawn) {
        Map<Integer, Cell> cells = column(name);
        for (Point point : points) {
            cells.put(
                    point.n(),
                    isDrawn
                            ? cell(point.loss(), point.se())
                            : cell(point.closedForm(), OptionalDouble.empty()));
        }
    }

    private Map<Integer, Cell> column(String name) {
        Map<Integer, Cell> cells = new TreeMap<>();
        names.add(name);
        columns.add(cells);
        return cells;
    }

    private static Cell cell(OptionalDouble loss, OptionalDouble se) {
        return Say.cell(Say.loss(loss, se), loss);
    }
}
