package org.diagonal.plugin.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.NormOps_DDRM;
import org.ejml.dense.row.SingularOps_DDRM;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MimeticTest {

    private static DMatrixRMaj dense(FactoredMatrix matrix) {
        double[] ones = DenseMatrix.ones(matrix.size());
        return new DMatrixRMaj(DenseMatrix.of(matrix, ones, ones));
    }

    private static double distance(DMatrixRMaj a, DMatrixRMaj b) {
        DMatrixRMaj difference = new DMatrixRMaj(a.numRows, a.numCols);
        CommonOps_DDRM.subtract(a, b, difference);
        return NormOps_DDRM.normF(difference);
    }

    @ParameterizedTest
    @CsvSource({"40, 4", "40, 19", "40, 20", "40, 33", "40, 40", "7, 3"})
    void alphaOneAndBetaZeroKeepTheDrawnProduct(int size, int rank) {
        FactoredMatrix drawn = DenseMatrix.random(size, rank, 0, 3);
        FactoredMatrix mimetic = new Mimetic(1, 0).apply(drawn);
        assertThat(distance(dense(mimetic), dense(drawn))).isLessThan(1e-10);
    }

    @ParameterizedTest
    @CsvSource({
        "40, 4, 0.7, 0.7",
        "40, 19, 0.7, 0.1",
        "40, 20, 1, 9",
        "40, 33, 0.7, 0.7",
        "64, 8, 0.01, 4"
    })
    void noMatrixOfItsRankIsNearerToTheMixture(int size, int rank, double alpha, double beta) {
        FactoredMatrix drawn = DenseMatrix.random(size, rank, 0, 4);
        FactoredMatrix mimetic = new Mimetic(alpha, beta).apply(drawn);
        DMatrixRMaj mixture = CommonOps_DDRM.identity(size);
        CommonOps_DDRM.scale(Math.sqrt(beta), mixture);
        CommonOps_DDRM.addEquals(mixture, Math.sqrt(alpha), dense(drawn));
        double[] values = SingularOps_DDRM.singularValues(mixture); // the largest first
        double least = 0;
        for (int i = rank; i < size; i++) {
            least += values[i] * values[i];
        }
        // Eckart and Young: what any matrix of this rank leaves at least
        assertThat(distance(dense(mimetic), mixture)).isCloseTo(Math.sqrt(least), within(1e-9));
        assertThat(mimetic.rank()).isEqualTo(rank);
        double left = NormOps_DDRM.normF(DMatrixRMaj.wrap(size, rank, mimetic.left()));
        double right = NormOps_DDRM.normF(DMatrixRMaj.wrap(size, rank, mimetic.right()));
        assertThat(left).isCloseTo(right, within(1e-9));
    }

    @Test
    void whereBetaRulesTheDiagonalHasTheMeanThatItsRankAllows() {
        FactoredMatrix drawn = DenseMatrix.random(96, 8, 0, 5);
        DiagonalStatistics before = drawn.statistics();
        DiagonalStatistics after = new Mimetic(1e-6, 4).apply(drawn).statistics();
        assertThat(after.diagMean()).isCloseTo(2.0 * 8 / 96, within(1e-2));
        assertThat(Math.abs(before.z())).isLessThan(4);
        assertThat(after.z()).isGreaterThan(20);
    }

    @Test
    void whatWasDrawnDecidesTheRest() {
        Mimetic mimetic = new Mimetic(0.7, 0.7);
        double[] once = mimetic.apply(DenseMatrix.random(30, 4, 0, 6)).left();
        assertThat(mimetic.apply(DenseMatrix.random(30, 4, 0, 6)).left()).isEqualTo(once);
        assertThat(mimetic.apply(DenseMatrix.random(30, 4, 0, 7)).left()).isNotEqualTo(once);
    }

    @Test
    void numbersWithoutARootAreRefused() {
        assertThatThrownBy(() -> new Mimetic(-1, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("alpha and beta must be finite and at least 0: alpha=-1.0, beta=0.0");
        assertThatThrownBy(() -> new Mimetic(1, Double.NaN)).hasMessageContaining("beta=NaN");
    }
}
