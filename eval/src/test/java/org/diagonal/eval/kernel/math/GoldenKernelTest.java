package org.diagonal.eval.kernel.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.InputStream;
import java.util.List;
import org.diagonal.eval.kernel.numeric.GaussHermite;
import org.diagonal.eval.kernel.numeric.Workers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Numbers that an independent program has computed (numpy, scipy). */
final class GoldenKernelTest {

    /** A grid of Gauss–Hermite nodes over [CLS] and two or three places, as the golden one. */
    private static Attention quadrature(String task, Setting setting, int nodes) {
        Outline outline = Kernels.outline(task);
        int k = outline.length();
        Nested nested = new Nested(outline, setting, w -> GaussHermite.product(w, nodes, 0));
        GaussHermite rule = GaussHermite.product(k, nodes, 1e-13);
        double[][] points = new double[rule.size()][nested.dimensions()];
        double[] weights = new double[rule.size()];
        for (int q = 0; q < weights.length; q++) {
            weights[q] = rule.weight(q);
            // [CLS] and its place enter as one sum of variance 1 + γ².
            points[q][0] = Math.sqrt(1 + setting.gamma() * setting.gamma()) * rule.point(k - 1, q);
            for (int i = 0; i < k - 1; i++) {
                points[q][1 + i] = rule.point(i, q);
            }
        }
        // The place of [CLS] adds its own feature, γ² of its squared weight, in any case.
        return nested.over(points, weights);
    }

    @ParameterizedTest
    @CsvSource({
        "same-different, 1, 1, 24, 1e-7, .67984292, .66033432, .64456112",
        "same-different, 1, .5, 24, 1e-7, .28036301, .26520764, .25234552",
        "same-different, 2, 1, 48, 1e-6, .847725, .799586, .767294",
        "aba-abb, 1, 1, 12, 1e-6, .5042185, .5027398, .5042185"
    })
    void theNestedMeanEqualsGaussHermiteQuadrature(
            String task,
            double beta,
            double gamma,
            int nodes,
            double tolerance,
            double first,
            double mixed,
            double second) {
        Attention found = quadrature(task, Kernels.depth1(beta, gamma, 0), nodes);
        assertThat(found.apart(0, 0)).isCloseTo(first, within(tolerance));
        assertThat(found.apart(0, 1)).isCloseTo(mixed, within(tolerance));
        assertThat(found.apart(1, 1)).isCloseTo(second, within(tolerance));
    }

    @ParameterizedTest
    @CsvSource({
        "same-different, 1, 5.557e-4, 3e-6, 1580, 2",
        "same-different, 2, 1.9938e-3, 2.5e-6, 537, .9",
        "same-different, 4, 3.9153e-3, 6e-6, 312.7, .7",
        "aba-abb, 1, 4.377e-4, 3e-6, 2013, 1.4",
        "aba-abb, 2, 1.5573e-3, 1.2e-6, 720, 1.1",
        "aabb-abab, 1, 2.690e-4, 3e-7, 3335, 4",
        "majority-4, 1, 4.490e-6, 2e-8, 275162, 1382",
        "majority-6, 1, 4.269e-8, 8e-11, 5.2417e7, 126143",
        "programs, 1, 1.34e-5, 5e-7, 8455, 297"
    })
    void nestedEigenvaluesAndSamples(
            String task, double beta, double smallest, double error, double n, double nError) {
        try (Workers workers = new Workers(1)) {
            Estimate found =
                    new Estimator(1024, 4, 42)
                            .transformer(
                                    Kernels.outline(task),
                                    Kernels.depth1(beta, 1, 0),
                                    false,
                                    workers);
            Finding least = found.smallest();
            Finding samples = found.samplesFor(0.1, Kernels.RIDGE);
            assertThat(least.isResolved()).isTrue();
            assertThat(least.value())
                    .isCloseTo(smallest, within(3 * (error + least.error()) + 0.01 * smallest));
            assertThat(samples.value())
                    .isCloseTo(n, within(3 * (nError + samples.error()) + 0.01 * n));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2, true, 2.46e-3, 1.84e-3",
        "4, true, 9.48e-3, 7.02e-3",
        "8, true, 1.62e-2, 1.19e-2",
        "-2, false, 7.83e-3, 3.34e-3",
        "-4, false, 2.263e-2, 8.46e-3"
    })
    void twoLayers(double a, boolean masked, double same, double aba) {
        Setting setting = Kernels.depth2(a, masked);
        assertThat(Kernels.estimate("same-different", setting, 1024, 6).smallest().value())
                .isCloseTo(same, within(0.03 * same));
        assertThat(Kernels.estimate("aba-abb", setting, 1024, 6).smallest().value())
                .isCloseTo(aba, within(0.03 * aba));
    }

