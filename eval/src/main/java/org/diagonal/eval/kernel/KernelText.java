package org.diagonal.eval.kernel;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.diagonal.eval.kernel.TaskKernel.Contrast;
import org.diagonal.eval.kernel.TaskKernel.Point;
import org.diagonal.eval.kernel.TaskKernel.Summary;
import org.diagonal.eval.kernel.TaskKernel.Width;
import org.diagonal.eval.kernel.TrainedCurve.Trained;
import org.diagonal.eval.report.terminal.TextTable;
import org.diagonal.eval.report.terminal.Words;

/** A task's kernel for the terminal. */
public final class KernelText {

    private static final int WIDTH = 80;
    private static final int MOST_COLUMNS = 4;

    private final TaskKernel result;
    private final PrintWriter out;

    private KernelText(TaskKernel result, PrintWriter out) {
        this.result = result;
        this.out = out;
    }

    /** Prints tables and what must be known of them; flushes. */
    public static void write(TaskKernel result, PrintWriter out) {
        new KernelText(result, out).write();
        out.flush();
    }

    private void write() {
        kernels();
        out.println();
        losses();
        if (!result.finiteWidth().isEmpty()) {
            out.println();
            widths();
        }
        out.println();
        Notes.of(result).forEach(this::paragraph);
    }

    private void paragraph(String words) {
        Words.wrapped(words, WIDTH).forEach(out::println);
    }

    private void kernels() {
        TextTable table = new TextTable("Kernel", "λ_min", "λ_max", "cond", "d", "n for loss 0.1");
        for (Summary one : result.sweep()) {
            table.row(
                    Notes.name(result.kernel(), one.a()),
                    Say.eigenvalue(one.lambdaMin(), one.lambdaMinError()),
                    Say.brief(one.lambdaMax()),
                    condition(one),
                    Say.brief(Say.mean(one.d())),
                    Say.samples(one.needed(), one.neededError(), one.neededState()));
        }
        contrast(table, "MLP", result.mlp());
        contrast(table, "MLP + XXᵀ", result.mlpXxt());
        table.write(out);
    }

    private static String condition(Summary one) {
        if (one.condition().isPresent()) {
            return Say.brief(one.condition().getAsDouble());
        }
        return one.lambdaMin().isPresent() ? Say.INFINITE : Say.NOT_RESOLVED;
    }

    private static void contrast(TextTable table, String name, Contrast contrast) {
        List<Double> values = contrast.eigenvalues();
        double least = contrast.singular() ? 0 : values.get(0);
        double most = values.get(values.size() - 1);
        table.row(
                name,
                Say.brief(least),
                Say.brief(most),
                contrast.singular() ? Say.INFINITE : Say.brief(most / least),
                "",
                Say.samples(contrast.needed(), OptionalDouble.empty(), contrast.neededState()));
    }

    /** A column of losses by n. */
    private record Column(String name, List<Cell> cells) {

        /** A loss at n. */
        record Cell(int n, String words) {}

        String at(int n) {
            return cells.stream()
                    .filter(cell -> cell.n == n)
                    .map(Cell::words)
                    .findFirst()
                    .orElse("");
        }
    }

    private void losses() {
        boolean drawn = result.trials() > 0;
        List<Column> columns = new ArrayList<>();
        for (Summary one : result.sweep()) {
            columns.add(column(Notes.name(result.kernel(), one.a()), one.curve(), !drawn));
        }
        if (drawn && result.sweep().size() == 1) {
            columns.add(column("closed form", result.curve(), true));
        }
        columns.add(column("MLP", result.mlp().curve(), !drawn));
        columns.add(column("MLP + XXᵀ", result.mlpXxt().curve(), !drawn));
        for (TrainedCurve curve : result.trained()) {
            List<Column.Cell> cells = new ArrayList<>();
            for (Trained point : curve.points()) {
                OptionalDouble loss = OptionalDouble.of(point.loss());
                cells.add(new Column.Cell(point.n(), Say.loss(loss, point.se())));
            }
            columns.add(new Column(curve.label(), cells));
        }
        out.println(
                "Loss on unseen symbols after n samples" + (drawn ? "" : ", by the closed form"));
        for (int i = 0; i < columns.size(); i += MOST_COLUMNS) {
            out.println();
            table(columns.subList(i, Math.min(columns.size(), i + MOST_COLUMNS)));
        }
    }

    private static Column column(String name, List<Point> points, boolean closed) {
        List<Column.Cell> cells = new ArrayList<>();
        for (Point point : points) {
            String words =
                    closed
                            ? Say.loss(point.closedForm(), OptionalDouble.empty())
                            : Say.loss(point.loss(), point.se());
            cells.add(new Column.Cell(point.n(), words));
        }
        return new Column(name, cells);
    }

    private void table(List<Column> columns) {
        List<String> header = new ArrayList<>(List.of("n"));
        columns.forEach(column -> header.add(column.name()));
        TextTable table = new TextTable(header.toArray(String[]::new));
        List<Integer> all =
                columns.stream()
                        .flatMap(column -> column.cells().stream())
                        .map(Column.Cell::n)
                        .distinct()
                        .sorted()
                        .toList();
        for (int n : all) {
            List<String> row = new ArrayList<>(List.of(Say.count(n)));
            columns.forEach(column -> row.add(column.at(n)));
            table.row(row.toArray(String[]::new));
        }
        table.write(out);
    }

    private void widths() {
        out.println("Random networks of a finite width: root mean square distance from the kernel");
        out.println();
        TextTable table = new TextTable("Width", "Networks", "K_attn", "K", "mean of K");
        for (Width width : result.finiteWidth()) {
            table.row(
                    Integer.toString(width.width()),
                    Integer.toString(width.networks()),
                    Say.brief(width.attention()),
                    Say.brief(width.kernel()),
                    Say.brief(width.ofMean()));
        }
        table.write(out);
    }
}
