package org.diagonal.plugin.identity;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.SingularOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.QRDecomposition;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;

/**
 * The linear algebra of {@link Mimetic}, which needs EJML: a class of its own, so that the library
 * may be missing where nothing is mimetic.
 *
 * @param alpha α, how much stays of what was drawn
 * @param beta β, how much of the identity is added
 */
record NearestFactors(double alpha, double beta) {

    /** The matrix of rank d nearest to √α Z + √β I for a Z of rank d. */
    FactoredMatrix of(FactoredMatrix drawn) {
        int size = drawn.size();
        int rank = drawn.rank();
        DMatrixRMaj left = DMatrixRMaj.wrap(size, rank, drawn.left());
        DMatrixRMaj right = DMatrixRMaj.wrap(size, rank, drawn.right());
        if (2 * rank >= size) {
            return factors(mixed(left, right), rank);
        }
        // Across the columns of both factors the sum is √β I, whose singular values no wanted one
        // falls below (Weyl): so the decomposition of 2 d dimensions is that of all D.
        DMatrixRMaj basis = basis(left, right);
        DMatrixRMaj l = new DMatrixRMaj(2 * rank, rank);
        DMatrixRMaj r = new DMatrixRMaj(2 * rank, rank);
        CommonOps_DDRM.multTransA(basis, left, l);
        CommonOps_DDRM.multTransA(basis, right, r);
        FactoredMatrix inside = factors(mixed(l, r), rank);
        return FactoredMatrix.of(
                size,
                rank,
                product(basis, inside.left(), rank),
                product(basis, inside.right(), rank));
    }

    /** √α L Rᵀ + √β I. */
    private DMatrixRMaj mixed(DMatrixRMaj left, DMatrixRMaj right) {
        DMatrixRMaj sum = CommonOps_DDRM.identity(left.numRows);
        CommonOps_DDRM.scale(Math.sqrt(beta), sum);
        CommonOps_DDRM.multAddTransB(Math.sqrt(alpha), left, right, sum);
        return sum;
    }

    /** Orthonormal columns (D, 2 d) whose span holds those of both factors. */
    private static DMatrixRMaj basis(DMatrixRMaj left, DMatrixRMaj right) {
        DMatrixRMaj both = CommonOps_DDRM.concatColumns(left, right, null);
        QRDecomposition<DMatrixRMaj> qr = DecompositionFactory_DDRM.qr(both.numRows, both.numCols);
        if (!qr.decompose(both)) {
            throw new IllegalStateException("no QR decomposition of the drawn factors");
        }
        return qr.getQ(null, true);
    }

    private static FactoredMatrix factors(DMatrixRMaj matrix, int rank) {
        int size = matrix.numRows;
        SingularValueDecomposition_F64<DMatrixRMaj> svd =
                DecompositionFactory_DDRM.svd(size, size, true, true, true);
        if (!svd.decompose(matrix)) {
            throw new IllegalStateException("no singular value decomposition of a circuit");
        }
        DMatrixRMaj u = svd.getU(null, false);
        DMatrixRMaj s = svd.getW(null);
        DMatrixRMaj v = svd.getV(null, false);
        SingularOps_DDRM.descendingOrder(u, false, s, v, false);
        double[] left = new double[size * rank];
        double[] right = new double[size * rank];
        for (int i = 0; i < size; i++) {
            for (int k = 0; k < rank; k++) {
                double root = Math.sqrt(s.get(k, k));
                left[i * rank + k] = root * u.get(i, k);
                right[i * rank + k] = root * v.get(i, k);
            }
        }
        return FactoredMatrix.of(size, rank, left, right);
    }

    private static double[] product(DMatrixRMaj basis, double[] factor, int rank) {
        DMatrixRMaj product = new DMatrixRMaj(basis.numRows, rank);
        CommonOps_DDRM.mult(basis, DMatrixRMaj.wrap(basis.numCols, rank, factor), product);
        return product.getData();
    }
}
