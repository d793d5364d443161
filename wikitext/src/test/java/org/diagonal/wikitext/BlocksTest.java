package org.diagonal.wikitext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class BlocksTest {

    @Property(tries = 300)
    void concatenatedBlocksAreTheIdsInOrderWithoutTheRemainder(
            @ForAll @IntRange(max = 60) int size, @ForAll @IntRange(min = 2, max = 20) int block) {
        Blocks blocks = Blocks.concatenated(tokens(size), block);
        boolean single = size < block && size > 1;
        assertThat(blocks.count()).isEqualTo(single ? 1 : size / block);
        List<Integer> all = new ArrayList<>();
        for (int i = 0; i < blocks.count(); i++) {
            assertThat(blocks.length(i)).isEqualTo(Math.min(size, block));
            all.addAll(ids(blocks, i));
        }
        assertThat(all).isEqualTo(IntStream.range(0, all.size()).boxed().toList());
        assertThat(blocks.ids()).isEqualTo(all.size());
        assertThat(blocks.targets()).isEqualTo(all.size() - blocks.count());
    }

    @Property(tries = 300)
    void piecesOfArticlesCrossNoArticle(
            @ForAll @Size(max = 8) List<@IntRange(max = 12) Integer> articles,
            @ForAll @IntRange(min = 2, max = 6) int block) {
        int[] starts = new int[articles.size()];
        int size = 0;
        List<List<Integer>> expected = new ArrayList<>();
        for (int i = 0; i < starts.length; i++) {
            starts[i] = size;
            for (int at = 0; articles.get(i) - at > 1; at += block) {
                int end = Math.min(articles.get(i), at + block);
                expected.add(IntStream.range(size + at, size + end).boxed().toList());
            }
            size += articles.get(i);
        }
        Blocks blocks = Blocks.perArticle(tokens(size, starts), block);
        List<List<Integer>> found = new ArrayList<>();
        for (int i = 0; i < blocks.count(); i++) {
            found.add(ids(blocks, i));
        }
        assertThat(found).isEqualTo(expected);
        assertThat(blocks.targets())
                .isEqualTo(expected.stream().mapToLong(piece -> piece.size() - 1).sum());
    }

    @Test
    void whatLiesBehindAShortExampleStays() {
        int[] into = new int[5];
        Arrays.fill(into, -7);
        Blocks.concatenated(tokens(3), 5).copy(0, into);
        assertThat(into).containsExactly(0, 1, 2, -7, -7);
    }

    @Test
    void aBlockWithoutATargetIsRefused() {
        assertThatThrownBy(() -> Blocks.concatenated(tokens(3), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least 2");
    }

    @Test
    void anArrayThatIsTooShortIsRefused() {
        Blocks blocks = Blocks.concatenated(tokens(4), 4);
        assertThatThrownBy(() -> blocks.copy(0, new int[3]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("4 ids");
    }

    private static List<Integer> ids(Blocks blocks, int example) {
        int[] ids = new int[blocks.length(example)];
        blocks.copy(example, ids);
        return Arrays.stream(ids).boxed().toList();
    }

    private static Tokens tokens(int size, int... articleStarts) {
        return new Tokens(
                IntBuffer.wrap(IntStream.range(0, size).toArray()), new int[0], articleStarts);
    }
}
