package org.diagonal.eval.export;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import org.diagonal.eval.measure.MeasuredModel;
import org.diagonal.eval.report.terminal.TextTable;
import org.diagonal.plugin.identity.Arm;
import org.diagonal.plugin.onnx.OnnxExport;
import org.diagonal.plugin.onnx.OnnxModel;
import org.diagonal.plugin.onnx.Verification;

/** What was exported, for the terminal. */
public final class ExportText {

    private static final String ONLY_HERE =
            """
            Only Diagonal computes these scalings. Other programs, transformers among them,
            load the folder but ignore wkwq_id_mult, wvwo_id_mult and mask_diag_wkwq in
            config.json, and the tensors wkwq_id_scalings and wvwo_id_scalings (at most
            they warn that these were not used): they compute plain GPT-2, which is another
            model. The format onnx gives other programs the whole one.""";

    private ExportText() {}

    /** Prints what was written and how far it is from DJL; flushes. */
    public static void write(
            OnnxExport.Result result, MeasuredModel model, Path folder, PrintWriter out) {
        Verification verification = result.verification();
        TextTable table = new TextTable("ONNX Runtime against DJL", "Largest difference");
        for (Verification.Check check : verification.checks()) {
            table.row(check.name(), format("%.1e", check.difference()));
        }
        table.row("all", format("%.1e", verification.difference()));
        table.row("tolerance", format("%.1e", verification.tolerance()));
        table.write(out);
        out.println();
        line(out, "Model", "%s", model.title());
        line(out, "File", "%s%s", folder.resolve(OnnxModel.FILE), beside(result));
        line(out, "", "%,.1f MB, %,d parameters", result.bytes() / 1e6, result.parameters());
        line(out, "Scalings", "%s%s", result.scalings(), layers(result));
        result.rounding()
                .ifPresent(
                        value ->
                                line(
                                        out,
                                        "Rounding",
                                        "half precision moves a logit by %.1e at most, in a row of 7",
                                        value));
        line(
                out,
                "Time",
                "%.1f s to write, %.1f s to check",
                result.writeSeconds(),
                result.verifySeconds());
        out.flush();
    }

    private static String beside(OnnxExport.Result result) {
        return result.isExternal() ? " and model.onnx_data beside it" : "";
    }

    private static String layers(OnnxExport.Result result) {
        return result.scalings() == Arm.NONE ? ": plain GPT-2" : "";
    }

    /** Prints what was written; flushes. */
    public static void write(
            FolderExportJob.Result result, MeasuredModel model, Path folder, PrintWriter out) {
        line(out, "Model", "%s", model.title());
        line(out, "Folder", "%s", folder);
        line(out, "", "%,.1f MB of weights", result.bytes() / 1e6);
        boolean plain = result.scalings() == Arm.NONE;
        line(
                out,
                "Scalings",
                "%s",
                plain ? "none: plain GPT-2, for every program" : result.scalings());
        if (!plain) {
            out.println();
            out.println(ONLY_HERE);
        }
        out.flush();
    }

    private static void line(PrintWriter out, String name, String words, Object... values) {
        out.println(format("%-10s", name) + format(words, values));
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
