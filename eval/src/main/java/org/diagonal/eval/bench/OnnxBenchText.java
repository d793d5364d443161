package org.diagonal.eval.bench;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import org.diagonal.eval.report.terminal.TextTable;

/** Speeds with ONNX Runtime for the terminal. */
public final class OnnxBenchText {

    private OnnxBenchText() {}

    /** Prints a result; flushes. */
    public static void write(OnnxBenchResult result, PrintWriter out) {
        OnnxBenchResult.Row first = result.rows().get(0);
        String form = first.dtype().word();
        TextTable table =
                new TextTable(
                        "Arm",
                        "Dtype",
                        "Token ms",
                        "/" + form,
                        "/" + first.arm(),
                        "Prompt/s",
                        "Write s",
                        "Check s",
                        "File MB",
                        "/" + form);
        for (OnnxBenchResult.Row row : result.rows()) {
            table.row(
                    row.arm().toString(),
                    row.dtype().word(),
                    format("%.2f", row.token() * 1e3),
                    format("%.2f", result.formRatio(row)),
                    format("%.2f", result.armRatio(row)),
                    format("%.0f", result.promptSpeed(row)),
                    format("%.2f", row.writeSeconds()),
                    format("%.2f", row.verifySeconds()),
                    format("%.1f", row.bytes() / 1e6),
                    format("%.3f", result.sizeRatio(row)));
        }
        table.write(out);
        out.println();
        line(
                out,
                "Token ms",
                "a token decoded after %d in the cache, the median of %d",
                result.past(),
                first.tokenSeconds().size());
        line(
                out,
                "Prompt/s",
                "tokens a second of a prompt of %d, the median of %d",
                result.past(),
                first.promptSeconds().size());
        line(out, "/" + form, "of Token ms, then of File MB, to the same arm's %s", form);
        line(out, "/" + first.arm(), "of Token ms to %s in the same form", first.arm());
        line(out, "Write s", "of the export; Check s is its comparison with DJL");
        for (OnnxBenchResult.Row row : result.rows()) {
            row.windows().ifPresent(windows -> window(result, row, windows, out));
        }
        line(
                out,
                "Heap",
                "at most %.0f MB in use during the export, garbage counted",
                result.rows().stream().mapToLong(OnnxBenchResult.Row::peakHeap).max().orElse(0)
                        / 1e6);
        out.println();
        circumstances(result, out);
        out.flush();
    }

    private static void window(
            OnnxBenchResult result,
            OnnxBenchResult.Row row,
            OnnxBenchResult.Windows windows,
            PrintWriter out) {
        line(
                out,
                "Window",
                "%s: nats of %d tokens take %.3f s in %s, %.3f s in DJL: %.2f",
                row.arm(),
                result.context(),
                windows.onnx(),
                row.dtype().word(),
                windows.djl(),
                windows.onnx() / windows.djl());
    }

    private static void circumstances(OnnxBenchResult result, PrintWriter out) {
        Map<String, String> versions = result.versions();
        line(out, "Model", "%s", result.subject().words().get(0));
        line(out, "", "random weights and scalings");
        line(out, "CPU", "%s", result.cpu());
        line(out, "Threads", "%s", versions.getOrDefault("threads", "-"));
        String commit = versions.getOrDefault("commit", "");
        line(
                out,
                "Versions",
                "Diagonal %s%s, DJL %s, PyTorch %s, ONNX Runtime %s",
                versions.getOrDefault("diagonal", "-"),
                commit.isEmpty() ? "" : " (commit " + commit + ")",
                versions.getOrDefault("djl", "-"),
                versions.getOrDefault("pytorch", "-"),
                versions.getOrDefault("onnxruntime", "-"));
        line(out, "", "%s", versions.getOrDefault("java", "-"));
    }

    private static void line(PrintWriter out, String name, String words, Object... values) {
        out.println(format("%-10s", name) + format(words, values));
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
