package org.diagonal.eval.measure.perplexity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.assertj.core.data.Offset;
import org.diagonal.wikitext.Document;
import org.diagonal.wikitext.Tokens;
import org.junit.jupiter.api.Test;

class PerplexityTest {

    private static final Offset<Double> EXACT = within(1e-12);

    /** Nats of 0→1, 1→2, 2→0, 0→3, 3→1 by hand: 1, 2, 4, 8, 16; all else 100. */
    private static final Scorer TABLE =
            scorer(
                    (before, id) ->
                            switch (10 * before + id) {
                                case 1 -> 1;
                                case 12 -> 2;
                                case 20 -> 4;
                                case 3 -> 8;
                                case 31 -> 16;
                                default -> 100;
                            });

    private static final int[] IDS = {0, 1, 2, 0, 3, 1};

    @Test
    void hfStridedCountsTheTargetsThatItScores() {
        Evaluation evaluation = Texts.measure(TABLE, new HfStrided(text(0, 2), 4, 2));

        assertThat(evaluation.protocol()).isEqualTo(Protocol.HF_STRIDED);
        assertThat(evaluation.stride()).isEqualTo(OptionalInt.of(2));
        assertThat(evaluation.blockSize()).isEqualTo(4);
        assertThat(evaluation.tokens()).isEqualTo(6);
        assertThat(evaluation.targets()).isEqualTo(5);
        assertThat(evaluation.nats()).isEqualTo(31);
        assertThat(evaluation.perplexity()).isCloseTo(Math.exp(31 / 5.0), EXACT);
        assertThat(evaluation.articles()).containsExactly(new Part(1, 1), new Part(30, 4));
        assertThat(evaluation.wordPerplexity()).isEmpty();
        assertThat(evaluation.bitsPerByte()).isEmpty();
    }

    @Test
    void thePagesFigureWeightsAWindowByItsLabelsLessOne() {
        // windows 0..3 and 2..5: 4 labels, of which 3 are scored (1 + 2 + 4), and 2 labels (8 + 16)
        Evaluation evaluation = Texts.measure(TABLE, new HfStrided(text(0), 4, 2));

        double mean = (7.0 / 3 * 3 + 24.0 / 2 * 1) / 4;
        assertThat(evaluation.huggingfacePagePerplexity().orElseThrow())
                .isCloseTo(Math.exp(mean), EXACT);
    }

    @Test
    void thePagesFigureIsTheSameWhereWindowsAreDisjoint() {
        Evaluation evaluation = Texts.measure(TABLE, new HfStrided(text(0), 3, 3));

        assertThat(evaluation.nats()).isEqualTo(1 + 2 + 8 + 16);
        assertThat(evaluation.huggingfacePagePerplexity().orElseThrow())
                .isCloseTo(evaluation.perplexity(), within(1e-9));
    }

    @Test
    void runClmAddsUpWholeBlocks() {
        Evaluation evaluation = Texts.measure(TABLE, new RunClm(text(0, 4), 4));

        assertThat(evaluation.nats()).isEqualTo(1 + 2 + 4);
        assertThat(evaluation.targets()).isEqualTo(3);
        assertThat(evaluation.articles()).containsExactly(new Part(7, 3), new Part(0, 0));
        assertThat(evaluation.documents()).isEqualTo(2);
        assertThat(evaluation.stride()).isEmpty();
        assertThat(evaluation.huggingfacePagePerplexity()).isEmpty();
    }

