package org.diagonal.plugin.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.Test;

final class FactoredMatrixTest {

    private static double[] gain(int size, long seed) {
        return DenseMatrix.random(size, 1, 1, seed).left();
    }

    private static void assertSame(DiagonalStatistics actual, DiagonalStatistics expected) {
        double scale = Math.max(1, Math.abs(expected.offStd()));
        assertThat(actual.diagMean()).isCloseTo(expected.diagMean(), within(1e-9 * scale));
        assertThat(actual.diagStd()).isCloseTo(expected.diagStd(), within(1e-5 * scale));
        assertThat(actual.offMean()).isCloseTo(expected.offMean(), within(1e-9 * scale));
        assertThat(actual.offStd()).isCloseTo(expected.offStd(), within(1e-5 * scale));
        assertThat(actual.diagShare()).isCloseTo(expected.diagShare(), within(1e-9));
        assertThat(actual.traceOverD()).isCloseTo(expected.diagMean(), within(1e-9 * scale));
    }

    @Property(tries = 200)
    void statisticsOfTheFactorsAreThoseOfTheWholeMatrix(
            @ForAll @IntRange(min = 2, max = 50) int size,
            @ForAll @IntRange(min = 1, max = 20) int rank,
            @ForAll @DoubleRange(min = -0.5, max = 0.5) double shift,
            @ForAll long seed) {
        FactoredMatrix matrix = DenseMatrix.random(size, rank, shift, seed);
        double[] ones = DenseMatrix.ones(size);
        double[] gain = gain(size, seed + 1);
        double[] other = gain(size, seed + 2);
        assertSame(matrix.statistics(), DenseMatrix.statistics(DenseMatrix.of(matrix, ones, ones)));
        assertSame(
                matrix.withRowGain(gain).statistics(),
                DenseMatrix.statistics(DenseMatrix.of(matrix, gain, ones)));
        assertSame(
                matrix.withRowGain(gain).withColumnGain(other).statistics(),
                DenseMatrix.statistics(DenseMatrix.of(matrix, gain, other)));
    }

    @Property(tries = 50)
    void blockMeansAreThoseOfTheWholeMatrix(
            @ForAll @IntRange(min = 2, max = 30) int size,
            @ForAll @IntRange(min = 1, max = 30) int wanted,
            @ForAll long seed) {
        int cells = Math.min(size, wanted);
        FactoredMatrix matrix = DenseMatrix.random(size, 3, 0.1, seed);
        double[] ones = DenseMatrix.ones(size);
        double[][] dense = DenseMatrix.of(matrix, ones, ones);
        double[] means = matrix.blockMeans(cells);
        for (int r = 0; r < cells; r++) {
            for (int c = 0; c < cells; c++) {
                double sum = 0;
                int count = 0;
                for (int i = r * size / cells; i < (r + 1) * size / cells; i++) {
                    for (int j = c * size / cells; j < (c + 1) * size / cells; j++) {
                        sum += dense[i][j];
                        count++;
                    }
                }
                assertThat(means[r * cells + c]).isCloseTo(sum / count, within(1e-12));
            }
        }
        double[] row = new double[size];
        matrix.row(size - 1, row);
        for (int j = 0; j < size; j++) {
            assertThat(row[j]).isCloseTo(dense[size - 1][j], within(1e-12));
            assertThat(matrix.entry(size - 1, j)).isEqualTo(row[j]);
        }
    }

    @Test
    void theIdentityIsAllDiagonal() {
        double[] identity = {1, 0, 0, 0, 1, 0, 0, 0, 1};
        DiagonalStatistics statistics = FactoredMatrix.of(3, 3, identity, identity).statistics();
        assertThat(statistics).isEqualTo(new DiagonalStatistics(3, 1, 0, 0, 0, 1));
        assertThat(statistics.z()).isInfinite();
        DiagonalStatistics zero =
                FactoredMatrix.of(3, 1, new double[3], new double[3]).statistics();
        assertThat(zero.z()).isZero();
        assertThat(zero.diagShare()).isZero();
    }

    @Test
    void randomMatricesHaveTheNormsAskedForAndAZOfAboutOne() {
        FactoredMatrix like = DenseMatrix.random(96, 8, 0, 5);
        UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(11L);
        double squares = 0;
        int draws = 400;
        for (int i = 0; i < draws; i++) {
            FactoredMatrix drawn = FactoredMatrix.random(like, random);
            assertThat(norm(drawn.left())).isCloseTo(norm(like.left()), within(1e-9));
            assertThat(norm(drawn.right())).isCloseTo(norm(like.right()), within(1e-9));
            double z = drawn.statistics().z();
            squares += z * z;
        }
        assertThat(Math.sqrt(squares / draws)).isBetween(0.85, 1.15);
    }

    private static double norm(double[] values) {
        double squares = 0;
        for (double value : values) {
            squares += value * value;
        }
        return Math.sqrt(squares);
    }

    @Test
    void factorsOfAnotherShapeAreRefused() {
        assertThatThrownBy(() -> FactoredMatrix.of(3, 2, new double[6], new double[4]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("factors must be (D, d) with D > 1: D=3, d=2, lengths=6 and 4");
        assertThatThrownBy(() -> DenseMatrix.random(3, 2, 0, 1).withRowGain(new double[2]))
                .hasMessage("a gain needs D numbers: D=3, length=2");
        assertThatThrownBy(() -> DenseMatrix.random(3, 2, 0, 1).blockMeans(4))
                .hasMessage("cells must lie in 1 to D: cells=4, D=3");
    }
}
