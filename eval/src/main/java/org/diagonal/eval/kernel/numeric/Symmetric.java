package org.diagonal.eval.kernel.numeric;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
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
        DoubleStream values =
                eigen.decompose(new DMatrixRMaj(matrix))
                        ? IntStream.range(0, matrix.length)
                                .mapToDouble(i -> eigen.getEigenvalue(i).getReal())
                        // the library gives up on some matrices of low rank
                        : Arrays.stream(Jacobi.eigenvalues(matrix));
        return values.sorted().toArray();
    }

    /**
     * A matrix R with R Rᵀ = the matrix, its columns from the largest eigenvalue to the smallest.
     *
     * @param least eigenvalues below this share of the largest are left out
     */
    public static double[][] root(double[][] matrix, double least) {
        int size = matrix.length;
        EigenDecomposition_F64<DMatrixRMaj> eigen = decompose(matrix);
        double[] values = new double[size];
        Arrays.setAll(values, i -> eigen.getEigenvalue(i).getReal());
        double largest = Arrays.stream(values).max().orElseThrow();
        List<Integer> kept =
                IntStream.range(0, size)
                        .filter(i -> values[i] > least * largest)
                        .boxed()
                        .sorted(Comparator.comparingDouble(i -> -values[i]))
                        .toList();
        double[][] root = new double[size][kept.size()];
        for (int q = 0; q < kept.size(); q++) {
            double scale = Math.sqrt(values[kept.get(q)]);
            DMatrixRMaj vector = eigen.getEigenVector(kept.get(q));
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
