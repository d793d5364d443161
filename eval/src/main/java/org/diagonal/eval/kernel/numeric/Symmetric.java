package org.diagonal.eval.kernel.numeric;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;
import org.ejml.interfaces.linsol.LinearSolverDense;

/** What is needed of the library for symmetric matrices. */
public final class Symmetric {

    private Symmetric() {}

    /** Eigenvalues, ascending. */
    public static double[] eigenvalues(double[][] matrix) {
        EigenDecomposition_F64<DMatrixRMaj> eigen =
                DecompositionFactory_DDRM.eig(matrix.length, false, true);
        double[] values = new double[matrix.length];
        if (eigen.decompose(new DMatrixRMaj(matrix))) {
            for (int i = 0; i < values.length; i++) {
                values[i] = eigen.getEigenvalue(i).getReal();
            }
        } else { // the library gives up on some matrices of low rank
            values = Jacobi.eigenvalues(matrix);
        }
        java.util.Arrays.sort(values);
        return values;
    }

    /**
     * A matrix R with R Rᵀ = the matrix, its columns from the largest eigenvalue to the smallest.
     *
     * @param least eigenvalues below this share of the largest are left out
     */
    public static double[][] root(double[][] matrix, double least) {
        int size = matrix.length;
        EigenDecomposition_F64<DMatrixRMaj> eigen = decompose(matrix);
        Integer[] order = new Integer[size];
        for (int i = 0; i < size; i++) {
            order[i] = i;
        }
        java.util.Arrays.sort(
                order,
                java.util.Comparator.comparingDouble(i -> -eigen.getEigenvalue(i).getReal()));
        double largest = eigen.getEigenvalue(order[0]).getReal();
        int rank = 0;
        while (rank < size && eigen.getEigenvalue(order[rank]).getReal() > least * largest) {
            rank++;
        }
        double[][] root = new double[size][rank];
        for (int q = 0; q < rank; q++) {
            double scale = Math.sqrt(eigen.getEigenvalue(order[q]).getReal());
            DMatrixRMaj vector = eigen.getEigenVector(order[q]);
            for (int i = 0; i < size; i++) {
                root[i][q] = scale * vector.get(i);
            }
        }
        return root;
    }

    private static EigenDecomposition_F64<DMatrixRMaj> decompose(double[][] matrix) {
        EigenDecomposition_F64<DMatrixRMaj> eigen =
                DecompositionFactory_DDRM.eig(matrix.length, true, true);
        if (!eigen.decompose(new DMatrixRMaj(matrix))) {
            throw new IllegalStateException(
                    "the eigenvalues of a matrix of %1$d × %1$d were not found"
                            .formatted(matrix.length));
        }
        return eigen;
    }

    /** Solves A x = b for any square A. */
    public static double[] solve(double[][] a, double[] b) {
        LinearSolverDense<DMatrixRMaj> solver = LinearSolverFactory_DDRM.lu(a.length);
        if (!solver.setA(new DMatrixRMaj(a))) {
            throw new IllegalStateException("a singular system of %1$d × %1$d".formatted(a.length));
        }
        DMatrixRMaj x = new DMatrixRMaj(b.length, 1);
        solver.solve(new DMatrixRMaj(b.length, 1, true, b), x);
        return x.getData().clone();
    }
}
