package org.diagonal.eval.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.kernels.Precision;
import org.diagonal.plugin.kernels.Products;
import org.junit.jupiter.api.Test;

final class BenchResultTest {

    private static BenchResult.Row row(String arm, int blockSize, Double... seconds) {
        return new BenchResult.Row(
                arm,
                blockSize,
                List.of(seconds),
                List.of(0.3, 0.1, 0.2),
                6e9,
                Collections.nCopies(seconds.length + 1, 4e9),
                OptionalLong.of(5_000_000));
    }

    private static final BenchResult RESULT =
            new BenchResult(
                    BenchSubject.of("tiny", Gpt2Config.fresh(10, 8, 4, 2, 2)),
                    2,
                    3,
                    List.of(
                            row("none", 8, 9.0, 2.0, 1.0),
                            row("both", 8, 3.0, 2.0, 9.0),
                            row("none", 4, 1.0, 2.0, 9.0, 4.0),
                            row("both", 4, 6.0)),
                    Precision.F32,
                    new ProductRates(
                            OptionalDouble.of(190e9),
                            OptionalDouble.empty(),
                            OptionalDouble.of(800e9),
                            Products.MKL),
                    true,
                    "a processor",
                    Map.of("threads", "2"));

    @Test
    void stepsAreMediansAndArmsAreMeasuredAgainstTheFirstOfTheirLength() {
        List<BenchResult.Row> rows = RESULT.rows();
        assertThat(rows).extracting(BenchResult.Row::seconds).containsExactly(2.0, 3.0, 3.0, 6.0);
        assertThat(rows).extracting(RESULT::ratio).containsExactly(1.0, 1.5, 1.0, 2.0);
        assertThat(rows).extracting(RESULT::perSecond).first().isEqualTo(2 * 8 / 2.0);
        assertThat(rows.get(0).optimizer()).isEqualTo(0.2);
        assertThat(rows.get(0).rate()).isEqualTo(3e9);
        assertThat(rows.get(0).gemmFraction()).isEqualTo(0.75);
    }

    @Test
    void aStepIsHeldAgainstTheProductsAroundIt() {
        BenchResult.Row drifting =
                new BenchResult.Row(
                        "none",
                        8,
                        List.of(1.0, 2.0, 8.0),
                        List.of(0.1, 0.1, 0.1),
                        6e9,
                        List.of(16e9, 8e9, 4e9, 2e9),
                        OptionalLong.empty());
        // 6 in 12, 3 in 6, 0.75 in 3
        assertThat(drifting.gemmFraction()).isEqualTo(0.5);
        assertThat(drifting.gemmRate()).isEqualTo(6e9);
    }

    @Test
    void theFileHoldsWhatIsPrinted() throws IOException {
        JsonNode node = new ObjectMapper().readTree(RESULT.json());
        JsonNode both = node.path("configurations").path(1);
        assertThat(node.path("configurations")).hasSize(4);
        assertThat(both.path("scalings").asText()).isEqualTo("both");
        assertThat(both.path("step_seconds").asDouble()).isEqualTo(3);
        assertThat(both.path("ratio").asDouble()).isEqualTo(1.5);
        assertThat(both.path("gemm_fraction").asDouble()).isCloseTo(0.5, within(1e-12));
        assertThat(both.path("peak_resident_bytes").asLong()).isEqualTo(5_000_000);
        assertThat(both.path("all_step_seconds")).hasSize(3);
        assertThat(node.path("matrix_parameters").asLong()).isEqualTo(424);
        assertThat(node.path("precision").asText()).isEqualTo("f32");
        assertThat(node.path("products").asText()).isEqualTo("mkl");
        assertThat(node.path("product_gflops_per_second").path("mkl").asDouble()).isEqualTo(190);
        assertThat(node.path("product_gflops_per_second").path("bf16").asDouble()).isEqualTo(800);
        assertThat(node.path("product_gflops_per_second").has("onednn")).isFalse();
        assertThat(node.path("cpu").asText()).isEqualTo("a processor");
        assertThat(node.path("versions").path("threads").asText()).isEqualTo("2");
    }
}
