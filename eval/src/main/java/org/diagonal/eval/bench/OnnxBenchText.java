package org.diagonal.eval.bench;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import org.diagonal.eval.report.terminal.TextTable;
import org.diagonal.plugin.identity.Arm;

/** Speeds with ONNX Runtime for the terminal. */
public final class OnnxBenchText {

    private OnnxBenchText() {}

    /** Prints a result; flushes. */
    public static void write(OnnxBenchResult result, PrintWriter out) {
        TextTable table =
                new TextTable(
                        "Arm",
                        "Token ms",
                        "Ratio",
                        "ONNX s",
                        "DJL s",
                        "Ratio",
                        "Write s",
                        "Check s",
                        "File MB",
                        "Heap MB");
        for (OnnxBenchResult.Row row : result.rows()) {
            table.row(
                    row.arm().toString(),
                    format("%.2f", row.token() * 1e3),
                    format("%.2f", result.ratio(row)),
                    format("%.3f", row.onnx()),
                    format("%.3f", row.djl()),
                    format("%.2f", row.onnx() / row.djl()),
                    format("%.2f", row.writeSeconds()),
                    format("%.2f", row.verifySeconds()),
                    format("%.1f", row.bytes() / 1e6),
                    format("%.0f", row.peakHeap() / 1e6));
        }
        table.write(out);
        out.println();
        Arm first = result.rows().get(0).arm();
        line(
                out,
                "Token ms",
                "a token decoded after %d in the cache, the median of %d",
                result.past(),
                result.rows().get(0).tokenSeconds().size());
        line(out, "Ratio", "of Token ms to that of %s; then of ONNX s to DJL s", first);
        line(
                out,
                "ONNX s",
                "nats of a window of %d tokens, the median of %d",
                result.context(),
                result.rows().get(0).onnxSeconds().size());
        line(out, "Write s", "of the export; Check s is its comparison with DJL");
        line(out, "File MB", "%s of 4 bytes a parameter", ratios(result));
        line(out, "Heap MB", "most in use during the export, garbage counted");
        out.println();
        circumstances(result, out);
        out.flush();
    }

    private static String ratios(OnnxBenchResult result) {
        double largest =
                result.rows().stream().mapToDouble(OnnxBenchResult.Row::fileRatio).max().orElse(0);
        return format("at most %.4f", largest);
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
