package org.diagonal.eval.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.apache.commons.numbers.gamma.Erfc;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;
import org.apache.commons.rng.simple.RandomSource;
import org.diagonal.plugin.identity.CentredGain;
import org.diagonal.plugin.identity.DiagonalStatistics;
import org.diagonal.plugin.identity.FactoredMatrix;
import org.diagonal.plugin.identity.Spectrum;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DiagonalChanceTest {

    /** p-values of random heads of one shape, without a gain or with gains that differ much. */
    private static final class Heads {

        private final UniformRandomProvider random;
        private final FactoredMatrix like;
        private final double[] gain;
        private final CentredGain centred;

        Heads(int size, int rank, double spread, long seed) {
            random = RandomSource.XO_RO_SHI_RO_128_PP.create(new long[] {seed, ~seed});
            ZigguratSampler.NormalizedGaussian gaussian =
                    ZigguratSampler.NormalizedGaussian.of(random);
            double[] factor = new double[size * rank];
            Arrays.setAll(factor, i -> gaussian.sample());
            like = FactoredMatrix.of(size, rank, factor, factor);
            gain = new double[size];
            Arrays.setAll(gain, i -> Math.exp(spread * gaussian.sample()));
            centred = CentredGain.of(gain, gain);
        }

        double p() {
            FactoredMatrix matrix = FactoredMatrix.random(like, random);
            DiagonalStatistics read = matrix.withRowGain(gain).withColumnGain(gain).statistics();
            return DiagonalChance.of(matrix.spectrum(), matrix.rank(), centred).p(read);
        }

        /** Whether any of some heads is beyond the bar, as the model they make is judged. */
        boolean isAnyBeyond(int heads) {
            return IntStream.range(0, heads)
                            .mapToDouble(head -> RandomHeads.adjusted(p(), heads))
                            .filter(p -> p <= RandomHeads.ERROR_RATE)
                            .count()
                    > 0;
        }
    }

    private static void assertShare(long found, long of, double expected) {
        double deviation = Math.sqrt(of * expected * (1 - expected));
        assertThat((double) found).isCloseTo(of * expected, within(3 * deviation));
    }

    @ParameterizedTest
    @CsvSource({
        "16, 1, 4, 0, 50000",
        "16, 4, 8, 0, 50000",
        "16, 8, 4, 0, 50000",
        "16, 16, 2, 0, 50000",
        "32, 8, 16, 0, 8000",
        "64, 16, 16, 0, 3000",
        "16, 8, 4, 0.3, 50000",
        "32, 8, 16, 0.3, 8000",
    })
    void inOneOfAHundredModelsChancePutsAHeadBeyondTheBar(
            int size, int rank, int heads, double spread, int models) {
        Heads chance = new Heads(size, rank, spread, 7);
        long beyond = IntStream.range(0, models).filter(i -> chance.isAnyBeyond(heads)).count();
        assertShare(beyond, models, RandomHeads.ERROR_RATE);
    }

    @ParameterizedTest
    @CsvSource({
        "8, 2, 0, 50000",
        "16, 4, 0, 50000",
        "32, 8, 0, 30000",
        "32, 8, 0.5, 30000",
        "64, 16, 0.3, 10000",
        "768, 64, 0, 1000",
    })
    void pIsUniform(int size, int rank, double spread, int heads) {
        Heads chance = new Heads(size, rank, spread, 11);
        double[] sorted = IntStream.range(0, heads).mapToDouble(i -> chance.p()).sorted().toArray();
        double farthest = 0; // Kolmogorov's distance
        for (int i = 0; i < heads; i++) {
            farthest = Math.max(farthest, Math.abs(sorted[i] - (i + 0.5) / heads));
        }
        assertThat(farthest * Math.sqrt(heads)).isLessThan(1.63); // at 1 %
    }

    @ParameterizedTest
    @CsvSource({"16, 4, 0", "16, 8, 0.3"})
    void smallPAreAsRareAsTheySay(int size, int rank, double spread) {
        Heads chance = new Heads(size, rank, spread, 13);
        int heads = 1_000_000;
        double[] small =
                IntStream.range(0, heads)
                        .mapToDouble(i -> chance.p())
                        .filter(p -> p <= 1e-3)
                        .toArray();
        assertShare(small.length, heads, 1e-3);
        assertShare(Arrays.stream(small).filter(p -> p <= 1e-4).count(), heads, 1e-4);
    }

    @Property(tries = 200)
    void pFallsFromOneAndTheBarIsItsInverse(
            @ForAll @IntRange(min = 2, max = 40) int size,
            @ForAll @IntRange(min = 1, max = 8) int wanted,
            @ForAll @DoubleRange(min = 0, max = 1) double even,
            @ForAll @DoubleRange(min = 0, max = 10) double deviations) {
        int rank = Math.min(size, wanted);
        Spectrum spectrum = new Spectrum(2, 1 / (1 + even * (rank - 1)));
        DiagonalChance chance = DiagonalChance.of(spectrum, rank, CentredGain.none(size));
        assertThat(chance.p(0)).isEqualTo(1);
        double p = chance.p(deviations);
        assertThat(p).isBetween(DiagonalChance.SMALLEST_P, 1.0);
        assertThat(chance.p(deviations + 0.1)).isLessThanOrEqualTo(p);
        if (p < 1 && p > 1e-12) {
            assertThat(chance.p(chance.deviations(p))).isCloseTo(p, within(1e-6 * p));
        }
    }

    @Property(tries = 50)
    void noDirectionsOfASmallHeadGetAFalseZero(
            @ForAll @IntRange(min = 6, max = 20) int size,
            @ForAll @DoubleRange(min = 0.05, max = 1) double other) {
        // Both sides alike: as far as singular values 1 and this can bring a diagonal.
        double[] factor = new double[size * 2];
        for (int i = 0; i < size; i++) {
            factor[2 * i] = Math.cos(2 * Math.PI * i / size);
            factor[2 * i + 1] = Math.sqrt(other) * Math.sin(2 * Math.PI * i / size);
        }
        FactoredMatrix matrix = FactoredMatrix.of(size, 2, factor, factor);
        double p =
                DiagonalChance.of(matrix.spectrum(), 2, CentredGain.none(size))
                        .p(matrix.statistics());
        assertThat(p).isLessThan(1e-2).isGreaterThan(other < 0.9 ? 1e-40 : 0);
    }

    @Test
    void manyEqualDirectionsGiveTheNormalLaw() {
        DiagonalChance chance =
                DiagonalChance.of(new Spectrum(1, 1.0 / 64), 64, CentredGain.none(768));
        for (double x : new double[] {0.5, 2, 3, 4}) {
            double normal = Erfc.value(x / Math.sqrt(2));
            assertThat(chance.p(x)).isCloseTo(normal, within(0.01 * normal));
        }
        assertThat(chance.p(26)).isBetween(1e-152, 1e-147); // 1e-148.6 if it were normal
        assertThat(chance.p(60)).isEqualTo(DiagonalChance.SMALLEST_P);
        assertThat(chance.p(Double.POSITIVE_INFINITY)).isEqualTo(DiagonalChance.SMALLEST_P);
    }

    @Test
    void theScaleOfAHeadDoesNotMatter() {
        double[] left = new double[24];
        double[] right = new double[24];
        Arrays.setAll(left, i -> Math.sin(3 * i + 1));
        Arrays.setAll(right, i -> Math.cos(5 * i * i));
        FactoredMatrix one = FactoredMatrix.of(8, 3, left, right);
        double[] large = Arrays.stream(left).map(value -> 1e6 * value).toArray();
        FactoredMatrix other = FactoredMatrix.of(8, 3, large, right);
        assertThat(p(other)).isCloseTo(p(one), within(1e-9));
        assertThat(p(FactoredMatrix.of(8, 3, new double[24], right))).isEqualTo(1);
    }

    private static double p(FactoredMatrix matrix) {
        return DiagonalChance.of(matrix.spectrum(), matrix.rank(), CentredGain.none(matrix.size()))
                .p(matrix.statistics());
    }

    @Test
    void theAdjustedPIsThatOfTheSmallestOfAll() {
        assertThat(RandomHeads.adjusted(0.01, 1)).isCloseTo(0.01, within(1e-15));
        assertThat(RandomHeads.adjusted(0.5, 2)).isCloseTo(0.75, within(1e-15));
        assertThat(RandomHeads.adjusted(1, 144)).isEqualTo(1);
        assertThat(RandomHeads.adjusted(1e-300, 144)).isCloseTo(1.44e-298, within(1e-310));
    }
}