    @Test
    void lmEvalDividesByTheWordsAndBytesOfTheOriginals() {
        List<Document> documents = List.of(document(3, 7, 1, 2, 0), document(2, 5, 3, 1));
        Evaluation evaluation = Texts.measure(TABLE, new LmEval(documents, 2, 0));

        // 0→1, 1→2, 2→0 and 0→3, 3→1
        assertThat(evaluation.nats()).isEqualTo(7 + 24);
        assertThat(evaluation.targets()).isEqualTo(5);
        assertThat(evaluation.articles()).containsExactly(new Part(7, 3), new Part(24, 2));
        assertThat(evaluation.wordPerplexity().orElseThrow()).isCloseTo(Math.exp(31 / 5.0), EXACT);
        assertThat(evaluation.bytePerplexity().orElseThrow()).isCloseTo(Math.exp(31 / 12.0), EXACT);
        assertThat(evaluation.bitsPerByte().orElseThrow())
                .isCloseTo(31 / (12 * Math.log(2)), EXACT);
    }

    @Test
    void lmEvalOverIdsWithoutTextHasNoFiguresPerWordOrByte() {
        List<Document> documents = List.of(document(3, 7, 1, 2, 0), Texts.document(3, 1));
        Evaluation evaluation = Texts.measure(TABLE, new LmEval(documents, 2, 0));

        assertThat(evaluation.wordPerplexity()).isEmpty();
        assertThat(evaluation.bytePerplexity()).isEmpty();
        assertThat(evaluation.bitsPerByte()).isEmpty();
    }

    @Test
    void aWordPerplexityBeyondDoubleIsUndefined() {
        Scorer dear = scorer((before, id) -> 500);
        Evaluation evaluation =
                Texts.measure(dear, new LmEval(List.of(document(1, 4, 1, 2)), 2, 0));

        assertThat(evaluation.wordPerplexity()).isEmpty();
        assertThat(evaluation.bitsPerByte()).isPresent();
    }

    @Test
    void idsThatAreBytesHaveFiguresPerByteUnderEveryProtocol() {
        for (Windows windows : List.of(new HfStrided(text(0), 4, 2), new RunClm(text(0), 6))) {
            Evaluation evaluation =
                    Perplexity.measure(TABLE, windows, Texts.PROVENANCE, true, 1, progress -> {});

            assertThat(evaluation.bitsPerByte().orElseThrow())
                    .isCloseTo(31 / (5 * Math.log(2)), EXACT);
            assertThat(evaluation.bytePerplexity())
                    .isEqualTo(OptionalDouble.of(evaluation.perplexity()));
            assertThat(evaluation.wordPerplexity()).isEmpty();
        }
    }

    @Property(tries = 200)
    void figuresDoNotDependOnTheBatchSize(
            @ForAll @Size(min = 1, max = 20) List<@IntRange(min = 1, max = 25) Integer> sizes,
            @ForAll @IntRange(min = 1, max = 9) int batchSize) {
        List<Document> documents =
                sizes.stream()
                        .map(size -> Texts.document(IntStream.range(3, 3 + size).toArray()))
                        .toList();
        LmEval windows = new LmEval(documents, 7, 1);
        Bigram scorer = new Bigram(8, 1 / 3.0);

        Evaluation one = measure(scorer, windows, 1);
        Evaluation many = measure(scorer, windows, batchSize);

        assertThat(many.nats()).isEqualTo(one.nats());
        assertThat(many.articles()).isEqualTo(one.articles());
        assertThat(many.segments()).isEqualTo(one.segments());
    }

    @Test
    void windowsOfEqualLengthShareABatch() {
        List<Document> documents = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            documents.add(i % 2 == 0 ? Texts.document(1, 2, 3) : Texts.document(1, 2, 3, 4, 5));
        }
        List<Integer> batches = new ArrayList<>();
        Bigram bigram = new Bigram(8, 1);
        Scorer counting =
                new Scorer() {
                    @Override
                    public int contextLength() {
                        return 8;
                    }

                    @Override
                    public double[][] nats(int[][] inputIds, int[][] targets) {
                        batches.add(inputIds.length);
                        return bigram.nats(inputIds, targets);
                    }
                };
        measure(counting, new LmEval(documents, 8, 0), 4);

