package org.diagonal.eval.kernel;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.diagonal.eval.kernel.TaskKernel.Point;
import org.diagonal.eval.kernel.TaskKernel.Summary;
import org.diagonal.eval.kernel.TrainedCurve.Trained;
import org.diagonal.eval.report.page.Written;
import org.diagonal.plugin.files.AtomicFiles;

/** The files of a kernel's folder: {@code kernel.json} and {@code kernel.csv}. */
public final class KernelFiles {

    /** The table's name. */
    public static final String FILE = "kernel.csv";

    private static final CSVFormat FORMAT =
            CSVFormat.DEFAULT
                    .builder()
                    .setRecordSeparator('\n')
                    .setHeader("task", "curve", "a", "n", "alphabet", "loss", "se", "closed_form")
                    .get();

    private KernelFiles() {}

    /** Writes both files. */
    public static void write(Path folder, TaskKernel result) throws IOException {
        TaskKernel.FORM.write(folder, result);
        AtomicFiles.writeString(folder.resolve(FILE), csv(result));
    }

    /** Writes the record of copying and its table. */
    public static void write(Path folder, CopyKernel result) throws IOException {
        CopyKernel.FORM.write(folder, result);
        StringWriter text = new StringWriter();
        CSVFormat format = FORMAT.builder().setHeader("width", "n", "share").get();
        try (CSVPrinter printer = new CSVPrinter(text, format)) {
            for (CopyKernel.Share share : result.shares()) {
                printer.printRecord(share.width(), share.n(), share.share());
            }
        }
        AtomicFiles.writeString(folder.resolve(FILE), text.toString());
    }

    /** Writes the record of all tasks and its table. */
    public static void write(Path folder, RankedTasks result) throws IOException {
        RankedTasks.FORM.write(folder, result);
        StringWriter text = new StringWriter();
        CSVFormat format =
                FORMAT.builder()
                        .setHeader(
                                "task",
                                "predicted_n",
                                "low",
                                "high",
                                "source",
                                "trained_n",
                                "most_n")
                        .get();
        try (CSVPrinter printer = new CSVPrinter(text, format)) {
            for (RankedTasks.Entry entry : result.tasks()) {
                for (RankedTasks.Trained one : entry.trained()) {
                    printer.printRecord(
                            entry.name(),
                            words(entry.needed()),
                            words(entry.low()),
                            words(entry.high()),
                            one.source(),
                            words(one.needed()),
                            one.most());
                }
            }
        }
        AtomicFiles.writeString(folder.resolve(FILE), text.toString());
    }

    private static String csv(TaskKernel result) throws IOException {
        StringWriter text = new StringWriter();
        try (CSVPrinter printer = new CSVPrinter(text, FORMAT)) {
            String task = result.task().name();
            for (Summary one : result.sweep()) {
                rows(printer, task, "kernel", Written.setting(one.a()), one.curve());
            }
            rows(printer, task, "mlp", "", result.mlp().curve());
            rows(printer, task, "mlp-xxt", "", result.mlpXxt().curve());
            for (TrainedCurve curve : result.trained()) {
                for (Trained point : curve.points()) {
                    printer.printRecord(
                            task,
                            curve.label(),
                            "",
                            point.n(),
                            "",
                            point.loss(),
                            words(point.se()),
                            "");
                }
            }
        }
        return text.toString();
    }

    private static void rows(
            CSVPrinter printer, String task, String curve, String a, List<Point> points)
            throws IOException {
        for (Point point : points) {
            printer.printRecord(
                    task,
                    curve,
                    a,
                    point.n(),
                    point.alphabet(),
                    words(point.loss()),
                    words(point.se()),
                    words(point.closedForm()));
        }
    }

    private static Object words(OptionalDouble value) {
        return value.isPresent() ? value.getAsDouble() : "";
    }
}
