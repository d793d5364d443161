package org.diagonal.templates.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Laws of suggestions. */
class NearestTest {

    private static final List<String> NAMES = List.of("nano", "gpt2", "gpt2-medium", "gpt2-large");
    private static final List<String> OPTIONS = List.of("epochs", "batch-size", "lr", "shuffle");

    @Test
    void theNameWithTheFewestEditsIsMeant() {
        assertThat(Nearest.of("gtp2", NAMES)).contains("gpt2");
        assertThat(Nearest.of("GPT2_Large", NAMES)).contains("gpt2-large");
        assertThat(Nearest.of("gpt2-meduim", NAMES)).contains("gpt2-medium");
    }

    @ParameterizedTest
    @CsvSource({
        "batch_size,batch-size",
        "--batch-sise,batch-size",
        "--no-shufle,shuffle",
        "batc-size,batch-size",
        "ecophs,epochs",
        "epo,epochs"
    })
    void typingErrorsInOptionsAreSeenThrough(String word, String meant) {
        assertThat(Nearest.of(word, OPTIONS)).contains(meant);
    }

    @ParameterizedTest
    @CsvSource({"x", "learning-rate", "size-of-a-batch"})
    void otherWordsAreNotGuessedAt(String word) {
        assertThat(Nearest.of(word, OPTIONS)).isEmpty();
        assertThat(Nearest.question(word, OPTIONS)).isEmpty();
    }

    @Test
    void nothingIsSuggestedForWhatIsNothingLikeIt() {
        assertThat(Nearest.of("bert-base-uncased", NAMES)).isEqualTo(Optional.empty());
    }

    @Test
    void theMessageNamesNearestAndKnown() {
        assertThat(Nearest.message("model", "gpt3", NAMES))
                .isEqualTo(
                        "unknown model \"gpt3\"; did you mean gpt2?"
                                + " (known: nano, gpt2, gpt2-medium, gpt2-large)");
    }

    @Property(tries = 200)
    void aLetterTooManyOrTooFewIsFoundAnywhere(
            @ForAll @AlphaChars @StringLength(min = 4, max = 12) String name,
            @ForAll int position) {
        int at = Math.floorMod(position, name.length());
        String shorter = name.substring(0, at) + name.substring(at + 1);
        String longer = name.substring(0, at) + "#" + name.substring(at);
        List<String> known = List.of("0123456789012345678901", name);
        assertThat(Nearest.of(shorter, known)).contains(name);
        assertThat(Nearest.of(longer, known)).contains(name);
    }
}
