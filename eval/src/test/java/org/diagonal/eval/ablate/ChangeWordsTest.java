package org.diagonal.eval.ablate;

import static org.assertj.core.api.Assertions.assertThat;

import org.diagonal.eval.ablate.Ablation.Change;
import org.diagonal.eval.measure.statistics.Interval;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChangeWordsTest {

    @ParameterizedTest
    @CsvSource({
        "true, 0, 0, no answer changes",
        "true, -1, 0, every answer changes",
        "true, 1, 0, every answer changes",
        "true, -0.5, 0.1, −60.0 to −40.0",
        "false, 1, 0, no change",
    })
    void anIntervalWithoutLengthSaysWhatHappened(
            boolean task, double value, double half, String words) {
        Change change = new Change(value, new Interval(value - half, value + half));
        assertThat(new ChangeWords(task).interval(change).words()).isEqualTo(words);
    }
}