    @ParameterizedTest
    @CsvSource({
        "same-different, 64, .780, .041",
        "same-different, 256, .368, .0095",
        "same-different, 1024, .078, .0018",
        "aba-abb, 64, .822, .03",
        "aba-abb, 256, .514, .01",
        "aba-abb, 1024, .144, .003"
    })
    void lossesOfDrawnSamples(String task, int n, double loss, double error) {
        Estimate found = Kernels.estimate(task, Kernels.PLAIN, 2048, 4);
        try (Workers workers = new Workers(1)) {
            List<Double> losses = found.simulate(n, n, Kernels.RIDGE, 6, 11, workers);
            double mean = losses.stream().mapToDouble(x -> x).average().orElseThrow();
            assertThat(mean).isCloseTo(loss, within(0.05 * loss + 3 * error));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "LINEAR, same-different, 1368.9",
        "RELU, same-different, 1445.6",
        "ERF, same-different, 1517.1",
        "LINEAR, aba-abb, 1542.6",
        "RELU, aba-abb, 1815.6",
        "ERF, aba-abb, 1707.4"
    })
    void otherActivations(Phi phi, String task, double n) {
        Setting setting = new Setting(1, 1, 1, 0, false, phi, 1, 0);
        assertThat(Kernels.estimate(task, setting, 1024, 4).samplesFor(0.1, Kernels.RIDGE).value())
                .isCloseTo(n, within(0.015 * n));
    }

    @ParameterizedTest
    @CsvSource({"RELU, 12.56, 7.90", "COS, 18.89, 15.28"})
    void anMlpThatIsGivenEqualitiesLearnsFromAFewSamples(Phi phi, double same, double aba) {
        Setting setting = new Setting(1, 1, 1, 0, false, phi, 1, Math.PI / 4);
        assertThat(
                        Estimator.mlp(Kernels.outline("same-different"), setting, true, true)
                                .samplesFor(0.1, Kernels.RIDGE)
                                .value())
                .isCloseTo(same, within(0.01));
        assertThat(
                        Estimator.mlp(Kernels.outline("aba-abb"), setting, true, true)
                                .samplesFor(0.1, Kernels.RIDGE)
                                .value())
                .isCloseTo(aba, within(0.01));
    }

    @Test
    void ratesOfCopying() {
        try (Workers workers = new Workers(1)) {
            CopyRates narrow = CopyRates.measure(64, 150, 50, 0, 8, 1, workers);
            assertThat(narrow.unseen()).isCloseTo(-.0155, within(.0012));
            assertThat(narrow.seen()).isCloseTo(-.0355, within(.0015));
            CopyRates wide = CopyRates.measure(1024, 150, 50, 0, 8, 1, workers);
            assertThat(wide.unseen()).isCloseTo(-.000955, within(.00005));
            assertThat(wide.unseenWithB()).isCloseTo(-.985, within(.01));
            CopyRates placed = CopyRates.measure(1024, 150, 50, .1, 8, 1, workers);
            assertThat(placed.unseen() - wide.unseen()).isCloseTo(7e-5, within(3e-5));
        }
    }

    /** All attention kernels of a table from 8 × 2¹⁵ Sobol points; standard errors up to 1.1e-4. */
    @Test
    void attentionKernelsOfEveryPattern() throws Exception {
        JsonNode table;
        try (InputStream in =
                getClass().getResourceAsStream("/org/diagonal/eval/kernel/k-attn.json")) {
            table = new ObjectMapper().readTree(in).path("table");
        }
        int checked = 0;
        for (String task : List.of("same-different", "aba-abb")) {
            Outline outline = Kernels.outline(task);
            Universe universe = new Universe(outline, new Patterns(2));
            double[][] all = universe.expand(Kernels.estimate(outline, Kernels.PLAIN, 4096, 8));
            for (JsonNode row : table) {
                if (!row.path("task").asText().equals(task) || row.has("self")) {
                    continue;
                }
                int x = find(universe, outline, row.path("x"));
                int y = find(universe, outline, row.path("y"));
                assertThat(all[x][y])
                        .as("%s", row)
                        .isCloseTo(row.path("K_attn").asDouble(), within(8e-4));
                checked++;
            }
        }
        assertThat(checked).isGreaterThan(20);
    }

    private static int find(Universe universe, Outline outline, JsonNode string) {
        for (int s = 0; s < universe.size(); s++) {
            boolean same = true;
            for (int i = 0; i < outline.length() - 1; i++) {
                same &= universe.token(s, i) == string.get(i).asInt();
            }
            if (same) {
                return s;
            }
        }
        throw new AssertionError("no string " + string);
    }
}
