package org.diagonal.templates.task;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class CutTest {

    @Test
    void charactersAreTokensSpacesToo() {
        assertThat(Cut.CHARACTERS.tokens("α=1; 𝄞")).containsExactly("α", "=", "1", ";", " ", "𝄞");
    }

    @Test
    void wordsAreRunsOfLettersAndDigitsAndOtherCharactersAlone() {
        assertThat(Cut.WORDS.tokens(" If α gives β 5 γ, how\nmany_1?!"))
                .containsExactly("If", "α", "gives", "β", "5", "γ", ",", "how", "many_1", "?", "!");
        assertThat(Cut.WORDS.tokens(" \u00a0\n")).isEmpty();
    }

    @Property(tries = 300)
    void charactersJoinToTheText(@ForAll String text) {
        assertThat(Cut.CHARACTERS.join(Cut.CHARACTERS.tokens(text))).isEqualTo(text);
    }

    @Property(tries = 300)
    void wordsStayWordsWhenTheyAreJoinedAndCutAgain(@ForAll String text) {
        var words = Cut.WORDS.tokens(text);
        assertThat(Cut.WORDS.tokens(Cut.WORDS.join(words))).isEqualTo(words);
    }
}
