package org.diagonal.eval.kernel.numeric;

import java.util.ArrayList;
import java.util.Arrays;
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

    private final double[][] points; // (points, numbers)
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
        double[] weights = new double[LATTICE_POINTS];
        Arrays.fill(weights, 1.0 / LATTICE_POINTS);
        Lattice lattice = new Lattice(LATTICE_POINTS, numbers);
        return new GaussHermite(lattice.normals(seed, LATTICE_STREAM), weights);
    }

    /**
     * The product of rules with equally many nodes.
     *
     * @param least products of weights below this are left out
     */
    public static GaussHermite product(int numbers, int nodes, double least) {
        double[][] rule = rule(nodes);
        List<double[]> points = new ArrayList<>();
        List<Double> products = new ArrayList<>();
        int[] at = new int[numbers];
        double total = 0;
        do {
            double weight = 1;
            for (int node : at) {
                weight *= rule[1][node];
            }
            if (weight > least) {
                points.add(Arrays.stream(at).mapToDouble(node -> rule[0][node]).toArray());
                products.add(weight);
                total += weight;
            }
        } while (advance(at, nodes));
        double[] weights = new double[products.size()];
        for (int q = 0; q < weights.length; q++) {
            weights[q] = products.get(q) / total;
        }
        return new GaussHermite(points.toArray(double[][]::new), weights);
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
        return points[0].length;
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
        return points[q][wildcard];
    }

    public double largest() {
        return Arrays.stream(points).flatMapToDouble(Arrays::stream).map(Math::abs).max().orElse(0);
    }
}
