package org.diagonal.eval.measure.effect;

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
import java.util.stream.LongStream;
import org.diagonal.eval.measure.perplexity.Bigram;
import org.diagonal.eval.measure.perplexity.Evaluation;
import org.diagonal.eval.measure.perplexity.HfStrided;
import org.diagonal.eval.measure.perplexity.LmEval;
import org.diagonal.eval.measure.perplexity.Part;
import org.diagonal.eval.measure.perplexity.Protocol;
import org.diagonal.eval.measure.perplexity.RunClm;
import org.diagonal.eval.measure.perplexity.Texts;
import org.diagonal.eval.measure.perplexity.Windows;
import org.diagonal.eval.measure.statistics.Interval;
import org.diagonal.wikitext.Document;
import org.junit.jupiter.api.Test;

final class PerplexityRatioTest {

    private static PerplexityRatio compare(List<Evaluation> first, List<Evaluation> second) {
        List<Long> seeds = LongStream.range(42, 42 + first.size()).boxed().toList();
        return PerplexityRatio.of(seeds, first, second);
    }

    private static PerplexityRatio compare(Evaluation first, Evaluation second) {
        return compare(List.of(first), List.of(second));
    }

    @Test
    void aModelComparedWithItselfGivesExactlyOne() {
        for (Windows windows :
                List.of(
                        new HfStrided(Texts.counting(300), 16, 5),
                        new RunClm(Texts.counting(300), 16),
                        new HfStrided(Texts.counting(5), 16, 16),
                        new LmEval(texts(40), 8, 0))) {
            Evaluation one = Texts.measure(new Bigram(16, 1 / 3.0), windows);
            PerplexityRatio comparison = compare(List.of(one, one, one), List.of(one, one, one));

            assertThat(comparison.value()).isEqualTo(1);
            assertThat(comparison.interval().low()).isEqualTo(1);
            assertThat(comparison.interval().high()).isEqualTo(1);
            assertThat(comparison.values()).containsExactly(1.0, 1.0, 1.0);
            assertThat(comparison.verdict()).isEqualTo(Effect.Verdict.NO_SIGNIFICANT_DIFFERENCE);
        }
    }

    @Test
    void theRatioIsThatOfThePerplexities() {
        LmEval windows = new LmEval(texts(40), 8, 0);
        Evaluation first = Texts.measure(new Bigram(16, 1), windows);
        Evaluation second = Texts.measure(new Bigram(16, 0.9), windows);
        PerplexityRatio comparison = compare(first, second);

        assertThat(comparison.value())
                .isCloseTo(second.perplexity() / first.perplexity(), within(1e-12));
        assertThat(comparison.interval().low()).isLessThan(comparison.value());
        assertThat(comparison.interval().high()).isGreaterThan(comparison.value());
        assertThat(comparison.unit()).isEqualTo("articles");
        assertThat(comparison.units()).isEqualTo(40);
        assertThat(comparison.seeds()).isEqualTo(1);
    }

    /**
     * By hand: d = −1/6; residuals −2 + 4/6 and 1 + 2/6; v = 2 · (2 · (4/3)²)/36, t of 1 degree.
     */
    @Test
    void twoUnitsHaveStudentsIntervalOfOneDegree() {
        Evaluation first = segments(new double[] {4, 8}, 4, 2);
        Evaluation second = segments(new double[] {2, 9}, 4, 2);
        PerplexityRatio comparison = compare(first, second);

        assertThat(comparison.unit()).isEqualTo("segments");
        assertThat(comparison.units()).isEqualTo(2);
        assertThat(comparison.value()).isCloseTo(Math.exp(-1 / 6.0), within(1e-15));
        double half = 12.7062047 * Math.sqrt(2 * 2 * 16 / 9.0 / 36);
        assertThat(comparison.interval().high()).isCloseTo(Math.exp(-1 / 6.0 + half), within(1e-5));
        assertThat(comparison.sampleInterval()).isEqualTo(comparison.interval());
    }

    @Test
    void aConstantGainPerTargetHasAnIntervalWithoutWidth() {
        List<Part> before = new ArrayList<>();
        List<Part> after = new ArrayList<>();
        for (int i = 1; i <= 20; i++) {
            before.add(new Part(3.0 * i + i, i));
            after.add(new Part(3.0 * i, i));
        }
        PerplexityRatio comparison = compare(evaluation(before), evaluation(after));

        assertThat(comparison.interval().low()).isCloseTo(Math.exp(-1), within(1e-15));
        assertThat(comparison.interval().high()).isCloseTo(Math.exp(-1), within(1e-15));
    }

    @Test
    void theIntervalCoversTheTruthAboutNineteenTimesInTwenty() {
        double truth = Math.exp(-0.02);
        int covered = 0;
        for (long i = 0; i < 400; i++) {
            PerplexityRatio comparison = compare(noisy(2 * i, 60, 0), noisy(2 * i + 1, 60, -0.02));
            if (comparison.interval().contains(truth)) {
                covered++;
            }
        }
        assertThat(covered).isBetween(364, 392); // 91 % to 98 %
    }

    @Test
    void theRatioIsTheMeanOverSeedsAndEachSeedKeepsItsOwn() {
        List<Evaluation> first = List.of(noisy(1, 30, 0), noisy(2, 30, 0));
        List<Evaluation> second = List.of(noisy(3, 30, -0.1), noisy(4, 30, 0.1));
        PerplexityRatio comparison = compare(first, second);

        assertThat(comparison.seeds()).isEqualTo(2);
        List<Double> ratios = comparison.values();
        for (int i = 0; i < 2; i++) {
            assertThat(ratios.get(i))
                    .isCloseTo(
                            second.get(i).perplexity() / first.get(i).perplexity(), within(1e-12));
        }
        assertThat(comparison.value())
                .isCloseTo(Math.sqrt(ratios.get(0) * ratios.get(1)), within(1e-12));
        assertThat(comparison.sentence("b", "a")).contains("seeds 42 and 43, 30 articles)");
        assertThat(comparison.perSeed().get(1).seed()).isEqualTo(43);
    }

