package org.diagonal.eval.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.diagonal.eval.measure.TaskEvaluation.Subject;
import org.diagonal.eval.measure.TaskEvaluation.Symbols;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class McNemarTest {

    /** 2 Σ_{i ≤ min} C(n, i) / 2ⁿ by hand, at most 1; the first is Fagerland et al. (2013). */
    @ParameterizedTest
    @CsvSource({
        "1, 7, 0.0703125", // 2 (1 + 8) / 256
        "9, 1, 0.021484375", // 2 (1 + 10) / 1024
        "0, 5, 0.0625", // 2 / 32
        "0, 6, 0.03125", // 2 / 64
        "2, 8, 0.109375", // 2 (1 + 10 + 45) / 1024
        "3, 3, 1",
        "1, 2, 1",
        "2, 1, 1",
        "0, 0, 1",
        "1, 0, 1",
    })
    void theExactTestIsThatOfHand(int firstOnly, int secondOnly, double p) {
        assertThat(new McNemar(3, firstOnly, secondOnly, 2).pValue()).isCloseTo(p, within(1e-12));
    }

    /** Fagerland, Lydersen and Laake (2014): 1, 1, 7, 12 of 21 children. */
    @Test
    void theIntervalOfTheDifferenceIsThatOfTheLiterature() {
        McNemar children = new McNemar(1, 7, 1, 12);
        assertThat(children.difference()).isCloseTo(-0.2857, within(5e-5));
        // (−6 ± 1.96 √(23 · 10 − 36)) / 23, with one string more on either side
        assertThat(children.differenceLow()).isCloseTo(-0.5084, within(5e-5));
        assertThat(children.differenceHigh()).isCloseTo(-0.0134, within(5e-5));
    }

    @Property(tries = 100)
    void swappedArmsSayTheOpposite(
            @ForAll @IntRange(min = 0, max = 60) int both,
            @ForAll @IntRange(min = 0, max = 60) int first,
            @ForAll @IntRange(min = 0, max = 60) int second) {
        McNemar pair = new McNemar(both, first, second, 1);
        McNemar swapped = new McNemar(both, second, first, 1);
        assertThat(pair.pValue()).isCloseTo(swapped.pValue(), within(1e-12)).isBetween(0.0, 1.0);
        assertThat(pair.difference()).isEqualTo(-swapped.difference());
        assertThat(pair.differenceLow()).isCloseTo(-swapped.differenceHigh(), within(1e-12));
        assertThat(pair.difference()).isBetween(pair.differenceLow(), pair.differenceHigh());
    }

    private static TaskEvaluation evaluation(
            String task, Symbols symbols, String hash, String bits) {
        return new TaskEvaluation(
                new Subject(task, task + "-hash", symbols, "model"),
                Labels.SYMBOLIC,
                hash,
                0.5,
                Accuracy.ofBits(bits),
                Optional.of(Accuracy.ofBits(bits.replace('0', '1'))));
    }

    @Test
    void stringsArePairedOneByOne() {
        TaskEvaluation first = evaluation("copy", Symbols.UNSEEN, "h", "110010");
        TaskEvaluation second = evaluation("copy", Symbols.UNSEEN, "h", "101110");
        assertThat(McNemar.of(first, second)).isEqualTo(new McNemar(2, 1, 2, 1));
        assertThat(McNemar.amongSymbols(first, second)).isEqualTo(new McNemar(6, 0, 0, 0));
        assertThat(McNemar.of(first, second).plus(McNemar.of(second, first)))
                .isEqualTo(new McNemar(4, 3, 3, 2));
    }

    @Test
    void otherStringsAreRefused() {
        TaskEvaluation first = evaluation("copy", Symbols.UNSEEN, "h", "11");
        assertThatThrownBy(
                        () -> McNemar.of(first, evaluation("copy", Symbols.UNSEEN, "other", "11")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "measurements with different samples_sha256 cannot be paired: h and other");
        assertThatThrownBy(() -> McNemar.of(first, evaluation("print", Symbols.UNSEEN, "h", "11")))
                .hasMessageContaining("task_sha256");
        assertThatThrownBy(() -> McNemar.of(first, evaluation("copy", Symbols.SEEN, "h", "11")))
                .hasMessageContaining("different symbols");
        assertThatThrownBy(() -> McNemar.of(first, evaluation("copy", Symbols.UNSEEN, "h", "110")))
                .hasMessageContaining("different samples cannot");
    }
}
