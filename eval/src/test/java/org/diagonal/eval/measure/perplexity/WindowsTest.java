package org.diagonal.eval.measure.perplexity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.diagonal.wikitext.Document;
import org.diagonal.wikitext.Tokens;
import org.junit.jupiter.api.Test;

class WindowsTest {

    @Property
    void stridesBelowTheBlockScoreEveryIdButTheFirstOnceAndInOrder(
            @ForAll @IntRange(min = 2, max = 120) int size,
            @ForAll @IntRange(min = 2, max = 20) int block,
            @ForAll @IntRange(min = 1, max = 19) int stride) {
        int below = Math.min(stride, block - 1);
        HfStrided windows = new HfStrided(Texts.counting(size), block, below);

        assertThat(Texts.scored(windows))
                .containsExactlyElementsOf(IntStream.range(1, size).boxed().toList());
        assertThat(windows.count()).isEqualTo(Texts.list(windows).size());
    }

    @Property
    void aStrideOfTheBlockScoresAllButTheFirstIdOfEachDisjointWindow(
            @ForAll @IntRange(min = 2, max = 120) int size,
            @ForAll @IntRange(min = 2, max = 20) int block) {
        HfStrided windows = new HfStrided(Texts.counting(size), block, block);

        assertThat(Texts.scored(windows))
                .containsExactlyElementsOf(
                        IntStream.range(0, size).filter(i -> i % block != 0).boxed().toList());
        assertThat(windows.count()).isEqualTo(Texts.list(windows).size());
    }

    @Property
    void stridedWindowsPredictFromTheIdsBeforeWithinTheBlock(
            @ForAll @IntRange(min = 2, max = 120) int size,
            @ForAll @IntRange(min = 2, max = 20) int block,
            @ForAll @IntRange(min = 1, max = 20) int stride) {
        int within = Math.min(stride, block);
        int begin = 0;
        for (Window window : new HfStrided(Texts.counting(size), block, within)) {
            assertThat(window.length()).isBetween(1, block - 1);
            assertThat(window.scored()).isPositive();
            int[] expected = IntStream.range(begin, begin + window.length()).toArray();
            assertThat(window.inputIds()).isEqualTo(expected);
            for (int t = 0; t < window.length(); t++) {
                assertThat(window.targets()[t]).isIn(begin + t + 1, Window.NOT_SCORED);
            }
            begin += within;
        }
    }

    @Property
    void lmEvalScoresEveryIdOfEveryDocumentOnceFromAtLeastOneIdAndAtMostABlock(
            @ForAll @Size(min = 1, max = 6) List<@IntRange(min = 0, max = 60) Integer> sizes,
            @ForAll @IntRange(min = 2, max = 20) int block) {
        List<Document> documents = new ArrayList<>();
        int ids = 0;
        for (int size : sizes) {
            documents.add(Texts.document(IntStream.range(ids, ids + size).toArray()));
            ids += size;
        }
        if (ids == 0) {
            assertThatThrownBy(() -> new LmEval(documents, block, 9999))
                    .hasMessageContaining("documents=" + sizes.size());
            return;
        }
        LmEval windows = new LmEval(documents, block, 9999);

        assertThat(Texts.scored(windows))
                .containsExactlyElementsOf(IntStream.range(0, ids).boxed().toList());
        assertThat(windows.count()).isEqualTo(Texts.list(windows).size());
        assertThat(windows.tokens()).isEqualTo(ids);
        for (Window window : windows) {
            assertThat(window.length()).isBetween(1, block);
            int document = window.article(window.length() - 1);
            int first = sizes.subList(0, document).stream().mapToInt(Integer::intValue).sum();
            for (int t = 0; t < window.length(); t++) {
                if (window.scores(t)) {
                    int target = window.targets()[t];
                    int before = target == first ? 9999 : target - 1;
                    assertThat(window.inputIds()[t]).isEqualTo(before);
                    assertThat(window.article(t)).isEqualTo(document);
                }
            }
        }
    }

    @Test
    void lmEvalGivesAShortLastWindowTheFullContextBeforeIt() {
        List<Window> windows =
                Texts.list(new LmEval(List.of(Texts.document(10, 11, 12, 13, 14, 15)), 4, 99));

        assertThat(windows).hasSize(2);
        assertThat(windows.get(0).inputIds()).containsExactly(99, 10, 11, 12);
        assertThat(windows.get(0).targets()).containsExactly(10, 11, 12, 13);
        // k = 2 ids remain: N + 1 − k = 3 ids of context before the first of them
        assertThat(windows.get(1).inputIds()).containsExactly(11, 12, 13, 14);
        assertThat(windows.get(1).targets()).containsExactly(-100, -100, 14, 15);
    }