    @Test
    void fewerThanTenArticlesWithTargetsAreTakenAsSegments() {
        assertThat(compare(noisy(1, 9, 0), noisy(2, 9, 0)).unit()).isEqualTo("segments");
        assertThat(compare(noisy(1, 10, 0), noisy(2, 10, 0)).unit()).isEqualTo("articles");
        // articles without a target do not count
        Evaluation some = Texts.measure(new Bigram(16, 1), new LmEval(texts(8), 8, 0));
        List<Part> padded = new ArrayList<>(some.articles());
        for (int i = 0; i < 5; i++) {
            padded.add(new Part(0, 0));
        }
        PerplexityRatio comparison = compare(with(padded, padded), with(padded, padded));
        assertThat(comparison.unit()).isEqualTo("segments");
        assertThat(comparison.units()).isEqualTo(8);
    }

    @Test
    void whatCannotBePairedIsRefused() {
        Evaluation one = noisy(1, 12, 0);
        assertThatThrownBy(() -> compare(List.of(one), List.of(one, one)))
                .hasMessageContaining("measurements=1 and 2");
        assertThatThrownBy(() -> compare(List.of(), List.of()))
                .hasMessageContaining("measurements=0 and 0");
        assertThatThrownBy(() -> compare(one, noisy(1, 13, 0)))
                .hasMessageContaining("different targets");
        List<Part> moved = new ArrayList<>(one.articles());
        moved.set(0, new Part(1, one.articles().get(0).targets() + 1));
        moved.set(1, new Part(1, one.articles().get(1).targets() - 1));
        assertThatThrownBy(() -> compare(one, evaluation(moved)))
                .hasMessageContaining("same targets in articles 0: 20 and 21");
        Evaluation single = segments(new double[] {3}, 1);
        assertThatThrownBy(() -> compare(single, single))
                .hasMessageContaining("at least 2 units with targets: found 1");
    }

    @Test
    void theSentenceSaysWhatTheIntervalAllows() {
        assertThat(ratio(0.985, 0.981, 0.989, 3).sentence("both", "none"))
                .isEqualTo(
                        "both improves perplexity by 1.50 % over none (95 % interval 1.10 to 1.90 %;"
                                + " seeds 1 to 3, 62 articles)");
        assertThat(ratio(1.02, 1.01, 1.03, 3).sentence("both", "none"))
                .startsWith(
                        "both worsens perplexity by 2.00 % against none (95 % interval 1.00 to 3.00 %");
        assertThat(ratio(1.02, 0.99, 1.03, 3).sentence("both", "none"))
                .startsWith("no significant difference in perplexity between both and none (");
        assertThat(ratio(0.985, 0.981, 1, 3).verdict())
                .isEqualTo(Effect.Verdict.NO_SIGNIFICANT_DIFFERENCE);
    }

    @Test
    void seedsAreNamed() {
        assertThat(ratio(1, 1, 1, 1).seedWords()).isEqualTo("seed 1");
        assertThat(ratio(1, 1, 1, 3).seedWords()).isEqualTo("seeds 1 to 3");
        Interval ends = new Interval(0.9, 1.1);
        List<PerplexityRatio.SeedRatio> apart =
                List.of(
                        new PerplexityRatio.SeedRatio(7, 1),
                        new PerplexityRatio.SeedRatio(42, 1),
                        new PerplexityRatio.SeedRatio(43, 1));
        assertThat(new PerplexityRatio(apart, 1, ends, ends, "articles", 9).seedWords())
                .isEqualTo("seeds 7, 42, 43");
    }

    @Test
    void oneSeedIsNamedAndNoLaw() {
        assertThat(ratio(0.985, 0.981, 0.989, 1).sentence("both", "none"))
                .isEqualTo(
                        "both improves perplexity by 1.50 % over none (95 % interval 1.10 to 1.90 %;"
                                + " seed 1, 62 articles; other seeds may differ)");
    }

    @Test
    void existingModelsHaveNoSeed() {
        assertThat(ratio(0.985, 0.981, 0.989, 1).sentenceOfModels("runs/b", "runs/a"))
                .isEqualTo(
                        "runs/b improves perplexity by 1.50 % over runs/a (95 % interval 1.10 to"
                                + " 1.90 %; 62 articles; of these two models, not of other"
                                + " trainings)");
    }

    @Test
    void theSentenceNeverRoundsAnIntervalOntoNoChange() {
        assertThat(ratio(0.999991, 0.999988, 0.999996, 3).sentence("both", "none"))
                .startsWith(
                        "both improves perplexity by 0.0009 % over none (95 % interval 0.0004 to"
                                + " 0.0012 %;");
        assertThat(ratio(1, 1, 1, 3).sentence("b", "a")).contains("0.00 to 0.00 %");
    }

    private static PerplexityRatio ratio(double ratio, double low, double high, int seeds) {
        Interval ends = new Interval(low, high);
        return new PerplexityRatio(
                LongStream.rangeClosed(1, seeds)
                        .mapToObj(seed -> new PerplexityRatio.SeedRatio(seed, ratio))
                        .toList(),
                ratio,
                ends,
                ends,
                "articles",
                62);
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
