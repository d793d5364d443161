package org.diagonal.eval.report.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.diagonal.eval.report.chart.Axis.Scale;
import org.diagonal.eval.report.chart.Axis.Tick;
import org.junit.jupiter.api.Test;

final class AxisTest {

    private static List<String> labels(Scale scale, double min, double max) {
        return new Axis("x", scale, min, max).ticks(5).stream().map(Tick::label).toList();
    }

    @Test
    void sharesEndAtZeroAndOne() {
        Axis near = Axis.ofShares("share", List.of(0.9, 0.95));
        assertThat(near.min()).isBetween(0.89, 0.9);
        assertThat(near.max()).isBetween(0.95, 0.96);
        Axis all = Axis.ofShares("share", List.of(0.0, 1.0));
        assertThat(List.of(all.min(), all.max())).containsExactly(0.0, 1.0);
    }

    @Test
    void ticksAreRoundNumbers() {
        assertThat(labels(Scale.LINEAR, -0.02, 1.02)).containsExactly("0.0", "0.5", "1.0");
        assertThat(labels(Scale.LINEAR, 0.9831, 1.0003))
                .containsExactly("0.985", "0.990", "0.995", "1.000");
        assertThat(labels(Scale.LINEAR, -11, 11)).containsExactly("−10", "−5", "0", "5", "10");
        assertThat(labels(Scale.LOG2, 4, 1024)).containsExactly("4", "16", "64", "256", "1024");
        assertThat(labels(Scale.LOG10, 2, 12)).containsExactly("2", "5", "10");
    }

    /** Never 0.01 beside 10⁻³. */
    @Test
    void powersOfTenAreAllWrittenOutOrNone() {
        assertThat(labels(Scale.LOG10, 1e-5, 1)).containsExactly("10⁻⁵", "10⁻³", "10⁻¹");
        assertThat(labels(Scale.LOG10, 5e-5, 2))
                .containsExactly("10⁻⁴", "10⁻³", "10⁻²", "10⁻¹", "1");
        assertThat(labels(Scale.LOG10, 5e-4, 2)).containsExactly("0.001", "0.01", "0.1", "1");
        assertThat(labels(Scale.LOG10, 5, 1e10)).containsExactly("10", "10³", "10⁵", "10⁷", "10⁹");
        assertThat(labels(Scale.LOG10, 5, 20_000)).containsExactly("10", "100", "1000", "10,000");
    }

    @Property(tries = 500)
    void aLogarithmicAxisHasLabelsOfOneKind(
            @ForAll @DoubleRange(min = -12, max = 9) double low,
            @ForAll @DoubleRange(min = 0.02, max = 12) double decades) {
        for (Scale scale : List.of(Scale.LOG2, Scale.LOG10)) {
            Axis axis = new Axis("x", scale, Math.pow(10, low), Math.pow(10, low + decades));
            List<Tick> ticks = axis.ticks(5);
            assertThat(ticks).hasSizeBetween(2, 8);
            boolean powers = ticks.stream().anyMatch(tick -> tick.label().matches("10[⁻⁰¹-⁹]+"));
            assertThat(ticks)
                    .allSatisfy(
                            tick -> {
                                assertThat(axis.share(tick.value())).isBetween(-1e-6, 1 + 1e-6);
                                if (powers) {
                                    assertThat(tick.label()).matches("1|10|10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+");
                                }
                            });
            assertThat(ticks.stream().map(Tick::label)).doesNotHaveDuplicates();
        }
    }

    @Test
    void valuesThatAreAllZeroHaveAnAxisThatIsRead() {
        Axis axis = Axis.around("difference", Scale.LINEAR, List.of(0.0, 0.0));
        assertThat(axis.ticks(5).stream().map(Tick::label)).contains("0.000", "0.005");
        assertThat(labels(Scale.LINEAR, 5.01e-7, 5.04e-7)).contains("5.02e−7", "5.03e−7");
    }

    @Property(tries = 200)
    void ticksLieOnTheAxisAndAreFew(
            @ForAll @DoubleRange(min = -1e6, max = 1e6) double min,
            @ForAll @DoubleRange(min = 0.01, max = 1e6) double length) {
        Axis axis = new Axis("x", Scale.LINEAR, min, min + length);
        assertThat(axis.ticks(5)).hasSizeBetween(1, 7);
        assertThat(axis.ticks(5))
                .allSatisfy(
                        tick -> assertThat(axis.share(tick.value())).isBetween(-1e-6, 1 + 1e-6));
    }

    @Test
    void aLogarithmicAxisHasEqualStepsForEqualFactors() {
        Axis axis = new Axis("n", Scale.LOG2, 2, 32);
        assertThat(axis.share(8)).isCloseTo(0.5, within(1e-12));
        assertThat(axis.share(32)).isEqualTo(1);
    }

    @Test
    void anAxisHoldsAllValues() {
        Axis axis = Axis.around("x", Scale.LINEAR, List.of(3.0, 7.0));
        assertThat(axis.share(3)).isBetween(0.0, 0.1);
        assertThat(axis.share(7)).isBetween(0.9, 1.0);
        Axis single = Axis.around("x", Scale.LOG10, List.of(5.0, 0.0));
        assertThat(single.holds(5)).isTrue();
    }

    @Test
    void anAxisWithoutLengthIsRefused() {
        assertThatThrownBy(() -> new Axis("x", Scale.LINEAR, 1, 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Axis("x", Scale.LOG10, 0, 1))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
