package org.diagonal.templates.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.junit.jupiter.api.Test;

class RandomnessTest {

    @Test
    void theNumbersOfASeedAreTheseOnEveryMachine() {
        UniformRandomProvider random = Randomness.of(1, 2);
        assertThat(random.nextLong()).isEqualTo(6975903068974948757L);
        assertThat(random.nextInt(1000)).isEqualTo(207);
        assertThat(Randomness.gaussian(random)).isEqualTo(0.40435725774356734);
    }

    @Test
    void seedsAndStreamsBeginApart() {
        Set<Long> first = new HashSet<>();
        for (long seed = 0; seed < 50; seed++) {
            for (long stream = 0; stream < 50; stream++) {
                first.add(Randomness.of(seed, stream).nextLong());
            }
        }
        assertThat(first).hasSize(2500);
    }

    @Test
    void gaussianNumbersHaveTheirMoments() {
        UniformRandomProvider random = Randomness.of(5, 0);
        double[] numbers =
                IntStream.range(0, 100_000).mapToDouble(i -> Randomness.gaussian(random)).toArray();
        assertThat(moment(numbers, 1)).isCloseTo(0, within(0.02));
        assertThat(moment(numbers, 2)).isCloseTo(1, within(0.02));
        assertThat(moment(numbers, 4)).isCloseTo(3, within(0.2));
    }

    private static double moment(double[] numbers, int power) {
        double sum = 0;
        for (double number : numbers) {
            sum += Math.pow(number, power);
        }
        return sum / numbers.length;
    }
}
