package org.diagonal.wikitext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.IntBuffer;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class TokensTest {

    private static final IntBuffer FIVE = IntBuffer.wrap(new int[] {10, 11, 12, 13, 14});

    @Test
    void everyPositionBelongsToTheLastArticleThatBeganByThen() {
        Tokens tokens = new Tokens(FIVE, new int[] {0}, new int[] {0, 0, 2, 2, 4});
        int[] expected = {1, 1, 3, 3, 4};
        for (int position = 0; position < tokens.size(); position++) {
            assertThat(tokens.articleOf(position)).isEqualTo(expected[position]);
            assertThat(tokens.articleStart(expected[position])).isLessThanOrEqualTo(position);
            assertThat(tokens.articleStart(expected[position] + 1)).isGreaterThan(position);
        }
    }

    @Test
    void theLastRowAndArticleEndWithTheIds() {
        Tokens tokens = new Tokens(FIVE, new int[] {0, 3}, new int[] {0, 4});
        assertThat(tokens.rowStart(2)).isEqualTo(5);
        assertThat(tokens.articleStart(2)).isEqualTo(5);
    }

    @Test
    void copiesReadWhatIsThere() {
        Tokens tokens = new Tokens(FIVE, new int[0], new int[] {0});
        int[] three = new int[3];
        tokens.copy(2, three);
        assertThat(three).containsExactly(12, 13, 14);
        tokens.copy(0, three, 2);
        assertThat(three).containsExactly(10, 11, 14);
        assertThatThrownBy(() -> tokens.copy(3, three))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void startsThatAreNoneAreRefused() {
        assertThatThrownBy(() -> new Tokens(FIVE, new int[] {2, 1}, new int[] {0}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rowStarts");
        assertThatThrownBy(() -> new Tokens(FIVE, new int[0], new int[] {0, 6}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("articleStarts");
        assertThatThrownBy(() -> new Tokens(FIVE, new int[0], new int[] {1}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("begin with 0");
    }

    @Test
    void readersOfADocumentDoNotMoveEachOther() {
        IntBuffer read = FIVE.duplicate().position(3);
        Document document = new Document(read, OptionalLong.of(1), OptionalLong.empty());
        assertThat(document.ids().get()).isEqualTo(10);
        assertThat(document.ids().get()).isEqualTo(10);
        assertThat(document.ids().remaining()).isEqualTo(5);
        assertThat(document.ids().isReadOnly()).isTrue();
        assertThatThrownBy(() -> new Document(read, OptionalLong.of(-1), OptionalLong.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("words");
    }
}