    @Test
    void runClmDropsTheRemainderOfEveryThousandRows() {
        // 1,000 rows of 2 ids, then 3 rows of 5: 2,000 ids = 285 blocks of 7 and 15 = 2 blocks
        int[] rows = IntStream.range(0, 1003).map(i -> i <= 1000 ? 2 * i : 5 * i - 3000).toArray();
        RunClm windows = new RunClm(Texts.counting(2015, rows, new int[] {0}), 7);

        assertThat(windows.count()).isEqualTo(287);
        List<Window> list = Texts.list(windows);
        assertThat(list).hasSize(287);
        assertThat(list.get(284).inputIds()).containsExactly(1988, 1989, 1990, 1991, 1992, 1993);
        assertThat(list.get(284).targets()).containsExactly(1989, 1990, 1991, 1992, 1993, 1994);
        assertThat(list.get(285).inputIds()[0]).isEqualTo(2000);
        assertThat(list.get(286).targets()[5]).isEqualTo(2013);
    }

    @Property
    void runClmPredictsAllButTheFirstIdOfEachBlock(
            @ForAll @Size(min = 1, max = 40) List<@IntRange(min = 0, max = 9) Integer> lengths,
            @ForAll @IntRange(min = 2, max = 12) int block) {
        int[] rows = new int[lengths.size()];
        int size = 0;
        for (int i = 0; i < rows.length; i++) {
            rows[i] = size;
            size += lengths.get(i);
        }
        Tokens text = Texts.counting(size, rows, new int[] {0});
        int whole = size / block * block;
        if (whole == 0) {
            assertThatThrownBy(() -> new RunClm(text, block))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("block_size=" + block)
                    .hasMessageContaining("rows=" + size);
            return;
        }
        assertThat(Texts.scored(new RunClm(text, block)))
                .containsExactlyElementsOf(
                        IntStream.range(0, whole).filter(i -> i % block != 0).boxed().toList());
    }

    @Test
    void aTargetBelongsToItsArticleAndNotToItsContexts() {
        // article 1 has no id; article 2 begins with id 3
        Tokens text = Texts.counting(6, new int[] {0}, new int[] {0, 3, 3});
        Window window = Texts.list(new HfStrided(text, 6, 6)).get(0);

        assertThat(window.inputIds()).containsExactly(0, 1, 2, 3, 4);
        assertThat(IntStream.range(0, 5).map(window::article)).containsExactly(0, 0, 2, 2, 2);
    }

    @Test
    void textsThatMarkNoArticleAreOne() {
        assertThat(new HfStrided(Texts.counting(6, new int[0], new int[0]), 3, 3).documents())
                .isEqualTo(1);
    }

    @Test
    void settingsOutOfRangeAreRefusedWithTheirValues() {
        Tokens text = Texts.counting(6);
        assertThatThrownBy(() -> new HfStrided(text, 1, 1)).hasMessageContaining("block_size=1");
        assertThatThrownBy(() -> new RunClm(text, 1)).hasMessageContaining("block_size=1");
        assertThatThrownBy(() -> new LmEval(List.of(Texts.document(1)), 0, 0))
                .hasMessageContaining("block_size=0");
        assertThatThrownBy(() -> new HfStrided(text, 4, 5))
                .hasMessageContaining("stride=5, block_size=4");
        assertThatThrownBy(() -> new HfStrided(text, 4, 0)).hasMessageContaining("stride=0");
        assertThatThrownBy(() -> new HfStrided(Texts.counting(1), 4, 4))
                .hasMessageContaining("ids=1, needed=2");
        assertThatThrownBy(() -> Protocol.requireBlockSize(65, 64))
                .hasMessageContaining("block_size=65, context=64");
    }

    @Test
    void protocolsAreKnownByTheirNames() {
        for (Protocol protocol : Protocol.values()) {
            assertThat(Protocol.parse(protocol.toString())).isEqualTo(protocol);
        }
        assertThatThrownBy(() -> Protocol.parse("hf_strided"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "unknown protocol 'hf_strided'; known are hf-strided, run-clm, lm-eval");
    }
}
