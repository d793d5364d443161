package org.diagonal.eval.measure.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ProportionTest {

    /** Newcombe (1998), table I, method 3; the last two follow from n / (n + z²). */
    @ParameterizedTest
    @CsvSource({
        "81, 263, 0.2553, 0.3662",
        "15, 148, 0.0624, 0.1605",
        "0, 20, 0.0000, 0.1611",
        "1, 29, 0.0061, 0.1718",
        "10, 10, 0.7225, 1.0000",
        "0, 10, 0.0000, 0.2775",
    })
    void intervalsAreThoseOfTheLiterature(int successes, int trials, double low, double high) {
        Proportion share = new Proportion(successes, trials);
        assertThat(share.ci95().low()).isCloseTo(low, within(5e-5));
        assertThat(share.ci95().high()).isCloseTo(high, within(5e-5));
    }

    /** Wilson's ends solve |p̂ − p| = z √(p (1 − p) / n). */
    @Property(tries = 200)
    void endsSolveTheScoreEquation(
            @ForAll @IntRange(min = 1, max = 500) int trials,
            @ForAll @IntRange(min = 0, max = 500) int any) {
        Proportion share = new Proportion(any % (trials + 1), trials);
        for (double end : new double[] {share.ci95().low(), share.ci95().high()}) {
            assertThat(end).isBetween(0.0, 1.0);
            if (end > 0 && end < 1) {
                double z = Math.abs(share.value() - end) / Math.sqrt(end * (1 - end) / trials);
                assertThat(z).isCloseTo(1.959964, within(1e-5));
            }
        }
        assertThat(share.value()).isBetween(share.ci95().low(), share.ci95().high());
    }

    @Test
    void countsThatAreNoShareAreRefused() {
        assertThatThrownBy(() -> new Proportion(0, 0))
                .hasMessage(
                        "successes must be from 0 to the trials, which are at least 1:"
                                + " successes=0, trials=0");
        assertThatThrownBy(() -> new Proportion(3, 2)).hasMessageContaining("successes=3");
        assertThatThrownBy(() -> new Proportion(-1, 2)).hasMessageContaining("successes=-1");
    }
}
