package org.diagonal.eval.measure.effect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import org.diagonal.eval.measure.MeasuredModel;
import org.diagonal.eval.measure.accuracy.Accuracy;
import org.diagonal.eval.measure.accuracy.Labels;
import org.diagonal.eval.measure.accuracy.TaskEvaluation;
import org.diagonal.eval.measure.accuracy.TaskEvaluation.Subject;
import org.diagonal.eval.measure.accuracy.TaskEvaluation.Symbols;
import org.diagonal.eval.measure.statistics.Interval;
import org.junit.jupiter.api.Test;

final class AccuracyDifferenceTest {

    private static TaskEvaluation evaluation(String task, String samples, String bits) {
        return new TaskEvaluation(
                new Subject(task, task + "-hash", Symbols.UNSEEN, MeasuredModel.of("model")),
                Labels.REAL,
                samples,
                .5,
                Accuracy.ofBits(bits),
                Optional.empty());
    }

    private static AccuracyDifference compare(List<String> first, List<String> second) {
        List<Long> seeds =
                java.util.stream.LongStream.range(42, 42 + first.size()).boxed().toList();
        return AccuracyDifference.of(
                seeds,
                first.stream().map(bits -> evaluation("copy", "h", bits)).toList(),
                second.stream().map(bits -> evaluation("copy", "h", bits)).toList());
    }

    @Test
    void theDifferenceIsThatOfTheAccuracies() {
        AccuracyDifference one = compare(List.of("110010"), List.of("111110"));
        assertThat(one.value()).isCloseTo(2 / 6.0, within(1e-15));
        assertThat(one.units()).isEqualTo(6);
        assertThat(one.interval()).isEqualTo(one.sampleInterval());
        assertThat(one.sentence("qk", "none"))
                .contains("seed 42, 6 strings; other seeds may differ");
    }

    /** Strings are counted once, however many trainings answered them. */
    @Test
    void theSameTrainingThreeTimesKnowsNoMoreThanOnce() {
        AccuracyDifference once = compare(List.of("110010"), List.of("111110"));
        String first = "110010";
        String second = "111110";
        AccuracyDifference thrice =
                compare(List.of(first, first, first), List.of(second, second, second));
        assertThat(thrice.interval().low()).isCloseTo(once.interval().low(), within(1e-12));
        assertThat(thrice.perSeed())
                .extracting(AccuracyDifference.SeedDifference::seed)
                .containsExactly(42L, 43L, 44L);
    }

    @Test
    void seedsThatDisagreeWidenTheInterval() {
        AccuracyDifference agree = compare(List.of("0000", "0000"), List.of("0110", "0110"));
        AccuracyDifference differ = compare(List.of("0000", "0000"), List.of("0000", "1111"));
        assertThat(differ.value()).isEqualTo(agree.value());
        assertThat(differ.interval().low()).isLessThan(agree.interval().low());
        assertThat(differ.verdict()).isEqualTo(Effect.Verdict.NO_SIGNIFICANT_DIFFERENCE);
    }

    @Test
    void theSentenceHasPercentagePointsAndSeeds() {
        Interval ends = new Interval(.001, .105);
        AccuracyDifference found =
                new AccuracyDifference(
                        List.of(
                                new AccuracyDifference.SeedDifference(1, .05),
                                new AccuracyDifference.SeedDifference(2, .056)),
                        .053,
                        ends,
                        ends,
                        "strings",
                        1_000);
        assertThat(found.sentence("qk", "none"))
                .isEqualTo(
                        "qk improves accuracy on unseen symbols by 5.3 points over none (95 % interval"
                                + " 0.1 to 10.5 points; seeds 1 and 2, 1,000 strings)");
    }

    @Test
    void whatIsNotPairedIsRefused() {
        TaskEvaluation first = evaluation("copy", "h", "11");
        List<Long> one = List.of(1L);
        assertThatThrownBy(
                        () ->
                                AccuracyDifference.of(
                                        one,
                                        List.of(first),
                                        List.of(evaluation("copy", "other", "11"))))
                .hasMessageContaining("same samples_sha256: h and other");
        assertThatThrownBy(
                        () ->
                                AccuracyDifference.of(
                                        one,
                                        List.of(first),
                                        List.of(evaluation("print", "h", "11"))))
                .hasMessageContaining("same task_sha256");
        assertThatThrownBy(
                        () ->
                                AccuracyDifference.of(
                                        one,
                                        List.of(first),
                                        List.of(evaluation("copy", "h", "110"))))
                .hasMessageContaining("same samples: 2 and 3");
        assertThatThrownBy(() -> AccuracyDifference.of(one, List.of(first), List.of()))
                .hasMessageContaining("measurements=1 and 0");
    }
}
