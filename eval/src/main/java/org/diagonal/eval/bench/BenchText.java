package org.diagonal.eval.bench;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import org.diagonal.eval.report.terminal.TextTable;
import org.diagonal.plugin.kernels.Precision;
import org.diagonal.plugin.kernels.Products;

/** Speeds for the terminal: a table, what its columns are, and the machine it is true of. */
public final class BenchText {

    private BenchText() {}

    /** Prints a result; flushes. */
    public static void write(BenchResult result, PrintWriter out) {
        TextTable table =
                new TextTable(
                        "Arm",
                        "B",
                        "T",
                        "Step s",
                        "Ratio",
                        result.subject().unit().equals("tokens") ? "Tokens/s" : "Samples/s",
                        "GFLOP/s",
                        "GEMM",
                        "Share",
                        "AdamW s",
                        "Peak GB");
        for (BenchResult.Row row : result.rows()) {
            table.row(
                    row.arm(),
                    Integer.toString(result.batchSize()),
                    Integer.toString(row.blockSize()),
                    format("%.3f", row.seconds()),
                    format("%.2f", result.ratio(row)),
                    format("%.1f", result.perSecond(row)),
                    format("%.1f", row.rate() / 1e9),
                    format("%.1f", row.gemmRate() / 1e9),
                    format("%.2f", row.gemmFraction()),
                    format("%.3f", row.optimizer()),
                    row.peakResident().isPresent()
                            ? format("%.2f", row.peakResident().getAsLong() / 1e9)
                            : "-");
        }
        table.write(out);
        out.println();
        columns(result, out);
        out.println();
        circumstances(result, out);
        out.flush();
    }

    private static void columns(BenchResult result, PrintWriter out) {
        String first = result.rows().get(0).arm();
        line(out, "Step s", "median of %d, after one to warm up", result.steps());
        line(out, "Ratio", "of Step s to that of %s at the same T", first);
        String name = "GFLOP/s";
        for (String counted : result.subject().counted()) {
            line(out, name, "%s", counted);
            name = "";
        }
        line(out, "GEMM", "GFLOP/s of the engine's product %s,", result.product());
        line(out, "", "measured between steps, the median");
        line(out, "Share", "of a step's GFLOP/s in GEMM's just before and after, the median");
        line(out, "AdamW s", "norm, clipping and AdamW; gradients are zeroed outside of it");
        line(
                out,
                "Peak GB",
                result.peakIsOwn()
                        ? "most resident memory of the process, for this line"
                        : "most resident memory of the process so far");
    }

    private static void circumstances(BenchResult result, PrintWriter out) {
        Map<String, String> versions = result.versions();
        String name = "Model";
        for (String words : result.subject().words()) {
            line(out, name, "%s", words);
            name = "";
        }
        line(out, "Precision", "%s", precision(result));
        line(out, "Products", "%s GFLOP/s at best in this process", result.rates().words());
        line(out, "CPU", "%s", result.cpu());
        line(
                out,
                "Device",
                "%s, %s threads",
                versions.getOrDefault("device", "-"),
                versions.getOrDefault("threads", "-"));
        String commit = versions.getOrDefault("commit", "");
        line(
                out,
                "Versions",
                "Diagonal %s%s, DJL %s, PyTorch %s",
                versions.getOrDefault("diagonal", "-"),
                commit.isEmpty() ? "" : " (commit " + commit + ")",
                versions.getOrDefault("djl", "-"),
                versions.getOrDefault("pytorch", "-"));
        line(out, "", "%s", versions.getOrDefault("java", "-"));
    }

    private static String precision(BenchResult result) {
        String library = result.rates().used() == Products.MKL ? "MKL" : "oneDNN";
        return result.precision() == Precision.F32
                ? "f32, products by " + library
                : "bf16: operands of products, everything else float32";
    }

    private static void line(PrintWriter out, String name, String words, Object... values) {
        out.println(String.format(Locale.ROOT, "%-10s", name) + format(words, values));
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
