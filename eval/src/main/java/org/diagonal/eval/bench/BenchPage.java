package org.diagonal.eval.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.StringJoiner;
import org.diagonal.eval.report.page.Block;
import org.diagonal.eval.report.page.Block.Listing;
import org.diagonal.eval.report.page.Block.Prose;
import org.diagonal.eval.report.page.Columns;
import org.diagonal.eval.report.page.Page;
import org.diagonal.eval.report.page.Page.Section;
import org.diagonal.eval.report.page.Table;
import org.diagonal.eval.report.page.Table.Cell;
import org.diagonal.eval.report.page.Written;
import org.diagonal.plugin.kernels.Precision;
import org.diagonal.plugin.kernels.Products;

/** The report of a benchmark: a table, what its columns are, and the machine it is true of. */
public final class BenchPage {

    private BenchPage() {}

    /** Of training steps. */
    public static Page of(StepBench bench) {
        double dropout = bench.sizes().dropout().orElse(0);
        List<Block> where = new ArrayList<>();
        where.add(prose("Precision: %s", precision(bench)));
        where.add(
                prose(
                        "Products: at best %s GFLOP/s in this process",
                        rates(bench.productGflopsPerSecond())));
        where.addAll(machine(bench.cpu(), bench.versions()));
        return page(
                bench.model() + ": " + bench.sizes().words(),
                dropout == 0 ? "Random weights, no dropout." : "Random weights, dropout " + dropout,
                List.of(new Listing(table(bench))),
                columns(bench),
                where);
    }

    /** Of exports in ONNX Runtime. */
    public static Page of(OnnxBench bench) {
        return page(
                bench.model() + ": " + bench.sizes().words(),
                "Random weights and scalings.",
                List.of(new Listing(speed(bench)), new Listing(export(bench))),
                columns(bench),
                machine(bench.cpu(), bench.versions()));
    }

    private static Page page(
            String title, String lead, List<Block> tables, List<Block> columns, List<Block> where) {
        return new Page(
                "bench",
                "Benchmark",
                title,
                List.of(lead),
                List.of(
                        Section.brief("Speed", tables),
                        Section.brief("Columns", columns),
                        Section.brief("Where it was measured", where)));
    }

    private static Table table(StepBench bench) {
        boolean tokens = bench.configurations().get(0).tokensPerSecond().isPresent();
        return new Columns<StepBench.Configuration>()
                .add("Arm", row -> Cell.of(row.scalings().toString()))
                .add("B", row -> Written.countCell(row.batchSize()))
                .add("T", row -> Written.countCell(row.blockSize()))
                .add("Step s", row -> Written.cell(row.stepSeconds(), 3))
                .add("Ratio", row -> Written.cell(row.ratio(), 2))
                .add(tokens ? "Tokens/s" : "Samples/s", row -> Written.cell(row.perSecond(), 1))
                .add("GFLOP/s", row -> Written.cell(row.gflopsPerSecond(), 1))
                .add("GEMM", row -> Written.cell(row.gemmGflopsPerSecond(), 1))
                .add("Share", row -> Written.cell(row.gemmFraction(), 2))
                .add("AdamW s", row -> Written.cell(row.optimizerSeconds(), 3))
                .add("Peak GB", row -> gigabytes(row.peakResidentBytes()))
                .table("Training steps", bench.configurations());
    }

    private static Cell gigabytes(OptionalLong bytes) {
        return bytes.isPresent() ? Written.cell(bytes.getAsLong() / 1e9, 2) : Cell.of("-");
    }

    private static List<Block> columns(StepBench bench) {
        String counted =
                bench.sizes().matrixParameters().isPresent()
                        ? " (%,d)".formatted(bench.sizes().matrixParameters().getAsLong())
                        : "";
        return List.of(
                prose("Step s: median of %d, after one to warm up", bench.steps()),
                prose(
                        "Ratio: Step s by that of %s at the same T",
                        bench.configurations().get(0).scalings()),
                prose(
                        "GFLOP/s: useful operations, %s%s; what the scalings compute is not counted",
                        bench.flops(), counted),
                prose(
                        "GEMM: GFLOP/s of the engine's product %s, the median between steps",
                        bench.gemm()),
                prose("Share: a step's GFLOP/s by GEMM just before and after it, the median"),
                prose("AdamW s: norm, clipping and AdamW, without zeroing the gradients"),
                prose(
                        "Peak GB: most resident memory of the process, %s",
                        bench.peakResidentOf().equals("configuration")
                                ? "for this row"
                                : "up to this row"));
    }

