package org.diagonal.plugin.random;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.function.LongToDoubleFunction;
import org.apache.commons.rng.UniformRandomProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class RandomStreamTest {

    private static final int SEEDS = 4_000;

    @Test
    void sameSeedPurposeAndIndexGiveTheSameNumbers() {
        UniformRandomProvider one = RandomStream.DATA_ORDER.generator(42, 7);
        UniformRandomProvider other = RandomStream.DATA_ORDER.generator(42, 7);
        for (int i = 0; i < 100; i++) {
            assertThat(other.nextLong()).isEqualTo(one.nextLong());
        }
        int first = RandomStream.DROPOUT.engineSeed(42, 7, 1);
        int second = RandomStream.DROPOUT.engineSeed(42, 7, 1);
        assertThat(second).isEqualTo(first).isNotNegative();
    }

    @Test
    void purposesSeedsAndIndicesGiveOtherNumbers() {
        Set<Long> first = new HashSet<>();
        int generators = 0;
        for (RandomStream stream : RandomStream.values()) {
            for (long seed = -50; seed < 50; seed++) {
                first.add(stream.generator(seed).nextLong());
                generators++;
                for (long index = 0; index < 50; index++) {
                    first.add(stream.generator(seed, index).nextLong());
                    first.add(stream.generator(seed, 0, index).nextLong());
                    generators += 2;
                }
            }
        }
        assertThat(first).hasSize(generators);
    }

    @ParameterizedTest
    @EnumSource
    void firstNumbersOfNeighbouringSeedsAreUniformAndUncorrelated(RandomStream stream) {
        assertUniformAndUncorrelated(seed -> stream.generator(seed).nextDouble());
        assertUniformAndUncorrelated(index -> stream.generator(42, index).nextDouble());
        assertUniformAndUncorrelated(seed -> stream.engineSeed(seed) / (Integer.MAX_VALUE + 1.0));
        assertUniformAndUncorrelated(
                step -> stream.engineSeed(42, step, 0) / (Integer.MAX_VALUE + 1.0));
    }

    /** Mean, variance and correlation of neighbours, each within 4 standard errors. */
    private static void assertUniformAndUncorrelated(LongToDoubleFunction numbers) {
        double sum = 0;
        double squares = 0;
        double products = 0;
        double before = numbers.applyAsDouble(-1) - .5;
        for (long i = 0; i < SEEDS; i++) {
            double value = numbers.applyAsDouble(i) - .5;
            sum += value;
            squares += value * value;
            products += value * before;
            before = value;
        }
        double n = SEEDS;
        assertThat(Math.abs(sum / n) / Math.sqrt(1 / 12.0 / n)).isLessThan(4);
        assertThat(Math.abs(squares / n - 1 / 12.0) / Math.sqrt(1 / 180.0 / n)).isLessThan(4);
        assertThat(Math.abs(products / n) / (1 / 12.0 / Math.sqrt(n))).isLessThan(4);
    }
}
