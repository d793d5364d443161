package org.diagonal.plugin.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class SamplerTest {

    private static final OptionalInt ALL = OptionalInt.empty();

    /** Few different values, so that many are equal. */
    @Provide
    Arbitrary<float[]> logits() {
        return Arbitraries.floats()
                .between(-6, 6)
                .ofScale(0)
                .array(float[].class)
                .ofMinSize(1)
                .ofMaxSize(40);
    }

    private static int[] candidates(
            double temperature, OptionalInt topK, double topP, float[] logits) {
        return new Sampler(new Sampling(temperature, topK, topP, 1)).candidates(logits);
    }

    private static double[] probabilities(float[] logits, double temperature) {
        double[] all = new double[logits.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = Math.exp(logits[i] / temperature);
        }
        double sum = Arrays.stream(all).sum();
        return Arrays.stream(all).map(weight -> weight / sum).toArray();
    }

    @Property
    void allIdsAreRankedByLogitThenById(@ForAll("logits") float[] logits) {
        int[] ranked = candidates(1, ALL, 1, logits);
        assertThat(IntStream.of(ranked).sorted().toArray())
                .isEqualTo(IntStream.range(0, logits.length).toArray());
        for (int i = 1; i < ranked.length; i++) {
            float before = logits[ranked[i - 1]];
            float after = logits[ranked[i]];
            assertThat(before > after || (before == after && ranked[i - 1] < ranked[i])).isTrue();
        }
    }

    @Property
    void topKKeepsTheKMostLikely(
            @ForAll("logits") float[] logits, @ForAll @IntRange(min = 1, max = 50) int k) {
        int[] kept = candidates(1, OptionalInt.of(k), 1, logits);
        int[] ranked = candidates(1, ALL, 1, logits);
        assertThat(kept).isEqualTo(Arrays.copyOf(ranked, Math.min(k, logits.length)));
    }

    @Property
    void topPKeepsTheFewestThatAreLikelyEnough(
            @ForAll("logits") float[] logits,
            @ForAll @DoubleRange(min = 0.01, max = 0.99) double p,
            @ForAll @DoubleRange(min = 0.3, max = 3) double temperature) {
        int[] kept = candidates(temperature, ALL, p, logits);
        double[] probabilities = probabilities(logits, temperature);
        double sum = IntStream.of(kept).mapToDouble(id -> probabilities[id]).sum();
        assertThat(sum).isGreaterThanOrEqualTo(p - 1e-12);
        assertThat(sum - probabilities[kept[kept.length - 1]]).isLessThan(p + 1e-12);
        int[] ranked = candidates(temperature, ALL, 1, logits);
        assertThat(kept).isEqualTo(Arrays.copyOf(ranked, kept.length));
    }

    @Property
    void topPCountsWhatTopKLeaves(@ForAll("logits") float[] logits) {
        Assume.that(logits.length > 3);
        int[] three = candidates(1, OptionalInt.of(3), 1, logits);
        float[] left = {logits[three[0]], logits[three[1]], logits[three[2]]};
        int[] kept = candidates(1, OptionalInt.of(3), 0.7, logits);
        assertThat(kept).hasSameSizeAs(candidates(1, ALL, 0.7, left));
    }

    @Property
    void temperatureZeroAndTopOneAreGreedy(
            @ForAll("logits") float[] logits,
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 9) int k) {
        int best = 0;
        for (int id = 1; id < logits.length; id++) {
            best = logits[id] > logits[best] ? id : best;
        }
        assertThat(new Sampler(Sampling.GREEDY).choose(logits)).isEqualTo(best);
        assertThat(new Sampler(new Sampling(0, OptionalInt.of(k), 0.5, seed)).choose(logits))
                .isEqualTo(best);
        assertThat(new Sampler(new Sampling(1.5, OptionalInt.of(1), 1, seed)).choose(logits))
                .isEqualTo(best);
        assertThat(new Sampler(new Sampling(1, ALL, 1e-9, seed)).choose(logits)).isEqualTo(best);
    }

    @Property(tries = 200)
    void onlyCandidatesAreDrawnAndASeedRepeats(
            @ForAll("logits") float[] logits, @ForAll long seed) {
        Sampling sampling = new Sampling(0.8, OptionalInt.of(5), 0.9, seed);
        Sampler sampler = new Sampler(sampling);
        int[] draws = IntStream.range(0, 20).map(i -> sampler.choose(logits)).toArray();
        Sampler again = new Sampler(sampling);
        assertThat(IntStream.range(0, 20).map(i -> again.choose(logits)).toArray())
                .isEqualTo(draws);
        int[] candidates = sampler.candidates(logits);
        assertThat(candidates).contains(draws);
    }

    @Example
    void idsAreDrawnAsOftenAsTheirProbabilitySays() {
        float[] logits = {0.5f, -1, 2, 0.5f};
        double[] expected = probabilities(logits, 2);
        Sampler sampler = new Sampler(new Sampling(2, ALL, 1, 42));
        int[] counts = new int[4];
        int draws = 40_000;
        for (int i = 0; i < draws; i++) {
            counts[sampler.choose(logits)]++;
        }
        for (int id = 0; id < 4; id++) {
            assertThat(counts[id] / (double) draws).isCloseTo(expected[id], within(0.01));
        }
    }

    @Example
    void theSmallestTemperatureOverflowsNothing() {
        float[] logits = {-3e38f, 3e38f, 0, 3e38f};
        Sampler sampler = new Sampler(new Sampling(Double.MIN_VALUE, ALL, 1, 1));
        int[] draws = IntStream.range(0, 50).map(i -> sampler.choose(logits)).distinct().toArray();
        assertThat(draws).containsExactlyInAnyOrder(1, 3);
    }

    @Example
    void logitsThatAreNoNumbersAreRefused() {
        for (float wrong : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> new Sampler(Sampling.GREEDY).choose(new float[] {1, wrong}))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("the model's logits are not finite: " + wrong + " for id 1");
        }
    }

    @Example
    void withoutAnyNumberSamplingIsGreedyAndWithCutsItDraws() {
        OptionalDouble none = OptionalDouble.empty();
        assertThat(Sampling.of(none, ALL, none, 3).isGreedy()).isTrue();
        assertThat(Sampling.of(none, OptionalInt.of(3), none, 3).temperature()).isEqualTo(1);
        assertThat(Sampling.of(none, ALL, OptionalDouble.of(0.5), 3).temperature()).isEqualTo(1);
        assertThat(Sampling.of(OptionalDouble.of(0), ALL, OptionalDouble.of(0.5), 3).isGreedy())
                .isTrue();
    }

    @Example
    void numbersOutsideTheirRangesAreRefused() {
        for (double temperature : new double[] {-0.1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> new Sampling(temperature, ALL, 1, 0))
                    .hasMessage("temperature must be 0 or more: " + temperature);
        }
        for (double p : new double[] {0, -1, 1.1, Double.NaN}) {
            assertThatThrownBy(() -> new Sampling(1, ALL, p, 0))
                    .hasMessage("topP must lie above 0 and up to 1: " + p);
        }
        assertThatThrownBy(() -> new Sampling(1, OptionalInt.of(0), 1, 0))
                .hasMessage("topK must be 1 or more: 0");
    }
}
