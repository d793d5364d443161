package org.diagonal.eval.measure.accuracy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.diagonal.eval.measure.statistics.Interval;
import org.diagonal.eval.measure.statistics.Proportion;
import org.junit.jupiter.api.Test;

final class MeanAccuracyTest {

    private static Accuracy right(int right, int of) {
        return Accuracy.ofBits("1".repeat(right) + "0".repeat(of - right));
    }

    @Test
    void oneTrainingHasWilsonsInterval() {
        MeanAccuracy mean = MeanAccuracy.of(List.of(right(30, 40)));
        Proportion wilson = new Proportion(30, 40);
        assertThat(mean.ci95()).isEqualTo(new Interval(wilson.ci95().low(), wilson.ci95().high()));
    }

    /** Two networks right 100 % and 60 %: nobody knows where the mean of all networks is. */
    @Test
    void twoTrialsFarApartHaveAnIntervalThatSaysSo() {
        MeanAccuracy mean = MeanAccuracy.of(List.of(right(100, 100), right(60, 100)));
        assertThat(mean.value()).isEqualTo(.8);
        assertThat(mean.ci95()).isEqualTo(new Interval(0, 1));
    }

    /** By hand: .8, .9, 1: mean .9, Student's half 4.3027 · .1/√3 = .2484, and Wilson's. */
    @Test
    void trialsHaveStudentsIntervalJoinedWithWilsons() {
        MeanAccuracy mean = MeanAccuracy.of(List.of(right(8, 10), right(9, 10), right(10, 10)));
        double wilson = .9 - new Proportion(9, 10).ci95().low();
        assertThat(mean.ci95().low()).isCloseTo(.9 - Math.hypot(.248414, wilson), within(1e-5));
        assertThat(mean.ci95().high()).isEqualTo(1);
        assertThat(mean.perSeed()).containsExactly(.8, .9, 1.0);
    }

    @Test
    void trainingsThatAreAllRightDoNotMakeAPoint() {
        MeanAccuracy mean = MeanAccuracy.of(List.of(right(100, 100), right(100, 100)));
        assertThat(mean.ci95().low()).isEqualTo(new Proportion(100, 100).ci95().low());
        assertThat(mean.ci95().high()).isEqualTo(1);
    }

    @Test
    void equalTrainingsOnTheSameStringsKnowNoMoreThanOne() {
        MeanAccuracy one = MeanAccuracy.of(List.of(right(30, 40)));
        MeanAccuracy three = MeanAccuracy.of(List.of(right(30, 40), right(30, 40), right(30, 40)));
        assertThat(three.ci95().low()).isCloseTo(one.ci95().low(), within(1e-12));
        assertThat(three.ci95().high()).isCloseTo(one.ci95().high(), within(1e-12));
    }
}
