package org.diagonal.eval.kernel.numeric;

import java.util.ArrayList;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;

/**
 * Points and weights for means over w independent standard normal numbers: a product of
 * Gauss–Hermite rules without its tiny weights, or for more than three numbers a lattice.
 */
public final class GaussHermite {

    private static final double TINY = 1e-10;
    private static final int MOST_FACTORS = 3;
    private static final int LATTICE_POINTS = 1 << 10;
    private static final long LATTICE_STREAM = 77;

    private final double[][] points;
    private final double[] weights;

    private GaussHermite(double[][] points, double[] weights) {
        this.points = points;
        this.weights = weights;
    }

    /** The rule that suits a softmax of inverse temperature β. */
    public static GaussHermite forBeta(int numbers, double beta, long seed) {
        if (numbers > MOST_FACTORS) {
            return lattice(numbers, seed);
        }
        int nodes = beta <= 2 ? 12 : beta <= 4 ? 24 : numbers == MOST_FACTORS ? 24 : 48;
        return product(numbers, nodes, TINY);
    }

    private static GaussHermite lattice(int numbers, long seed) {
        double[][] normals = new Lattice(LATTICE_POINTS, numbers).normals(seed, LATTICE_STREAM);
        double[][] points = new double[numbers][LATTICE_POINTS];
        double[] weights = new double[LATTICE_POINTS];
        for (int q = 0; q < LATTICE_POINTS; q++) {
            weights[q] = 1.0 / LATTICE_POINTS;
            for (int e = 0; e < numbers; e++) {
                points[e][q] = normals[q][e];
            }
        }
        return new GaussHermite(points, weights);
    }

    /**
     * The product of rules with equally many nodes.
     *
     * @param least products of weights below this are left out
     */
    public static GaussHermite product(int numbers, int nodes, double least) {
        double[][] rule = rule(nodes);
        List<int[]> kept = new ArrayList<>();
        List<Double> products = new ArrayList<>();
        int[] at = new int[numbers];
        double total = 0;
        boolean more = true;
        while (more) {
            double weight = 1;
            for (int e = 0; e < numbers; e++) {
                weight *= rule[1][at[e]];
            }
            if (weight > least) {
                kept.add(at.clone());
                products.add(weight);
                total += weight;
            }
            more = advance(at, nodes);
        }
        double[][] points = new double[numbers][kept.size()];
        double[] weights = new double[kept.size()];
        for (int q = 0; q < weights.length; q++) {
            weights[q] = products.get(q) / total;
            for (int e = 0; e < numbers; e++) {
                points[e][q] = rule[0][kept.get(q)[e]];
            }
        }
        return new GaussHermite(points, weights);
    }

    private static boolean advance(int[] at, int nodes) {
        for (int e = at.length - 1; e >= 0; e--) {
            if (++at[e] < nodes) {
                return true;
            }
            at[e] = 0;
        }
        return false;
    }

    /** Nodes and weights by Golub and Welsch: the eigenvalues of the recurrence's matrix. */
    private static double[][] rule(int nodes) {
        DMatrixRMaj matrix = new DMatrixRMaj(nodes, nodes);
        for (int i = 1; i < nodes; i++) {
            matrix.set(i, i - 1, Math.sqrt(i));
            matrix.set(i - 1, i, Math.sqrt(i));
        }
        EigenDecomposition_F64<DMatrixRMaj> eigen =
                DecompositionFactory_DDRM.eig(nodes, true, true);
        if (!eigen.decompose(matrix)) {
            throw new IllegalStateException("no Gauss-Hermite rule of " + nodes + " nodes found");
        }
        double[][] rule = new double[2][nodes];
        for (int i = 0; i < nodes; i++) {
            rule[0][i] = eigen.getEigenvalue(i).getReal();
            DMatrixRMaj vector = eigen.getEigenVector(i);
            double norm = 0;
            for (int j = 0; j < nodes; j++) {
                norm += vector.get(j) * vector.get(j);
            }
            rule[1][i] = vector.get(0) * vector.get(0) / norm;
        }
        return rule;
    }

    public int wildcards() {
        return points.length;
    }

    /** How many points there are. */
    public int size() {
        return weights.length;
    }

    public double weight(int q) {
        return weights[q];
    }

    /** The number of a wildcard at a point. */
    public double point(int wildcard, int q) {
        return points[wildcard][q];
    }

    public double largest() {
        double largest = 0;
        for (double[] ofOne : points) {
            for (double x : ofOne) {
                largest = Math.max(largest, Math.abs(x));
            }
        }
        return largest;
    }
}
