package org.diagonal.eval.export;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.diagonal.eval.measure.MeasuredModel;
import org.diagonal.eval.report.terminal.Lines;
import org.diagonal.eval.report.terminal.TextTable;
import org.diagonal.plugin.identity.Arm;
import org.diagonal.plugin.onnx.ExportedFile;
import org.diagonal.plugin.onnx.OnnxExport;
import org.diagonal.plugin.onnx.Verification;

/** What was exported, for the terminal. */
public final class ExportText {

    private static final int NAMES = 10;

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
        Lines lines = new Lines(out, NAMES);
        differences(result.files()).write(out);
        out.println();
        result.files().forEach(file -> describe(file, folder, lines));
        lines.line("Model", "%s, %,d parameters", model.title(), result.parameters());
        lines.line("Scalings", "%s%s", result.scalings(), layers(result));
        out.flush();
    }

    /** The largest difference of every check and form. */
    private static TextTable differences(List<ExportedFile> files) {
        List<String> heads = new ArrayList<>(List.of("ONNX Runtime against DJL"));
        files.forEach(file -> heads.add(file.dtype().word()));
        TextTable table = new TextTable(heads.toArray(String[]::new));
        List<Verification.Check> checks = files.get(0).verification().checks();
        for (int i = 0; i < checks.size(); i++) {
            int check = i;
            row(
                    table,
                    checks.get(i).name(),
                    files,
                    found -> format("%.1e", found.checks().get(check).difference()));
        }
        row(table, "largest difference of a logit", files, f -> format("%.1e", f.difference()));
        row(
                table,
                "tolerance",
                files,
                found -> found.measures() ? "-" : format("%.1e", found.tolerance()));
        if (files.stream().anyMatch(file -> file.verification().tokens() > 0)) {
            row(
                    table,
                    "same most likely token",
                    files,
                    found ->
                            found.tokens() > 0 ? format("%.1f %%", 100 * found.sameTokens()) : "-");
        }
        return table;
    }

    private static void row(
            TextTable table,
            String name,
            List<ExportedFile> files,
            Function<Verification, String> value) {
        List<String> cells = new ArrayList<>(List.of(name));
        files.forEach(file -> cells.add(value.apply(file.verification())));
        table.row(cells.toArray(String[]::new));
    }

    private static void describe(ExportedFile file, Path folder, Lines lines) {
        lines.line("File", "%s%s", folder.resolve(file.dtype().file()), beside(file));
        lines.line(
                "",
                "%,.1f MB; %.1f s to write, %.1f s to check",
                file.bytes() / 1e6,
                file.writeSeconds(),
                file.verifySeconds());
        file.rounding()
                .ifPresent(
                        value ->
                                lines.line(
                                        "",
                                        "half precision moves a logit by %.1e at most, in a row of 7",
                                        value));
        file.perplexity()
                .ifPresent(
                        change -> {
                            lines.line(
                                    "",
                                    "perplexity %.4f, in DJL %.4f: %+.3f %%",
                                    change.perplexity(),
                                    change.reference(),
                                    100 * change.increase());
                            lines.line("", "on %s", change.data());
                        });
    }

    private static String beside(ExportedFile file) {
        return file.isExternal() ? " and %s_data beside it".formatted(file.dtype().fileName()) : "";
    }

    private static String layers(OnnxExport.Result result) {
        return result.scalings().equals(Arm.NONE) ? ": plain GPT-2" : "";
    }

    /** Prints what was written; flushes. */
    public static void write(
            FolderExportJob.Result result, MeasuredModel model, Path folder, PrintWriter out) {
        Lines lines = new Lines(out, NAMES);
        lines.line("Model", model.title());
        lines.line("Folder", "%s", folder);
        lines.line("", "%,.1f MB of weights", result.bytes() / 1e6);
        boolean plain = result.scalings().equals(Arm.NONE);
        lines.line(
                "Scalings",
                "%s",
                plain ? "none: plain GPT-2, for every program" : result.scalings());
        if (!plain) {
            out.println();
            out.println(ONLY_HERE);
        }
        out.flush();
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
