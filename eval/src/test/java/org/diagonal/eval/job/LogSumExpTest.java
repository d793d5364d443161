package org.diagonal.eval.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LogSumExpTest {

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.1, 3, 30, 300, 1e30})
    void itIsWhatItsNameSays(double scale) {
        SplittableRandom random = new SplittableRandom(5);
        float[] values = new float[999];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (scale * (random.nextDouble() - 0.7));
        }
        double largest = Float.NEGATIVE_INFINITY;
        for (float value : values) {
            largest = Math.max(largest, value);
        }
        double sum = 0;
        for (float value : values) {
            sum += Math.exp(value - largest);
        }
        assertThat(LogSumExp.of(values))
                .isCloseTo(largest + Math.log(sum), within(1e-8 + 1e-15 * Math.abs(largest)));
    }

    @Test
    void whatIsNoNumberGivesNone() {
        assertThat(LogSumExp.of(1, Float.NaN)).isNaN();
        assertThat(LogSumExp.of(1, Float.POSITIVE_INFINITY)).isNaN();
        assertThat(LogSumExp.of(Float.NEGATIVE_INFINITY)).isNaN();
        assertThat(LogSumExp.of(1, Float.NEGATIVE_INFINITY)).isCloseTo(1, within(1e-12));
    }
}
