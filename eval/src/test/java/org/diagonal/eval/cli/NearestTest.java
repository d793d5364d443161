package org.diagonal.eval.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NearestTest {

    @ParameterizedTest
    @CsvSource({"batch_size,batch-size", "batc-size,batch-size", "ecophs,epochs", "epo,epochs"})
    void typingErrorsAreSeenThrough(String word, String meant) {
        assertThat(Nearest.to(word, List.of("epochs", "batch-size", "lr"))).contains(meant);
    }

    @ParameterizedTest
    @CsvSource({"x", "learning-rate", "size-of-a-batch"})
    void otherWordsAreNotGuessedAt(String word) {
        assertThat(Nearest.to(word, List.of("epochs", "batch-size", "lr"))).isEmpty();
    }

    @Property
    void oneLetterTooFewIsSeenThrough(
            @ForAll @AlphaChars @StringLength(min = 4, max = 20) String word,
            @ForAll @IntRange(max = 19) int at) {
        String shorter = new StringBuilder(word).deleteCharAt(at % word.length()).toString();
        assertThat(Nearest.to(shorter, List.of(word))).contains(word);
    }
}
