package org.diagonal.eval.kernel.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.diagonal.eval.kernel.numeric.Jacobi;
import org.diagonal.eval.kernel.numeric.Lattice;
import org.diagonal.eval.kernel.numeric.Symmetric;
import org.diagonal.eval.kernel.numeric.Workers;
import org.diagonal.templates.catalogue.Catalogue;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds of the kernel whatever the points. */
final class KernelLawsTest {

    private static final double EXACT = 1e-12;

    @ParameterizedTest
    @ValueSource(strings = {"aba-abb", "majority-4", "programs"})
    void theKernelIsSymmetricAndPositiveSemidefinite(String task) {
        Attention found =
                Kernels.kernelAttention(Kernels.outline(task), Kernels.depth1(2, 1, 0.5), 64);
        double[][] matrix = new double[found.size()][found.size()];
        for (int t = 0; t < matrix.length; t++) {
            for (int u = 0; u < matrix.length; u++) {
                matrix[t][u] = found.apart(t, u);
                assertThat(found.apart(t, u)).isEqualTo(found.apart(u, t));
            }
        }
        double[] eigenvalues = Symmetric.eigenvalues(matrix);
        assertThat(eigenvalues[0])
                .isGreaterThanOrEqualTo(-EXACT * eigenvalues[eigenvalues.length - 1]);
    }

    @Test
    void namesOfTokensAndWildcardsMakeNoDifferenceToAnyBit() {
        Outline one = Outline.of(Kernels.task("αβ", "αXβY", "βXαα", "ααββ"));
        Outline other = Outline.of(Kernels.task("βα", "βQαA", "αQββ", "ααββ"));
        Setting setting = Kernels.depth1(1.5, 0.7, 0.3);
        Estimate first = Kernels.estimate(one, setting, 128, 3);
        Estimate second = Kernels.estimate(other, setting, 128, 3);
        assertThat(second.matrix()).isEqualTo(first.matrix());
        assertThat(second.sampleKernel(20, 5, 3)).isEqualTo(first.sampleKernel(20, 5, 3));
        Setting deep = Kernels.depth2(2, true);
        assertThat(Kernels.estimate(other, deep, 64, 2).matrix())
                .isEqualTo(Kernels.estimate(one, deep, 64, 2).matrix());
    }

