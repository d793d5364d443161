package org.diagonal.plugin.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.diagonal.plugin.generate.Generated.End;
import org.junit.jupiter.api.Test;

class GeneratorTest {

    private static final OptionalInt NONE = OptionalInt.empty();

    /** Counts: after id n comes n + 1, after the last id of the vocabulary 0. */
    private static final class Counting implements Decoder {

        private static final int VOCABULARY = 10;

        private final List<Long> read = new ArrayList<>();

        @Override
        public int contextLength() {
            return 8;
        }

        @Override
        public int vocabularySize() {
            return VOCABULARY;
        }

        @Override
        public int length() {
            return read.size();
        }

        @Override
        public float[] prime(long... ids) {
            read.clear();
            float[] logits = {};
            for (long id : ids) {
                logits = next(id);
            }
            return logits;
        }

        @Override
        public float[] next(long id) {
            read.add(id);
            float[] logits = new float[VOCABULARY];
            logits[(int) (id + 1) % VOCABULARY] = 1;
            return logits;
        }

        @Override
        public void close() {}
    }

    @Test
    void anyOfSeveralIdsEndsATextAndTheFirstBeginsOne() {
        Generator generator = new Generator(Sampling.GREEDY, 9, List.of(7, 5));
        assertThat(generator.generate(new Counting(), new long[] {3}, id -> {}).ids())
                .containsExactly(4L);
        assertThat(generator.generate(new Counting(), new long[0], id -> {}).ids()).startsWith(8L);
    }

    private static Generated generate(int most, OptionalInt endOfText, long... prompt) {
        return new Generator(Sampling.GREEDY, most, endOfText)
                .generate(new Counting(), prompt, id -> {});
    }

    @Test
    void asManyIdsComeAsWereAskedFor() {
        assertThat(generate(3, NONE, 4)).isEqualTo(new Generated(List.of(5L, 6L, 7L), End.LENGTH));
        assertThat(generate(1, NONE, 4)).isEqualTo(new Generated(List.of(5L), End.LENGTH));
    }

    @Test
    void theEndOfTextEndsItAndIsLeftOut() {
        OptionalInt six = OptionalInt.of(6);
        assertThat(generate(5, six, 4)).isEqualTo(new Generated(List.of(5L), End.END_OF_TEXT));
        assertThat(generate(5, six, 5)).isEqualTo(new Generated(List.of(), End.END_OF_TEXT));
        assertThat(generate(1, six, 6).ids()).containsExactly(7L); // in the prompt it ends nothing
    }

    @Test
    void aFullContextEndsItAfterOneMoreId() {
        assertThat(generate(99, NONE, 0, 1, 2, 3, 4, 5))
                .isEqualTo(new Generated(List.of(6L, 7L, 8L), End.CONTEXT_FULL));
        assertThat(generate(99, NONE, 0, 0, 0, 0, 0, 0, 0, 0))
                .isEqualTo(new Generated(List.of(1L), End.CONTEXT_FULL));
        assertThat(generate(3, NONE, 0, 1, 2, 3, 4, 5).end()).isEqualTo(End.LENGTH);
    }

    @Test
    void anEmptyPromptBeginsWithTheEndOfText() {
        assertThat(generate(2, OptionalInt.of(3)).ids()).containsExactly(4L, 5L);
        assertThatThrownBy(() -> generate(2, NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "the prompt is empty, and the model has no end-of-text token to begin with");
    }

    @Test
    void theListenerHearsEachIdWhenItIsThere() {
        List<Long> heard = new ArrayList<>();
        Counting decoder = new Counting();
        new Generator(Sampling.GREEDY, 3, NONE)
                .generate(
                        decoder,
                        new long[] {1},
                        id -> {
                            heard.add(id);
                            assertThat(decoder.length()).isEqualTo(heard.size());
                        });
        assertThat(heard).containsExactly(2L, 3L, 4L);
    }

    @Test
    void promptsThatDoNotFitAreRefusedWithBothNumbers() {
        assertThatThrownBy(() -> generate(1, NONE, 0, 1, 2, 3, 4, 5, 6, 7, 8))
                .hasMessage(
                        "the prompt is longer than the model's context: tokens=9, n_positions=8");
        assertThatThrownBy(() -> generate(1, NONE, 0, 10))
                .hasMessage("the prompt's id 10 is outside the vocabulary of 10");
        assertThatThrownBy(() -> generate(1, NONE, -1)).hasMessageContaining("id -1");
        assertThatThrownBy(() -> new Generator(Sampling.GREEDY, 0, NONE))
                .hasMessage("maxNewTokens must be 1 or more: 0");
    }
}
