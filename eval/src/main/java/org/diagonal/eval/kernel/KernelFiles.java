package org.diagonal.eval.kernel;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.diagonal.eval.kernel.TaskKernel.Point;
import org.diagonal.eval.kernel.TaskKernel.Summary;
import org.diagonal.eval.kernel.TrainedCurve.Trained;
import org.diagonal.eval.record.Csv;
import org.diagonal.eval.report.page.Written;
import org.diagonal.plugin.files.AtomicFiles;

/** The files of a kernel's folder: {@code kernel.json} and {@code kernel.csv}. */
public final class KernelFiles {

    /** The table's name. */
    public static final String FILE = "kernel.csv";

    private KernelFiles() {}

    /** Writes both files. */
    public static void write(Path folder, TaskKernel result) throws IOException {
        TaskKernel.FORM.write(folder, result);
        AtomicFiles.writeString(folder.resolve(FILE), csv(result));
    }

    /** Writes the record of copying and its table. */
    public static void write(Path folder, CopyKernel result) throws IOException {
        CopyKernel.FORM.write(folder, result);
        String csv =
                Csv.text(
                        List.of("width", "n", "share"),
                        result.shares().stream()
                                .map(share -> List.of(share.width(), share.n(), share.share()))
                                .toList());
        AtomicFiles.writeString(folder.resolve(FILE), csv);
    }

    /** Writes the record of all tasks and its table. */
    public static void write(Path folder, RankedTasks result) throws IOException {
        RankedTasks.FORM.write(folder, result);
        List<String> header =
                List.of("task", "predicted_n", "low", "high", "source", "trained_n", "most_n");
        List<List<Object>> rows = new ArrayList<>();
        for (RankedTasks.Entry entry : result.tasks()) {
            for (RankedTasks.Trained one : entry.trained()) {
                rows.add(
                        List.of(
                                entry.name(),
                                Csv.cell(entry.needed()),
                                Csv.cell(entry.low()),
                                Csv.cell(entry.high()),
                                one.source(),
                                Csv.cell(one.needed()),
                                one.most()));
            }
        }
        AtomicFiles.writeString(folder.resolve(FILE), Csv.text(header, rows));
    }

    private static String csv(TaskKernel result) throws IOException {
        String task = result.task().name();
        List<List<Object>> rows = new ArrayList<>();
        for (Summary one : result.sweep()) {
            rows.addAll(rows(task, "kernel", Written.setting(one.a()), one.curve()));
        }
        rows.addAll(rows(task, "mlp", "", result.mlp().curve()));
        rows.addAll(rows(task, "mlp-xxt", "", result.mlpXxt().curve()));
        for (TrainedCurve curve : result.trained()) {
            for (Trained point : curve.points()) {
                rows.add(
                        List.of(
                                task,
                                curve.label(),
                                "",
                                point.n(),
                                "",
                                point.loss(),
                                Csv.cell(point.se()),
                                ""));
            }
        }
        return Csv.text(
                List.of("task", "curve", "a", "n", "alphabet", "loss", "se", "closed_form"), rows);
    }

    private static List<List<Object>> rows(
            String task, String curve, String a, List<Point> points) {
        return points.stream()
                .map(
                        point ->
                                List.<Object>of(
                                        task,
                                        curve,
                                        a,
                                        point.n(),
                                        point.alphabet(),
                                        Csv.cell(point.loss()),
                                        Csv.cell(point.se()),
                                        Csv.cell(point.closedForm())))
                .toList();
    }
}
