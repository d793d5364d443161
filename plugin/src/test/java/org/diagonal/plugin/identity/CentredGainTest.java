package org.diagonal.plugin.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.SingularOps_DDRM;
import org.junit.jupiter.api.Test;

final class CentredGainTest {

    private static double[] gain(int size, long seed) {
        return DenseMatrix.random(size, 1, 0.3, seed).left();
    }

    /** diag(l) P diag(r). */
    private static double[][] dense(double[] rows, double[] columns) {
        int size = rows.length;
        double[][] dense = new double[size][size];
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < size; j++) {
                dense[i][j] = rows[i] * ((i == j ? 1 : 0) - 1.0 / size) * columns[j];
            }
        }
        return dense;
    }

    private static double[] singularValues(double[][] matrix) {
        double[] values = SingularOps_DDRM.singularValues(new DMatrixRMaj(matrix));
        Arrays.sort(values);
        return values;
    }

    /** tr(KᵀM), which is ‖M‖² of K = M. */
    private static double product(double[][] one, double[][] other) {
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            for (int j = 0; j < one.length; j++) {
                sum += one[i][j] * other[i][j];
            }
        }
        return sum;
    }

    private static double fourths(double[] singular) {
        double squares = 0;
        double fourths = 0;
        for (double value : singular) {
            squares += value * value;
            fourths += Math.pow(value, 4);
        }
        return fourths / (squares * squares);
    }

    @Property(tries = 100)
    void itsMomentsAreThoseOfTheWholeMatrix(
            @ForAll @IntRange(min = 2, max = 20) int size, @ForAll long seed) {
        double[] rows = gain(size, seed);
        double[] columns = gain(size, seed + 1);
        double[][] dense = dense(rows, columns);
        CentredGain gain = CentredGain.of(rows, columns);
        assertThat(gain.squares())
                .isCloseTo(product(dense, dense), within(1e-9 * product(dense, dense)));
        assertThat(gain.concentration()).isCloseTo(fourths(singularValues(dense)), within(1e-9));
    }

    @Property(tries = 100)
    void itReadsTheDiagonalLessTheRestAndNoMatrixOfItsRankGoesFurther(
            @ForAll @IntRange(min = 2, max = 20) int size,
            @ForAll @IntRange(min = 1, max = 6) int wanted,
            @ForAll long seed) {
        int rank = Math.min(size, wanted);
        double[] rows = gain(size, seed);
        double[] columns = gain(size, seed + 1);
        FactoredMatrix matrix = DenseMatrix.random(size, rank, 0.1, seed + 2);
        DiagonalStatistics read = matrix.withRowGain(rows).withColumnGain(columns).statistics();
        double[][] dense = dense(rows, columns);
        double[] ones = DenseMatrix.ones(size);
        double expected = product(dense, DenseMatrix.of(matrix, ones, ones)) / (size - 1);
        assertThat(read.diagMean() - read.offMean()).isCloseTo(expected, within(1e-9));
        CentredGain gain = CentredGain.of(rows, columns);
        double[] singular = singularValues(dense);
        double most = 0; // of norm 1: along the largest directions
        for (int i = size - rank; i < size; i++) {
            most += singular[i] * singular[i];
        }
        assertThat(most).isLessThanOrEqualTo(gain.reach(rank) * (1 + 1e-9));
    }

    @Property(tries = 100)
    void aSpectrumIsThatOfTheSingularValues(
            @ForAll @IntRange(min = 2, max = 20) int size,
            @ForAll @IntRange(min = 1, max = 9) int rank,
            @ForAll long seed) {
        FactoredMatrix matrix = DenseMatrix.random(size, rank, 0.1, seed);
        double[] ones = DenseMatrix.ones(size);
        double[][] dense = DenseMatrix.of(matrix, ones, ones);
        Spectrum spectrum = matrix.spectrum();
        assertThat(spectrum.squares())
                .isCloseTo(product(dense, dense), within(1e-9 * product(dense, dense)));
        assertThat(spectrum.concentration())
                .isCloseTo(fourths(singularValues(dense)), within(1e-9));
        assertThat(matrix.statistics(spectrum).z())
                .isCloseTo(matrix.statistics().z(), within(1e-6));
    }

    @Test
    void withoutGainsAllDirectionsButTheMeanAreRead() {
        CentredGain none = CentredGain.none(5);
        assertThat(none.squares()).isCloseTo(4, within(1e-12));
        assertThat(none.concentration()).isCloseTo(0.25, within(1e-12));
        assertThat(none.reach(3)).isEqualTo(3);
    }

    @Test
    void nothingHasNoDirections() {
        assertThat(FactoredMatrix.of(3, 2, new double[6], new double[6]).spectrum())
                .isEqualTo(new Spectrum(0, 1));
        assertThat(CentredGain.of(new double[3], new double[3]).squares()).isZero();
    }

    @Test
    void gainsOfDifferentLengthsAreRefused() {
        assertThatThrownBy(() -> CentredGain.of(new double[3], new double[2]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("gains must have the same length, at least 2: 3 and 2");
        assertThatThrownBy(() -> new Spectrum(1, 0))
                .hasMessageStartingWith("squares must be at least 0 and concentration in (0, 1]");
    }
}