        assertThat(batches).containsExactly(4, 2, 4, 2);
    }

    @Test
    void progressEndsWithEverythingScored() {
        List<Progress> seen = new ArrayList<>();
        Evaluation evaluation =
                Perplexity.measure(
                        TABLE, new HfStrided(text(0), 3, 1), Texts.PROVENANCE, false, 3, seen::add);

        assertThat(seen).hasSize(2);
        assertThat(seen.get(0).windows()).isEqualTo(3);
        assertThat(seen.get(1)).isEqualTo(new Progress(4, 4, 5, evaluation.nats()));
    }

    @Test
    void segmentsAreRunsOfWindows() {
        Bigram scorer = new Bigram(16, 1);
        Evaluation many = Texts.measure(scorer, new RunClm(Texts.counting(4000), 4));
        assertThat(many.segments()).hasSize(200).allMatch(part -> part.targets() == 5 * 3);

        Evaluation forty = Texts.measure(scorer, new RunClm(Texts.counting(160), 4));
        assertThat(forty.segments()).hasSize(40).allMatch(part -> part.targets() == 3);
        assertThat(forty.segments().get(1).nats())
                .isEqualTo(scorer.nats(4, 5) + scorer.nats(5, 6) + scorer.nats(6, 7));
    }

    @Test
    void aTextOfFewWindowsIsStillCutIntoThirtySegments() {
        Evaluation evaluation =
                Texts.measure(new Bigram(64, 1), new HfStrided(Texts.counting(128), 64, 64));

        assertThat(evaluation.segments()).hasSize(30);
        assertThat(evaluation.segments()).allMatch(part -> part.targets() >= 4);
    }

    @Test
    void natsThatAreNotFiniteNameTheWindow() {
        Scorer broken = scorer((before, id) -> id == 3 ? Double.NaN : 1);
        assertThatThrownBy(() -> Texts.measure(broken, new HfStrided(text(0), 3, 2)))
                .isInstanceOf(ArithmeticException.class)
                .hasMessage(
                        "the model gives nats of NaN: hf-strided window 1 of 3 (from 0),"
                                + " position 1, article 0");
    }

    @Test
    void aPerplexityBeyondDoubleIsAnError() {
        Scorer diverged = scorer((before, id) -> 1000);
        assertThatThrownBy(() -> Texts.measure(diverged, new HfStrided(text(0), 3, 2)))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("nats=5000.0, targets=5");
    }

    @Test
    void whatDoesNotFitIsRefusedBeforeAnythingIsScored() {
        Scorer never = scorer((before, id) -> Double.NaN);
        HfStrided windows = new HfStrided(Texts.counting(100), 64, 64);
        assertThatThrownBy(() -> Texts.measure(never, windows))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("block_size=64, context=10");
        assertThatThrownBy(() -> measure(never, new HfStrided(text(0), 3, 2), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("batch size must be at least 1: 0");
    }

    private static Evaluation measure(Scorer scorer, Windows windows, int batchSize) {
        return Perplexity.measure(
                scorer, windows, Texts.PROVENANCE, false, batchSize, progress -> {});
    }

    private static Tokens text(int... articleStarts) {
        return new Tokens(IntBuffer.wrap(IDS), new int[] {0}, articleStarts);
    }

    private static Document document(long words, long bytes, int... ids) {
        return new Document(IntBuffer.wrap(ids), OptionalLong.of(words), OptionalLong.of(bytes));
    }

    private interface Nats {
        double of(int before, int id);
    }

    private static Scorer scorer(Nats nats) {
        return new Scorer() {
            @Override
            public int contextLength() {
                return 10;
            }

            @Override
            public double[][] nats(int[][] inputIds, int[][] targets) {
                double[][] result = new double[inputIds.length][inputIds[0].length];
                for (int b = 0; b < result.length; b++) {
                    for (int t = 0; t < result[b].length; t++) {
                        if (targets[b][t] != -100) {
                            result[b][t] = nats.of(inputIds[b][t], targets[b][t]);
                        }
                    }
                }
                return result;
            }
        };
    }
}
