package org.diagonal.plugin.finetune;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BatchOrderTest {

    @ParameterizedTest
    @ValueSource(ints = {14, 100, 1_000})
    void everyExampleTakesEveryPositionEquallyOften(int n) {
        int epochs = 40 * n;
        if (n == 1_000) {
            epochs = 10_000; // ten a cell
        }
        int[][] times = new int[n][n];
        BatchOrder order = order(n, 42);
        for (long epoch = 0; epoch < epochs; epoch++) {
            int[] examples = epoch(order, n, epoch);
            for (int position = 0; position < n; position++) {
                times[examples[position]][position]++;
            }
        }
        ChiSquaredDistribution law = ChiSquaredDistribution.of(n - 1.0);
        double expected = (double) epochs / n;
        double all = 0;
        double worstExample = 0;
        double[] positions = new double[n];
        for (int[] example : times) {
            double sum = 0;
            for (int position = 0; position < n; position++) {
                double cell = Math.pow(example[position] - expected, 2) / expected;
                sum += cell;
                positions[position] += cell;
            }
            worstExample = Math.max(worstExample, sum);
            all += sum;
        }
        // One of n examples, one of n positions: a chance of 1e-4 in all.
        double bar = law.inverseSurvivalProbability(1e-4 / n);
        assertThat(worstExample).isLessThan(bar);
        assertThat(Arrays.stream(positions).max().orElseThrow()).isLessThan(bar);
        double freedom = (n - 1.0) * (n - 1.0); // rows and columns of permutations sum to one
        assertThat((all * (n - 1) / n - freedom) / Math.sqrt(2 * freedom)).isBetween(-4.0, 4.0);
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 100, 1_000})
    void consecutiveEpochsAndNeighbouringSeedsAreUncorrelated(int n) {
        int pairs = 2_000;
        BatchOrder order = order(n, 42);
        double epochs = 0;
        double seeds = 0;
        for (int i = 0; i < pairs; i++) {
            epochs += correlation(epoch(order, n, i), epoch(order, n, i + 1));
            seeds += correlation(epoch(order(n, i), n, 0), epoch(order(n, i + 1), n, 0));
        }
        // The rank correlation of two random orders has variance 1/(n − 1).
        double error = Math.sqrt(1 / (n - 1.0) / pairs);
        assertThat(epochs / pairs).isBetween(-4 * error, 4 * error);
        assertThat(seeds / pairs).isBetween(-4 * error, 4 * error);
    }

    @Test
    void everyEpochHasEveryExampleOnce() {
        BatchOrder order = order(100, 3);
        for (long epoch = 0; epoch < 50; epoch++) {
            int[] examples = epoch(order, 100, epoch);
            Arrays.sort(examples);
            assertThat(examples).isEqualTo(IntStream.range(0, 100).toArray());
        }
    }

    @Test
    void anEpochDoesNotDependOnThoseBefore() {
        BatchOrder all = order(14, 5);
        for (long epoch = 0; epoch < 20; epoch++) {
            assertThat(epoch(order(14, 5), 14, epoch)).isEqualTo(epoch(all, 14, epoch));
        }
    }

    private static BatchOrder order(int examples, long seed) {
        TrainingSettings settings =
                TrainingSettings.DEFAULTS
                        .withBatchSize(examples)
                        .withMaxSteps(1)
                        .withLr(0)
                        .withScalingsLr(0)
                        .withSchedule(Schedule.CONSTANT)
                        .withWeightDecay(0)
                        .withClip(0)
                        .withSeed(seed);
        return new BatchOrder(settings, examples);
    }

    /** All of an epoch, which is one batch. */
    private static int[] epoch(BatchOrder order, int examples, long epoch) {
        List<int[]> batches = order.batches(epoch);
        assertThat(batches).hasSize(1);
        assertThat(batches.get(0)).hasSize(examples);
        return batches.get(0).clone();
    }

    /** Spearman's, of the positions that two orders give to each example. */
    private static double correlation(int[] one, int[] other) {
        int n = one.length;
        int[] place = new int[n];
        for (int position = 0; position < n; position++) {
            place[other[position]] = position;
        }
        double squares = 0;
        for (int position = 0; position < n; position++) {
            squares += Math.pow(position - place[one[position]], 2);
        }
        return 1 - 6 * squares / (n * ((double) n * n - 1));
    }
}
