package org.diagonal.plugin.identity;

import org.diagonal.plugin.product.Library;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.SingularOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.QRDecomposition;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;

/**
 * Mimetic initialisation of QK circuits (Trockman and Kolter 2023, in the form of the paper's
 * published code): a head that was drawn with W_Q W_Kᵀ = Z gets the factors U_d √S_d and V_d √S_d
 * of the singular value decomposition U S Vᵀ of √α Z + √β I, cut to the head's width d. OV circuits
 * stay as they were drawn.
 *
 * <p>α = 1 and β = 0 leave W_Q W_Kᵀ as it was drawn. A head can hold d of the identity's D
 * dimensions only, so the mean of its diagonal is about √β d/D where β rules.
 *
 * @param alpha α, at least 0: how much stays of what was drawn
 * @param beta β, at least 0: how much of the identity is added
 */
public record Mimetic(double alpha, double beta) {

    /** Refuses what has no root. */
    public Mimetic {
        if (!isFine(alpha) || !isFine(beta)) {
            throw new IllegalArgumentException(
                    "alpha and beta must be finite and at least 0: alpha=%s, beta=%s"
                            .formatted(alpha, beta));
        }
    }

    private static boolean isFine(double value) {
        return Double.isFinite(value) && value >= 0;
    }

    /**
     * The matrix of rank d nearest to √α Z + √β I, in two factors of equal norms.
     *
     * @param drawn Z of rank d
     */
    public FactoredMatrix apply(FactoredMatrix drawn) {
        Library.EJML.require("mimetic initialisation");
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

    /**
     * Gives W_Q and W_K of one head, in a weight that all heads share, their new values.
     *
     * @param size D
     * @param rank d
     */
    public void apply(float[] weight, Slice queries, Slice keys, int size, int rank) {
        FactoredMatrix drawn =
                FactoredMatrix.of(
                        size,
                        rank,
                        queries.read(weight, size, rank, 1),
                        keys.read(weight, size, rank, 1));
        FactoredMatrix mimetic = apply(drawn);
        queries.write(mimetic.left(), size, rank, weight);
        keys.write(mimetic.right(), size, rank, weight);
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
