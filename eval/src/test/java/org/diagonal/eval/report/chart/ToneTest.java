package org.diagonal.eval.report.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

final class ToneTest {

    /** Relative luminance, which every eye sees. */
    private static double luminance(String hex) {
        Color colour = Color.decode(hex);
        return 0.2126 * linear(colour.getRed())
                + 0.7152 * linear(colour.getGreen())
                + 0.0722 * linear(colour.getBlue());
    }

    private static double linear(int channel) {
        return Math.pow(channel / 255.0, 2.2);
    }

    @Test
    void zeroIsInTheMiddleAndTheLimitAtTheEnds() {
        assertThat(Tone.of(0, 3).level()).isZero();
        assertThat(Tone.of(3, 3).level()).isEqualTo(Tone.STEPS);
        assertThat(Tone.of(-3, 3).level()).isEqualTo(-Tone.STEPS);
        assertThat(Tone.of(99, 3).level()).isEqualTo(Tone.STEPS);
        assertThat(Tone.of(0, 0).level()).isZero();
    }

    @Test
    void lightnessAloneTellsMagnitudes() {
        assertMonotone(tone -> luminance(tone.light()), -1);
        assertMonotone(tone -> luminance(tone.dark()), 1);
    }

    private static void assertMonotone(ToDoubleFunction<Tone> of, int direction) {
        for (int sign : new int[] {-1, 1}) {
            for (int level = 1; level <= Tone.STEPS; level++) {
                double step =
                        of.applyAsDouble(new Tone(sign * level))
                                - of.applyAsDouble(new Tone(sign * (level - 1)));
                assertThat(step * direction).as("level %d", sign * level).isPositive();
            }
        }
    }

    @Test
    void theSignIsToldByBlueAgainstRed() {
        for (int level = 3; level <= Tone.STEPS; level++) {
            Color above = Color.decode(new Tone(level).light());
            Color below = Color.decode(new Tone(-level).light());
            assertThat(above.getBlue()).isLessThan(above.getRed());
            assertThat(below.getBlue()).isGreaterThan(below.getRed());
        }
    }
}