    private static Table speed(OnnxBench bench) {
        OnnxBench.Configuration first = bench.configurations().get(0);
        String form = "/" + first.dtype().word();
        String arm = "/" + first.scalings();
        return new Columns<OnnxBench.Configuration>()
                .add("Arm", row -> Cell.of(row.scalings().toString()))
                .add("Dtype", row -> Cell.of(row.dtype().word()))
                .add("Token ms", row -> Written.cell(row.tokenSeconds() * 1e3, 2))
                .add(form, row -> Written.cell(row.tokenRatioOfForms(), 2))
                .add(arm, row -> Written.cell(row.tokenRatio(), 2))
                .add("Later ms", row -> Written.cell(row.afterPromptSeconds() * 1e3, 2))
                .add(form, row -> Written.cell(row.afterPromptRatioOfForms(), 2))
                .add(arm, row -> Written.cell(row.afterPromptRatio(), 2))
                .add("Prompt/s", row -> Written.cell(row.promptTokensPerSecond(), 0))
                .add("File MB", row -> Written.cell(row.fileBytes() / 1e6, 1))
                .table("ONNX Runtime", bench.configurations());
    }

    private static Table export(OnnxBench bench) {
        String form = bench.configurations().get(0).dtype().word();
        return new Columns<OnnxBench.Configuration>()
                .add("Arm", row -> Cell.of(row.scalings().toString()))
                .add("Dtype", row -> Cell.of(row.dtype().word()))
                .add("Write s", row -> Written.cell(row.exportWriteSeconds(), 2))
                .add("Check s", row -> Written.cell(row.exportVerifySeconds(), 2))
                .add("File/" + form, row -> Written.cell(row.fileRatioOfForms(), 3))
                .table("Export", bench.configurations());
    }

    private static List<Block> columns(OnnxBench bench) {
        OnnxBench.Configuration first = bench.configurations().get(0);
        String form = first.dtype().word();
        List<Block> columns = new ArrayList<>();
        columns.add(
                prose(
                        "Token ms: one token decoded after %d in the cache, median of %d; Later ms:"
                                + " after %d",
                        bench.past(), first.allTokenSeconds().size(), bench.prompt()));
        columns.add(
                prose(
                        "/%s: the time before it by that of the same arm in %s; /%s: by that of %s"
                                + " in the same form",
                        form, form, first.scalings(), first.scalings()));
        columns.add(
                prose(
                        "Prompt/s: tokens a second of a prompt of %d, median of %d",
                        bench.prompt(), first.allPromptSeconds().size()));
        columns.add(prose("Write s: of the export; Check s: of its comparison with DJL"));
        bench.configurations().stream()
                .filter(row -> row.windowRatio().isPresent())
                .forEach(row -> columns.addAll(againstDjl(bench, row)));
        columns.add(
                prose(
                        "Heap: at most %.0f MB in use during the export, garbage counted",
                        bench.configurations().stream()
                                        .mapToLong(OnnxBench.Configuration::exportPeakHeapBytes)
                                        .max()
                                        .orElse(0)
                                / 1e6));
        return columns;
    }

    private static List<Block> againstDjl(OnnxBench bench, OnnxBench.Configuration row) {
        return List.of(
                prose(
                        "Window: %s evaluates %d tokens in %.3f s in %s, %.3f s in DJL: %.2f",
                        row.scalings(),
                        bench.context(),
                        row.onnxWindowSeconds().orElseThrow(),
                        row.dtype().word(),
                        row.djlWindowSeconds().orElseThrow(),
                        row.windowRatio().getAsDouble()),
                prose(
                        "Generate: %s takes %.2f ms a token after %d in %s, %.2f ms in DJL: %.2f",
                        row.scalings(),
                        row.onnxTokenSeconds().orElseThrow() * 1e3,
                        bench.prompt(),
                        row.dtype().word(),
                        row.djlTokenSeconds().orElseThrow() * 1e3,
                        row.runtimeRatio().getAsDouble()));
    }

    private static List<Block> machine(String cpu, Map<String, String> versions) {
        String commit = versions.getOrDefault("commit", "");
        String onnx = versions.getOrDefault("onnxruntime", "");
        return List.of(
                prose("CPU: %s", cpu),
                prose(
                        "Device: %s, %s threads",
                        versions.getOrDefault("device", "-"),
                        versions.getOrDefault("threads", "-")),
                prose(
                        "Versions: Diagonal %s%s, DJL %s, PyTorch %s%s, %s",
                        versions.getOrDefault("diagonal", "-"),
                        commit.isEmpty() ? "" : " (commit " + commit + ")",
                        versions.getOrDefault("djl", "-"),
                        versions.getOrDefault("pytorch", "-"),
                        onnx.isEmpty() ? "" : ", ONNX Runtime " + onnx,
                        versions.getOrDefault("java", "-")));
    }

    private static String precision(StepBench bench) {
        if (bench.precision() == Precision.F32) {
            return "f32, products by " + (bench.products() == Products.MKL ? "MKL" : "oneDNN");
        }
        return "bf16 for the operands of products, everything else float32";
    }

    private static String rates(ProductRates rates) {
        StringJoiner words = new StringJoiner(", ");
        rates.mkl().ifPresent(value -> words.add("MKL " + Written.fixed(value, 0)));
        rates.onednn().ifPresent(value -> words.add("oneDNN " + Written.fixed(value, 0)));
        rates.bf16().ifPresent(value -> words.add("bfloat16 " + Written.fixed(value, 0)));
        return words.toString();
    }

    private static Prose prose(String words, Object... values) {
        return new Prose(String.format(Locale.ROOT, words, values));
    }
}