    @Test
    void withoutLogitsTheKernelCountsEqualTokens() {
        Estimate found = Kernels.estimate("aba-abb", Kernels.depth1(0, 1, 0), 32, 2);
        assertThat(found.attention().get(0).get(1)).isCloseTo(5.0 / 16, within(EXACT));
        assertThat(found.attentionSelf(0)).isCloseTo(10.0 / 16, within(EXACT));
        Universe universe = new Universe(Kernels.outline("aba-abb"), new Patterns(2));
        double[][] all = universe.expand(found);
        for (int x = 0; x < universe.size(); x++) {
            for (int y = 0; y < universe.size(); y++) {
                double equal = 4;
                for (int i = 0; i < 4; i++) {
                    for (int j = 0; j < 4; j++) {
                        equal += universe.token(x, i) == universe.token(y, j) ? 1 : 0;
                    }
                }
                assertThat(all[x][y]).isCloseTo(equal / 16, within(EXACT));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 0", "4, .5, 0", "2, 2, -3", "16, 1, 1", "40, 1, 0"})
    void theKernelOfAStringWithItselfIsBounded(double beta, double gamma, double a) {
        Setting setting = Kernels.depth1(beta, gamma, a);
        Estimate found = Kernels.estimate("aba-abb", setting, 128, 2);
        for (int t = 0; t < 2; t++) {
            double d = found.attentionSelf(t);
            assertThat(d).isPositive().isLessThanOrEqualTo(1 + gamma * gamma + EXACT);
            assertThat(setting.kernel(d, d, d))
                    .isPositive()
                    .isCloseTo(
                            (1 + Math.cos(2 * setting.b2()) * Math.exp(-2 * d)) / 2, within(EXACT));
        }
    }

    @Test
    void withoutPositionsOrLogitsTheKernelIsSingular() {
        for (Setting setting : List.of(Kernels.depth1(1, 0, 0), Kernels.depth1(0, 1, 0))) {
            Estimate found = Kernels.estimate("aba-abb", setting, 64, 3);
            assertThat(found.twins()).isPresent();
            assertThat(found.smallest()).isEqualTo(Finding.of(0, 0));
            assertThat(found.samplesFor(0.1, Kernels.RIDGE).state())
                    .isEqualTo(Finding.State.INFINITE);
        }
        Estimate told = Kernels.estimate("same-different", Kernels.depth1(1, 0, 0), 256, 4);
        assertThat(told.twins()).isEmpty();
        assertThat(told.samplesFor(0.1, Kernels.RIDGE).value()).isCloseTo(2335, within(60.0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"same-different", "aba-abb", "majority-4"})
    void theKernelOfAnMlpHasRankOneAndLearnsNothing(String task) {
        Estimate found = Estimator.mlp(Kernels.outline(task), Kernels.PLAIN, false, true);
        List<Double> first = found.matrix().get(0);
        for (List<Double> row : found.matrix()) {
            assertThat(row).allMatch(value -> value.equals(first.get(0)));
        }
        assertThat(found.smallest()).isEqualTo(Finding.of(0, 0));
        assertThat(found.samplesFor(0.1, Kernels.RIDGE).state()).isEqualTo(Finding.State.INFINITE);
        try (Workers workers = new Workers(1)) {
            assertThat(found.simulate(64, 64, 1e-3, 4, 1, workers))
                    .allMatch(loss -> loss >= 1 - 1e-9);
        }
    }

    @Test
    void sameDifferentIsTheMajorityOfTwo() {
        Estimate one = Kernels.estimate("same-different", Kernels.PLAIN, 64, 2);
        Estimate other = Kernels.estimate("majority-2", Kernels.PLAIN, 64, 2);
        assertThat(other.matrix()).isEqualTo(one.matrix());
        assertThat(other.samplesFor(0.1, Kernels.RIDGE))
                .isEqualTo(one.samplesFor(0.1, Kernels.RIDGE));
        try (Workers workers = new Workers(1)) {
            assertThat(other.simulate(50, 50, Kernels.RIDGE, 2, 5, workers))
                    .isEqualTo(one.simulate(50, 50, Kernels.RIDGE, 2, 5, workers));
        }
    }

    /** Ridge regression on all samples, equal ones too, straight from equation 4. */
    private static double[] dense(TemplateKernel kernel, Sample sample, double lambda) {
        List<Integer> strings = new ArrayList<>();
        for (int i = 0; i < sample.size(); i++) {
            for (int c = 0; c < sample.count(i); c++) {
                strings.add(i);
            }
        }
        strings.sort(java.util.Comparator.comparingInt(sample::template));
        double[][] full = SampleKernel.of(kernel, sample);
        double[] labels = new double[full.length];
        for (int x = 0; x < labels.length; x++) {
            full[x][x] += lambda;
            int i = strings.get(x);
            labels[x] = kernel.outline().label(sample.template(i)) + sample.noise(i);
        }
        double[] weights = Symmetric.solve(full, labels);
        double[] predictions = new double[kernel.outline().size()];
        for (int t = 0; t < predictions.length; t++) {
            for (int x = 0; x < weights.length; x++) {
                int u = sample.template(strings.get(x));
                predictions[t] += kernel.matrix()[t][u] * weights[x];
            }
        }
        return predictions;
    }

    @ParameterizedTest
    @CsvSource({"aba-abb, 200", "aba-abb, 9", "majority-4, 120", "programs, 60", "majority-4, 6"})
    void theReductionEqualsRidgeRegressionOnAllSamples(String task, int alphabet) {
        Outline outline = Kernels.outline(task);
        TemplateKernel kernel = Kernels.kernel(outline, Kernels.PLAIN, 1024);
        Sample sample = Sample.draw(outline, 200, alphabet, 3, 1);
        double[] reduced = Ridge.predictions(kernel, sample, 1e-3);
        double[] dense = dense(kernel, sample, 1e-3);
        for (int t = 0; t < dense.length; t++) {
            assertThat(reduced[t]).isCloseTo(dense[t], within(1e-10));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"same-different", "aba-abb", "majority-4"})
    void whatTemplatesDoNotExplainHasACholeskyFactor(String task) {
        Outline outline = Kernels.outline(task);
        TemplateKernel kernel = Kernels.kernel(outline, Kernels.PLAIN, 1024);
        Sample sample = Sample.draw(outline, 300, 60, 3, 1);
        double[][] m = OverlapMatrix.of(kernel, sample, Kernels.RIDGE).dense();
        assertThat(DecompositionFactory_DDRM.chol(m.length, true).decompose(new DMatrixRMaj(m)))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({"same-different, 64", "same-different, 256", "aba-abb, 256"})
    void inALargeAlphabetDrawnSamplesGiveTheClosedForm(String task, int n) {
        Estimate found = Kernels.estimate(task, Kernels.PLAIN, 1024, 4);
        try (Workers workers = new Workers(1)) {
            List<Double> losses = found.simulate(n, 100 * n, Kernels.RIDGE, 12, 3, workers);
            double mean = losses.stream().mapToDouble(x -> x).average().orElseThrow();
            double squares = losses.stream().mapToDouble(x -> (x - mean) * (x - mean)).sum();
            double error = Math.sqrt(squares / 11 / 12);
            double closed = found.closedLoss(n, Kernels.RIDGE).value();
            assertThat(mean).isCloseTo(closed, within(Math.max(0.015 * closed, 3 * error)));
        }
    }

    @Test
    void theClosedFormFallsToNothingExactlyWhereNIsNonsingular() {
        for (String task : List.of("same-different", "majority-4")) {
            Estimate found = Kernels.estimate(task, Kernels.PLAIN, 512, 4);
            double before = Double.MAX_VALUE;
            for (double n = 1; n < 1e12; n *= 10) {
                double loss = found.closedLoss(n, Kernels.RIDGE).value();
                assertThat(loss).isLessThan(before);
                before = loss;
            }
            assertThat(before).isLessThan(1e-3);
        }
        Estimate singular = Kernels.estimate("aba-abb", Kernels.depth1(1, 0, 0), 64, 2);
        assertThat(singular.closedLoss(1e12, Kernels.RIDGE).value()).isGreaterThan(0.9);
    }

    @Test
    void aMovesWeightFromOrToClsAlone() {
        Estimate without = Kernels.estimate("aba-abb", Kernels.depth1(1, 1, -60), 512, 4);
        Estimate far = Kernels.estimate("aba-abb", Kernels.depth1(1, 1, -400), 512, 4);
        for (int t = 0; t < 2; t++) {
            for (int u = 0; u < 2; u++) {
                assertThat(without.matrix().get(t).get(u))
                        .isCloseTo(far.matrix().get(t).get(u), within(1e-12));
            }
        }
        assertThat(far.smallest().value()).isCloseTo(6.52e-4, within(1e-5));
        Estimate all = Kernels.estimate("aba-abb", Kernels.depth1(1, 1, 40), 512, 4);
        assertThat(all.attention().get(0).get(1)).isCloseTo(2, within(1e-12));
        assertThat(all.smallest().isResolved()).isFalse();
        assertThat(all.samplesFor(0.1, Kernels.RIDGE).state())
                .isEqualTo(Finding.State.NOT_RESOLVED);
    }

    @Tag("slow")
    @Test
    void twiceAsManyDigitsOfWidthHalveTheDistanceOfRandomNetworks() {
        Outline outline = Kernels.outline("aba-abb");
        Estimate estimate = Kernels.estimate(outline, Kernels.PLAIN, 1024, 4);
        try (Workers workers = new Workers(2)) {
            double narrow = distance(outline, estimate, 32, workers);
            double wide = distance(outline, estimate, 128, workers);
            assertThat(narrow / wide).isBetween(1.6, 2.5);
        }
    }

    private static double distance(Outline outline, Estimate estimate, int width, Workers workers) {
        return FiniteWidth.measure(outline, Kernels.PLAIN, estimate, width, 16, 5, workers).error();
    }

    @Test
    void theErrorFallsNearlyAsTheNumberOfPoints() {
        double few = error(256);
        double many = error(4096);
        assertThat(Math.log(few / many) / Math.log(16)).isGreaterThanOrEqualTo(0.8);
    }

    private static double error(int points) {
        return Kernels.estimate("same-different", Kernels.PLAIN, points, 16)
                .matrixErrors()
                .get(0)
                .get(1);
    }

    @Test
    void inTwoLayersAShowsWhichSymbolsAreEqual() {
        double without =
                Kernels.estimate("same-different", Kernels.depth2(0, true), 1024, 4)
                        .smallest()
                        .value();
        double with =
                Kernels.estimate("same-different", Kernels.depth2(4, true), 1024, 4)
                        .smallest()
                        .value();
        assertThat(with).isGreaterThan(10 * without);
    }

    @Test
    void theNumberOfThreadsMakesNoDifferenceToAnyBit() throws Exception {
        Outline outline = Outline.of(Catalogue.task("majority-4"));
        List<List<List<Double>>> matrices = new ArrayList<>();
        List<List<Double>> losses = new ArrayList<>();
        for (int threads : new int[] {1, 3}) {
            try (Workers workers = new Workers(threads)) {
                for (Setting setting : List.of(Kernels.PLAIN, Kernels.depth2(2, true))) {
                    Estimate found =
                            new Estimator(64, 4, 9).transformer(outline, setting, true, workers);
                    matrices.add(found.matrix());
                    losses.add(found.simulate(40, 20, Kernels.RIDGE, 3, 1, workers));
                }
            }
        }
        assertThat(matrices.subList(2, 4)).isEqualTo(matrices.subList(0, 2));
        assertThat(losses.subList(2, 4)).isEqualTo(losses.subList(0, 2));
    }

    @ParameterizedTest
    @EnumSource(Phi.class)
    void everyActivationGivesAKernel(Phi phi) {
        Setting setting = new Setting(1, 1, 1, 0, false, phi, 1, 0.3);
        double[][] matrix =
                Kernels.kernelAttention(Kernels.outline("majority-4"), setting, 64)
                        .templateMatrix(setting);
        double[] eigenvalues = Symmetric.eigenvalues(matrix);
        assertThat(eigenvalues[0])
                .isGreaterThanOrEqualTo(-EXACT * eigenvalues[eigenvalues.length - 1]);
    }

    /** φ's kernels against means over drawn Gaussian pairs. */
    @ParameterizedTest
    @EnumSource(
            value = Phi.class,
            names = {"COS", "LINEAR", "RELU"})
    void anActivationsKernelIsTheMeanOfItsProducts(Phi phi) {
        double dx = 1.3;
        double dy = 0.8;
        double c = 0.5;
        double[][] points = new Lattice(1 << 14, 2).normals(1, 1);
        double sum = 0;
        for (double[] point : points) {
            double x = Math.sqrt(dx) * point[0];
            double y = c / dx * x + Math.sqrt(dy - c * c / dx) * point[1];
            sum += value(phi, x) * value(phi, y);
        }
        assertThat(phi.of(dx, dy, c, 1.2, 0.4)).isCloseTo(sum / points.length, within(2e-3));
    }

    private static double value(Phi phi, double t) {
        return switch (phi) {
            case COS -> Math.cos(1.2 * t + 0.4);
            case RELU -> Math.max(0, t);
            case LINEAR, ERF -> t;
        };
    }

    @Test
    void whatThePointsDoNotResolveIsNoNumber() {
        Estimate found = Kernels.estimate("aabb-abab", Kernels.depth2(3, false), 32, 2);
        Finding smallest = found.smallest();
        if (!smallest.isResolved()) {
            assertThat(smallest.value()).isNaN();
            assertThat(found.samplesFor(0.1, Kernels.RIDGE).value()).isNaN();
        }
        Estimate far = Kernels.estimate("same-different", Kernels.depth2(40, false), 32, 4);
        assertThat(far.samplesFor(0.1, Kernels.RIDGE).isResolved()).isFalse();
    }

    @Test
    void whatCannotBeComputedIsRefusedInOneLine() {
        Outline many = Kernels.outline("majority-8");
        assertThatThrownBy(() -> Kernels.estimate(many, Kernels.depth2(0, true), 64, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("too many patterns for two layers");
        Outline wide = Kernels.outline("random-templates:r=40,k=8,wildcards=6");
        assertThatThrownBy(() -> Kernels.estimate(wide, Kernels.PLAIN, 64, 2))
                .hasMessageStartingWith("too many patterns of shared symbols");
        assertThatThrownBy(() -> Kernels.outline("symbolic-programs"))
                .hasMessageContaining("symbolic labels");
        assertThatThrownBy(() -> new Estimator(1000, 8, 1))
                .hasMessage("points must be a power of two from 32 on: 1000");
        assertThatThrownBy(() -> Sample.draw(Kernels.outline("aba-abb"), 4, 1, 1, 1))
                .hasMessageContaining("alphabet=1, wildcards=2");
    }

    /** A template with more wildcards than the product rule has room for. */
    @Test
    void fourWildcardsAreIntegratedByALattice() {
        Outline outline = Outline.of(Kernels.task("αβγδ", "αβγδ", "αβγα", "ααγδ"));
        Estimate found = Kernels.estimate(outline, Kernels.PLAIN, 512, 4);
        assertThat(found.smallest().isResolved()).isTrue();
        Setting none = Kernels.depth1(0, 1, 0);
        assertThat(Kernels.estimate(outline, none, 32, 2).attention().get(0).get(1))
                .isCloseTo((1 + 5.0) / 25, within(EXACT));
    }

    @Test
    void aTemplateWithoutWildcardsCostsTheRidgeAlone() {
        Outline outline = Outline.of(Kernels.task("αβ", "αXβ", "XYY", "αYα"));
        Estimate found = Kernels.estimate(outline, Kernels.PLAIN, 256, 4);
        assertThat(found.excess().get(1)).isLessThan(1e-12);
        assertThat(found.samplesFor(0.1, Kernels.RIDGE).isResolved()).isTrue();
        TemplateKernel kernel = Kernels.kernel(outline, Kernels.PLAIN, 1024);
        Sample sample = Sample.draw(outline, 60, 20, 3, 1);
        double[] dense = dense(kernel, sample, 1e-3);
        double[] reduced = Ridge.predictions(kernel, sample, 1e-3);
        for (int t = 0; t < dense.length; t++) {
            assertThat(reduced[t]).isCloseTo(dense[t], within(1e-9));
        }
    }

    @Test
    void rotationsFindTheLibrarysEigenvalues() {
        double[][] matrix =
                Kernels.kernelAttention(Kernels.outline("majority-4"), Kernels.PLAIN, 64)
                        .templateMatrix(Kernels.PLAIN);
        double[] rotated = Jacobi.eigenvalues(matrix);
        java.util.Arrays.sort(rotated);
        assertThat(rotated).containsExactly(Symmetric.eigenvalues(matrix), within(1e-13));
    }

    @Test
    void withoutDrawsThereIsTheClosedFormOfTasksWithAnyNumberOfPatterns() {
        Outline outline = Kernels.outline("match-to-sample");
        try (Workers workers = new Workers(1)) {
            Estimate found =
                    new Estimator(64, 3, 1).transformer(outline, Kernels.PLAIN, false, workers);
            assertThat(found.closedLoss(10, Kernels.RIDGE).isResolved()).isTrue();
        }
        assertThat(Estimator.mlp(outline, Kernels.PLAIN, true, false).matrix()).hasSize(40);
    }
}
