package org.diagonal.eval.measure.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.diagonal.eval.measure.statistics.Crossing.Bound;
import org.junit.jupiter.api.Test;

class CrossingTest {

    @Test
    void itLiesBetweenTwoPointsByTheLogarithm() {
        // half the way from 1.0 to 0.0, so at the geometric mean of 16 and 64
        Crossing crossing = Crossing.below(0.5, List.of(4.0, 16.0, 64.0), List.of(1.0, 1.0, 0.0));
        assertThat(crossing.x()).isCloseTo(32, within(1e-9));
        assertThat(crossing.bound()).isEqualTo(Bound.EXACT);
    }

    @Test
    void theFirstOfSeveralCounts() {
        Crossing crossing =
                Crossing.below(0.5, List.of(1.0, 2.0, 4.0, 8.0), List.of(1.0, 0.0, 1.0, 0.0));
        assertThat(crossing.x()).isCloseTo(Math.sqrt(2), within(1e-9));
    }

    @Test
    void curvesOnOneSideOfTheLevelHaveBounds() {
        assertThat(Crossing.below(0.5, List.of(8.0, 16.0), List.of(0.4, 0.3)))
                .isEqualTo(new Crossing(8, Bound.AT_MOST));
        assertThat(Crossing.below(0.5, List.of(8.0, 16.0), List.of(0.9, 0.5)))
                .isEqualTo(new Crossing(16, Bound.AT_LEAST));
    }

    @Test
    void everyPointNeedsAValue() {
        assertThatThrownBy(() -> Crossing.below(0.5, List.of(8.0), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 and 0");
    }
}
