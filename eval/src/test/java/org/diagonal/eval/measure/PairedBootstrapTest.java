package org.diagonal.eval.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.diagonal.wikitext.Document;
import org.junit.jupiter.api.Test;

class PairedBootstrapTest {

    private static final PairedBootstrap BOOTSTRAP = new PairedBootstrap(1000, 7);

    @Test
    void aModelComparedWithItselfGivesExactlyOne() {
        for (Windows windows :
                List.of(
                        new HfStrided(Texts.counting(300), 16, 5),
                        new RunClm(Texts.counting(300), 16),
                        new HfStrided(Texts.counting(5), 16, 16),
                        new LmEval(texts(40), 8, 0))) {
            Evaluation one = Texts.measure(new Bigram(16, 1 / 3.0), windows);
            Comparison comparison =
                    BOOTSTRAP.compare(List.of(one, one, one), List.of(one, one, one));

            assertThat(comparison.ratio()).isEqualTo(1);
            assertThat(comparison.ciLow()).isEqualTo(1);
            assertThat(comparison.ciHigh()).isEqualTo(1);
            assertThat(comparison.ratiosPerSeed()).containsExactly(1.0, 1.0, 1.0);
            assertThat(comparison.sentence()).contains("no difference can be told");
        }
    }

    @Test
    void theRatioIsThatOfThePerplexities() {
        LmEval windows = new LmEval(texts(40), 8, 0);
        Evaluation first = Texts.measure(new Bigram(16, 1), windows);
        Evaluation second = Texts.measure(new Bigram(16, 0.9), windows);
        Comparison comparison = BOOTSTRAP.compare(first, second);

        assertThat(comparison.ratio())
                .isCloseTo(second.perplexity() / first.perplexity(), within(1e-12));
        assertThat(comparison.ciLow()).isLessThan(comparison.ratio());
        assertThat(comparison.ciHigh()).isGreaterThan(comparison.ratio());
        assertThat(comparison.unit()).isEqualTo("articles");
        assertThat(comparison.units()).isEqualTo(40);
        assertThat(comparison.resamples()).isEqualTo(1000);
        assertThat(comparison.seeds()).isEqualTo(1);
    }

    @Test
    void twoUnitsHaveTheIntervalThatTheirThreeSamplesGive() {
        // Samples (0,0), (0,1), (1,1) with chances 1/4, 1/2, 1/4: both ends are certain.
        Evaluation first = segments(new double[] {4, 8}, 4, 2);
        Evaluation second = segments(new double[] {2, 9}, 4, 2);
        Comparison comparison = BOOTSTRAP.compare(first, second);

        assertThat(comparison.unit()).isEqualTo("segments");
        assertThat(comparison.units()).isEqualTo(2);
        assertThat(comparison.ratio()).isCloseTo(Math.exp(-1 / 6.0), within(1e-15));
        assertThat(comparison.ciLow()).isCloseTo(Math.exp(-2 / 4.0), within(1e-15));
        assertThat(comparison.ciHigh()).isCloseTo(Math.exp(1 / 2.0), within(1e-15));
    }

    @Test
    void aConstantGainPerTargetHasAnIntervalWithoutWidth() {
        List<Part> before = new ArrayList<>();
        List<Part> after = new ArrayList<>();
        for (int i = 1; i <= 20; i++) {
            before.add(new Part(3.0 * i + i, i));
            after.add(new Part(3.0 * i, i));
        }
        Comparison comparison = BOOTSTRAP.compare(evaluation(before), evaluation(after));

        assertThat(comparison.ciLow()).isCloseTo(Math.exp(-1), within(1e-15));
        assertThat(comparison.ciHigh()).isCloseTo(Math.exp(-1), within(1e-15));
    }

    @Test
    void theSameSeedGivesTheSameInterval() {
        Evaluation first = noisy(1, 30, 0);
        Evaluation second = noisy(2, 30, 0.01);

        assertThat(new PairedBootstrap(500, 3).compare(first, second))
                .isEqualTo(new PairedBootstrap(500, 3).compare(first, second));
        assertThat(new PairedBootstrap(500, 4).compare(first, second).ciLow())
                .isNotEqualTo(new PairedBootstrap(500, 3).compare(first, second).ciLow());
    }

    @Test
    void theIntervalCoversTheTruthAboutNineteenTimesInTwenty() {
        double truth = Math.exp(-0.02);
        int covered = 0;
        for (long i = 0; i < 400; i++) {
            Comparison comparison =
                    new PairedBootstrap(400, i)
                            .compare(noisy(2 * i, 60, 0), noisy(2 * i + 1, 60, -0.02));
            if (comparison.ciLow() <= truth && truth <= comparison.ciHigh()) {
                covered++;
            }
        }
        assertThat(covered).isBetween(364, 392); // 91 % to 98 %
    }

    @Test
    void natsAreAveragedOverSeedsBeforePairingAndEachSeedKeepsItsRatio() {
        List<Evaluation> first = List.of(noisy(1, 30, 0), noisy(2, 30, 0));
        List<Evaluation> second = List.of(noisy(3, 30, -0.1), noisy(4, 30, 0.1));
        Comparison comparison = BOOTSTRAP.compare(first, second);

        assertThat(comparison.seeds()).isEqualTo(2);
        List<Double> ratios = comparison.ratiosPerSeed();
        for (int i = 0; i < 2; i++) {
            assertThat(ratios.get(i))
                    .isCloseTo(
                            second.get(i).perplexity() / first.get(i).perplexity(), within(1e-12));
        }
        assertThat(comparison.ratio())
                .isCloseTo(Math.sqrt(ratios.get(0) * ratios.get(1)), within(1e-12));
        assertThat(comparison.sentence()).contains("30 articles, 2 seeds)");
    }

