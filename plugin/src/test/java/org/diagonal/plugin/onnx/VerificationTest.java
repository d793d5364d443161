package org.diagonal.plugin.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import org.diagonal.plugin.gpt2.Gpt2;
import org.junit.jupiter.api.Test;

class VerificationTest {

    private static final int WIDTH = 12;
    private static final int LAST = 6; // of the row of 7 that is compared

    private static final String JSON =
            """
            {"vocab_size": 2000, "n_positions": 8, "n_embd": 12, "n_layer": 1, "n_head": 3}
            """;

    /** The largest difference of a network from one whose last position has another embedding. */
    private static double difference(float change) {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            Gpt2 one = Exporting.random(JSON, manager, 1);
            Gpt2 two = Exporting.random(JSON, manager, 1);
            NDArray positions = two.parameters().get("transformer.wpe.weight").getArray();
            float[] values = positions.toFloatArray();
            for (int i = LAST * WIDTH; i < (LAST + 1) * WIDTH; i++) {
                values[i] += change * (i % 2 == 0 ? 1 : -1);
            }
            assertThat(Arrays.copyOf(values, LAST * WIDTH)).doesNotContain(Float.NaN);
            positions.set(values);
            return Reference.between(one, two);
        }
    }

    @Test
    void whatIsWrongAtTheVeryEndIsSeen() {
        assertThat(difference(0)).isZero();
        assertThat(difference(1)).isGreaterThan(1e-3).isFinite();
    }

    @Test
    void whatIsNoNumberIsInfinitelyFar() {
        assertThat(difference(Float.NaN)).isInfinite();
    }
}
