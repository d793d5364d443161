package org.diagonal.eval.report;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import org.diagonal.eval.job.BenchResult;
import org.diagonal.plugin.gpt2.Gpt2Config;

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
                        "Tokens/s",
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
                    format("%.1f", result.tokensPerSecond(row)),
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
        line(out, "GFLOP/s", "useful ones: 6 N B T + 6 L D B T T a step, where");
        line(out, "", "N = %,d parameters in matrix products,", result.matrixParameters());
        line(out, "", "L layers, D width; what scalings compute is not counted");
        line(out, "GEMM", "GFLOP/s of the engine's product %s,", BenchResult.product());
        line(out, "", "measured between steps, the median");
        line(out, "Share", "of a step's GFLOP/s in GEMM's just before and after, the median");
        line(out, "AdamW s", "all after the backward pass: norm, clip, AdamW, zero gradients");
        line(
                out,
                "Peak GB",
                result.peakIsOwn()
                        ? "most resident memory of the process, for this line"
                        : "most resident memory of the process so far");
    }

    private static void circumstances(BenchResult result, PrintWriter out) {
        Gpt2Config config = result.config();
        Map<String, String> versions = result.versions();
        line(
                out,
                "Model",
                "%s: %d layers, %d heads, width %d, vocabulary %,d",
                result.model(),
                config.nLayer(),
                config.nHead(),
                config.nEmbd(),
                config.vocabSize());
        line(
                out,
                "",
                "random weights, %s",
                config.residPdrop() == 0 ? "no dropout" : "dropout " + config.residPdrop());
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

    private static void line(PrintWriter out, String name, String words, Object... values) {
        out.println(String.format(Locale.ROOT, "%-10s", name) + format(words, values));
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
