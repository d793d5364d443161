package org.diagonal.eval.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.identity.Arm;
import org.diagonal.plugin.kernels.Precision;
import org.diagonal.plugin.kernels.Products;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StepBenchTest {

    @TempDir Path folder;

    private static StepBench.Timings timings(Arm arm, int blockSize, Double... seconds) {
        return new StepBench.Timings(
                arm,
                blockSize,
                List.of(seconds),
                List.of(0.3, 0.1, 0.2),
                6e9,
                Collections.nCopies(seconds.length + 1, 4e9),
                OptionalLong.of(5_000_000));
    }

    private static StepBench.Configuration row(StepBench.Timings one, StepBench.Timings first) {
        return one.configuration(2, false, first);
    }

    private static StepBench result() {
        StepBench.Timings eight = timings(Arm.NONE, 8, 9.0, 2.0, 1.0);
        StepBench.Timings four = timings(Arm.NONE, 4, 1.0, 2.0, 9.0, 4.0);
        return new StepBench(
                StepBench.FORM.version(),
                "tiny",
                Sizes.of(Gpt2Config.fresh(10, 8, 4, 2, 2)),
                "a formula",
                Precision.F32,
                new ProductRates(
                        OptionalDouble.of(190), OptionalDouble.empty(), OptionalDouble.of(800)),
                Products.MKL,
                "a product",
                2,
                3,
                List.of(
                        row(eight, eight),
                        row(timings(Arm.BOTH, 8, 3.0, 2.0, 9.0), eight),
                        row(four, four),
                        row(timings(Arm.BOTH, 4, 6.0), four)),
                "configuration",
                "a processor",
                new TreeMap<>(Map.of("threads", "2")));
    }

    @Test
    void stepsAreMediansAndArmsAreMeasuredAgainstTheFirstOfTheirLength() {
        List<StepBench.Configuration> rows = result().configurations();
        assertThat(rows)
                .extracting(StepBench.Configuration::stepSeconds)
                .containsExactly(2.0, 3.0, 3.0, 6.0);
        assertThat(rows)
                .extracting(StepBench.Configuration::ratio)
                .containsExactly(1.0, 1.5, 1.0, 2.0);
        assertThat(rows.get(0).tokensPerSecond()).hasValue(2 * 8 / 2.0);
        assertThat(rows.get(0).samplesPerSecond()).isEmpty();
        assertThat(rows.get(0).optimizerSeconds()).isEqualTo(0.2);
        assertThat(rows.get(0).gflopsPerSecond()).isEqualTo(3);
        assertThat(rows.get(0).gemmFraction()).isEqualTo(0.75);
    }

    @Test
    void aStepIsHeldAgainstTheProductsAroundIt() {
        StepBench.Timings drifting =
                new StepBench.Timings(
                        Arm.NONE,
                        8,
                        List.of(1.0, 2.0, 8.0),
                        List.of(0.1, 0.1, 0.1),
                        6e9,
                        List.of(16e9, 8e9, 4e9, 2e9),
                        OptionalLong.empty());
        // 6 in 12, 3 in 6, 0.75 in 3
        assertThat(row(drifting, drifting).gemmFraction()).isEqualTo(0.5);
        assertThat(row(drifting, drifting).gemmGflopsPerSecond()).isEqualTo(6);
    }

    @Test
    void theFileHoldsEveryKeyOfTheFirstRelease() throws IOException {
        JsonNode node = new ObjectMapper().readTree(StepBench.FORM.text(result()));
        assertThat(node.fieldNames())
                .toIterable()
                .containsExactly(
                        "version",
                        "model",
                        "n_layer",
                        "n_head",
                        "n_embd",
                        "n_inner",
                        "vocab_size",
                        "dropout",
                        "matrix_parameters",
                        "flops",
                        "precision",
                        "product_gflops_per_second",
                        "products",
                        "gemm",
                        "batch_size",
                        "steps",
                        "configurations",
                        "peak_resident_of",
                        "cpu",
                        "versions");
        JsonNode both = node.path("configurations").path(1);
        assertThat(both.fieldNames())
                .toIterable()
                .containsExactly(
                        "scalings",
                        "batch_size",
                        "block_size",
                        "step_seconds",
                        "ratio",
                        "tokens_per_second",
                        "flops_per_step",
                        "gflops_per_second",
                        "gemm_gflops_per_second",
                        "gemm_fraction",
                        "optimizer_seconds",
                        "peak_resident_bytes",
                        "all_step_seconds",
                        "all_gemm_gflops_per_second");
        assertThat(both.path("scalings").asText()).isEqualTo("both");
        assertThat(both.path("gemm_fraction").asDouble()).isCloseTo(0.5, within(1e-12));
        assertThat(both.path("peak_resident_bytes").asLong()).isEqualTo(5_000_000);
        assertThat(node.path("matrix_parameters").asLong()).isEqualTo(424);
        assertThat(node.path("precision").asText()).isEqualTo("f32");
        assertThat(node.path("products").asText()).isEqualTo("mkl");
        assertThat(node.path("product_gflops_per_second").toString())
                .isEqualTo("{\"mkl\":190.0,\"bf16\":800.0}");
        assertThat(node.path("versions").path("threads").asText()).isEqualTo("2");
    }

    @Test
    void aFileIsReadAsWhatWasWrittenAndAnUnknownKeyIsRefused() throws IOException {
        StepBench.FORM.write(folder, result());
        assertThat(StepBench.FORM.read(folder)).isEqualTo(result());
        Path file = folder.resolve(StepBench.FORM.file());
        Files.writeString(file, Files.readString(file).replace("\"n_head\"", "\"n_heads\""));
        assertThatThrownBy(() -> StepBench.FORM.read(folder))
                .hasMessage(file + ": key n_heads: is not known");
    }
}
