package org.diagonal.eval.measure.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("slow")
final class PairedEstimateTest {

    private static final int COMPARISONS = 2_000;
    private static final int ARTICLES = 130;

    /**
     * Comparisons of arms that do not differ: noise of a seed, of an article, and of an article
     * under a seed, in units of the last.
     */
    @ParameterizedTest
    @CsvSource({
        "2, 0, 0", "2, 0, 1", "2, 0.05, 0.5", "2, 0.2, 1", "2, 1, 1", "2, 5, 0.2",
        "3, 0, 0", "3, 0, 1", "3, 0.05, 0.5", "3, 0.2, 1", "3, 1, 1", "3, 5, 0.2",
        "5, 0, 0", "5, 0, 1", "5, 0.05, 0.5", "5, 0.2, 1", "5, 1, 1", "5, 5, 0.2",
    })
    void theIntervalCoversNoDifferenceInAtLeast94PerCent(int k, double ofSeed, double ofArticle) {
        Random random = new Random(20_261_128L + k);
        double[] weights = new double[ARTICLES];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = 50 + random.nextInt(2_000); // articles are of unequal length
        }
        int covered = 0;
        for (int comparison = 0; comparison < COMPARISONS; comparison++) {
            double[] article = new double[ARTICLES];
            Arrays.setAll(article, i -> ofArticle * random.nextGaussian());
            List<double[]> seeds = new ArrayList<>();
            for (int seed = 0; seed < k; seed++) {
                double shift = ofSeed * random.nextGaussian();
                double[] differences = new double[ARTICLES];
                Arrays.setAll(
                        differences,
                        i -> weights[i] * (shift + article[i] + random.nextGaussian()));
                seeds.add(differences);
            }
            covered += PairedEstimate.of(seeds, weights).all().contains(0) ? 1 : 0;
        }
        assertThat(covered / (double) COMPARISONS).isGreaterThanOrEqualTo(.94);
    }

    /** Right and wrong answers of two arms on the same strings. */
    @ParameterizedTest
    @CsvSource({"2, 0", "2, 0.02", "2, 0.1", "3, 0", "3, 0.02", "3, 0.1", "5, 0.02", "5, 0.1"})
    void theIntervalOfAccuraciesCoversNoDifference(int k, double ofSeed) {
        Random random = new Random(7L * k);
        double[] weights = new double[300];
        Arrays.fill(weights, 1);
        int covered = 0;
        for (int comparison = 0; comparison < COMPARISONS; comparison++) {
            double[] difficulty = new double[weights.length];
            Arrays.setAll(difficulty, i -> .7 + .2 * random.nextDouble());
            List<double[]> seeds = new ArrayList<>();
            for (int seed = 0; seed < k; seed++) {
                double first = ofSeed * random.nextGaussian();
                double second = ofSeed * random.nextGaussian();
                double[] differences = new double[weights.length];
                Arrays.setAll(
                        differences,
                        i ->
                                (random.nextDouble() < difficulty[i] + second ? 1 : 0)
                                        - (random.nextDouble() < difficulty[i] + first ? 1 : 0));
                seeds.add(differences);
            }
            covered += PairedEstimate.of(seeds, weights).all().contains(0) ? 1 : 0;
        }
        assertThat(covered / (double) COMPARISONS).isGreaterThanOrEqualTo(.94);
    }

    @Test
    void aDifferenceThatIsLargeBesideAllNoiseIsSeen() {
        Random random = new Random(5);
        double[] weights = new double[ARTICLES];
        Arrays.fill(weights, 100);
        int seen = 0;
        for (int comparison = 0; comparison < 200; comparison++) {
            List<double[]> seeds = new ArrayList<>();
            for (int seed = 0; seed < 3; seed++) {
                double shift = .02 + .002 * random.nextGaussian();
                double[] differences = new double[ARTICLES];
                Arrays.setAll(differences, i -> 100 * (shift + .02 * random.nextGaussian()));
                seeds.add(differences);
            }
            seen += PairedEstimate.of(seeds, weights).all().contains(0) ? 0 : 1;
        }
        assertThat(seen).isGreaterThan(190);
    }

    /** By hand: seeds .02, .04, .06, no noise of units: mean .04, half 4.303 · .02/√3. */
    @Test
    void threeSeedsWithoutNoiseOfUnitsHaveStudentsInterval() {
        double[] weights = {1, 3};
        List<double[]> seeds = new ArrayList<>();
        for (double seed : new double[] {.02, .04, .06}) {
            seeds.add(new double[] {seed, 3 * seed});
        }
        PairedEstimate estimate = PairedEstimate.of(seeds, weights);
        assertThat(estimate.value()).isCloseTo(.04, within(1e-15));
        assertThat(estimate.all().high() - .04)
                .isCloseTo(4.302653 * .02 / Math.sqrt(3), within(1e-7));
        assertThat(estimate.units().high() - estimate.units().low()).isCloseTo(0, within(1e-15));
    }

    /** By hand: differences 1, 0, 0, 0: mean 1/4, variance 1/4, half 3.1824 · √(1/4/4). */
    @Test
    void oneSeedHasTheIntervalOfItsUnits() {
        PairedEstimate estimate =
                PairedEstimate.of(List.of(new double[] {1, 0, 0, 0}), new double[] {1, 1, 1, 1});
        assertThat(estimate.value()).isEqualTo(.25);
        assertThat(estimate.all()).isEqualTo(estimate.units());
        assertThat(estimate.all().high() - .25).isCloseTo(3.182446 * .25, within(1e-6));
        assertThat(estimate.perSeed()).containsExactly(.25);
    }

    @Test
    void unitsWithoutTargetsChangeNothing() {
        PairedEstimate with =
                PairedEstimate.of(List.of(new double[] {2, 0, -1, 3}), new double[] {4, 0, 2, 5});
        PairedEstimate without =
                PairedEstimate.of(List.of(new double[] {2, -1, 3}), new double[] {4, 2, 5});
        assertThat(with).isEqualTo(without);
    }

    @Test
    void whatIsTheSameEverywhereIsAPoint() {
        double[] none = new double[5];
        double[] ones = {1, 1, 1, 1, 1};
        PairedEstimate estimate = PairedEstimate.of(List.of(none, none), ones);
        assertThat(estimate.all()).isEqualTo(new Interval(0, 0));
    }

    @Test
    void tooFewUnitsAndOtherUnitsAreRefused() {
        assertThatThrownBy(
                        () -> PairedEstimate.of(List.of(new double[] {1, 0}), new double[] {1, 0}))
                .hasMessage("an interval needs at least 2 units with targets: found 1");
        assertThatThrownBy(
                        () ->
                                PairedEstimate.of(
                                        List.of(new double[] {1, 0, 0}), new double[] {1, 1}))
                .hasMessage("all seeds need the same units: 2 and 3");
        assertThatThrownBy(() -> PairedEstimate.of(List.of(), new double[] {1, 1}))
                .hasMessage("an estimate needs a seed");
    }
}