    @Test
    void fewerThanTenArticlesWithTargetsAreResampledAsSegments() {
        assertThat(BOOTSTRAP.compare(noisy(1, 9, 0), noisy(2, 9, 0)).unit()).isEqualTo("segments");
        assertThat(BOOTSTRAP.compare(noisy(1, 10, 0), noisy(2, 10, 0)).unit())
                .isEqualTo("articles");
        // articles without a target do not count
        Evaluation some = Texts.measure(new Bigram(16, 1), new LmEval(texts(8), 8, 0));
        List<Part> padded = new ArrayList<>(some.articles());
        for (int i = 0; i < 5; i++) {
            padded.add(new Part(0, 0));
        }
        Comparison comparison = BOOTSTRAP.compare(with(padded, padded), with(padded, padded));
        assertThat(comparison.unit()).isEqualTo("segments");
        assertThat(comparison.units()).isEqualTo(8);
    }

    @Test
    void whatCannotBePairedIsRefused() {
        Evaluation one = noisy(1, 12, 0);
        assertThatThrownBy(() -> BOOTSTRAP.compare(List.of(one), List.of(one, one)))
                .hasMessageContaining("measurements=1 and 2");
        assertThatThrownBy(() -> BOOTSTRAP.compare(List.of(), List.of()))
                .hasMessageContaining("measurements=0 and 0");
        assertThatThrownBy(() -> BOOTSTRAP.compare(one, noisy(1, 13, 0)))
                .hasMessageContaining("different targets");
        List<Part> moved = new ArrayList<>(one.articles());
        moved.set(0, new Part(1, one.articles().get(0).targets() + 1));
        moved.set(1, new Part(1, one.articles().get(1).targets() - 1));
        assertThatThrownBy(() -> BOOTSTRAP.compare(one, evaluation(moved)))
                .hasMessageContaining("same targets in articles 0: 20 and 21");
        Evaluation single = segments(new double[] {3}, 1);
        assertThatThrownBy(() -> BOOTSTRAP.compare(single, single))
                .hasMessageContaining("at least 2 segments with targets: found 1");
        assertThatThrownBy(() -> new PairedBootstrap(0, 1)).hasMessageContaining("at least 1: 0");
    }

    @Test
    void theSentenceSaysWhatTheIntervalAllows() {
        assertThat(comparison(0.985, 0.981, 0.989).sentence())
                .isEqualTo(
                        "ratio 0.985 (95 % interval 0.981 to 0.989, 62 articles): the scalings"
                                + " help");
        assertThat(comparison(1.02, 1.01, 1.03).sentence()).endsWith(": the scalings hurt");
        assertThat(comparison(1.02, 0.99, 1.03).sentence()).endsWith(": no difference can be told");
        assertThat(comparison(0.985, 0.981, 1).sentence()).endsWith("no difference can be told");
        assertThat(comparison(0.9, 0.8, 0.95).sentence("B is better", "A is better"))
                .endsWith(": B is better");
    }

    @Test
    void theSentenceNeverRoundsAnIntervalOntoOne() {
        assertThat(comparison(0.99991, 0.99988, 0.99996).sentence())
                .isEqualTo(
                        "ratio 0.99991 (95 % interval 0.99988 to 0.99996, 62 articles): the"
                                + " scalings help");
        assertThat(comparison(1, 1, 1).sentence()).startsWith("ratio 1.000 (95 % interval 1.000");
    }

    private static Comparison comparison(double ratio, double low, double high) {
        return new Comparison(ratio, low, high, "articles", 62, 10_000, 1, List.of(ratio));
    }

    private static List<Document> texts(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> Texts.document(IntStream.range(i, 2 * i + 3).toArray()))
                .toList();
    }

    /** Articles of 20 to 24 targets whose nats per target are 3 + gain, with noise of their own. */
    private static Evaluation noisy(long seed, int articles, double gain) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < articles; i++) {
            int targets = 20 + i % 5;
            double noise = 0;
            for (int j = 0; j < 12; j++) {
                noise += random.nextDouble() - 0.5; // of variance 1
            }
            parts.add(new Part(targets * (3 + gain + 0.1 * noise), targets));
        }
        return evaluation(parts);
    }

    private static Evaluation segments(double[] nats, long... targets) {
        List<Part> segments =
                IntStream.range(0, nats.length)
                        .mapToObj(i -> new Part(nats[i], targets[i]))
                        .toList();
        double sum = IntStream.range(0, nats.length).mapToDouble(i -> nats[i]).sum();
        return with(List.of(new Part(sum, Arrays.stream(targets).sum())), segments);
    }

    private static Evaluation evaluation(List<Part> parts) {
        return with(parts, parts);
    }

    private static Evaluation with(List<Part> articles, List<Part> segments) {
        return new Evaluation(
                Protocol.RUN_CLM,
                32,
                OptionalInt.empty(),
                1_000_000,
                Texts.PROVENANCE,
                1,
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                articles,
                segments);
    }
}
