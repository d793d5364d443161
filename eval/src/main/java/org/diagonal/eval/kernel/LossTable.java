package org.diagonal.eval.kernel;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeSet;
import org.diagonal.eval.kernel.TaskKernel.Point;
import org.diagonal.eval.kernel.TaskKernel.Summary;
import org.diagonal.eval.kernel.TrainedCurve.Trained;
import org.diagonal.eval.report.page.Columns;
import org.diagonal.eval.report.page.Table;
import org.diagonal.eval.report.page.Table.Cell;
import org.diagonal.eval.report.page.Written;

/** Losses by samples: a row for every n, a column for every curve. */
final class LossTable {

    private final Columns<Integer> columns = new Columns<Integer>().add("n", Written::countCell);
    private final TreeSet<Integer> all = new TreeSet<>();

    private LossTable() {}

    static Table of(TaskKernel result) {
        LossTable table = new LossTable();
        boolean isDrawn = result.trials() > 0;
        for (Summary one : result.sweep()) {
            table.add(Notes.name(result.kernel(), one.a()), one.curve(), isDrawn);
        }
        if (isDrawn && result.sweep().size() == 1) {
            table.add("closed form", result.curve(), false);
        }
        table.add("MLP", result.mlp().curve(), isDrawn);
        table.add("MLP + XXᵀ", result.mlpXxt().curve(), isDrawn);
        for (TrainedCurve curve : result.trained()) {
            Map<Integer, Cell> cells = new HashMap<>();
            for (Trained point : curve.points()) {
                cells.put(point.n(), cell(OptionalDouble.of(point.loss()), point.se()));
            }
            table.add(curve.label(), cells);
        }
        return table.columns.table(
                "Loss on unseen symbols after n samples"
                        + (isDrawn ? " ± standard error" : ", by the closed form"),
                List.copyOf(table.all));
    }

    private void add(String name, List<Point> points, boolean isDrawn) {
        Map<Integer, Cell> cells = new HashMap<>();
        for (Point point : points) {
            cells.put(
                    point.n(),
                    isDrawn
                            ? cell(point.loss(), point.se())
                            : cell(point.closedForm(), OptionalDouble.empty()));
        }
        add(name, cells);
    }

    private void add(String name, Map<Integer, Cell> cells) {
        all.addAll(cells.keySet());
        columns.add(name, n -> cells.getOrDefault(n, Cell.of("")));
    }

    private static Cell cell(OptionalDouble loss, OptionalDouble se) {
        return Say.cell(Say.loss(loss, se), loss);
    }
}
