package org.diagonal.eval.kernel.math;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.diagonal.eval.kernel.numeric.Vectors;

/**
 * M = K̂ − B N Bᵀ + λ I of different strings: sparse, since only strings that share a symbol have
 * more in common than their templates have.
 */
final class OverlapMatrix {

    private static final long MOST_ENTRIES = 30_000_000;
    private static final double ACCURACY = 1e-11;
    private static final int MOST_STEPS = 5000;

    private final double[] diagonal;
    private final int[][] columns;
    private final double[][] values;

    private OverlapMatrix(double[] diagonal, int[][] columns, double[][] values) {
        this.diagonal = diagonal;
        this.columns = columns;
        this.values = values;
    }

    /**
     * Fills it.
     *
     * @throws IllegalArgumentException if more pairs share a symbol than memory has room for
     */
    static OverlapMatrix of(TemplateKernel kernel, Sample sample, double lambda) {
        int n = sample.size();
        double[] diagonal = new double[n];
        int[][] columns = new int[n][];
        double[][] values = new double[n][];
        Map<Integer, List<Integer>> bySymbol = sample.bySymbol();
        long entries = 0;
        int[] seen = new int[n];
        Arrays.fill(seen, -1);
        int[] buffer = new int[n];
        for (int i = 0; i < n; i++) {
            int count = 0;
            seen[i] = i;
            for (int symbol : sample.symbols(i)) {
                for (int j : bySymbol.get(symbol)) {
                    if (seen[j] != i) {
                        seen[j] = i;
                        buffer[count++] = j;
                    }
                }
            }
            entries += count;
            if (entries > MOST_ENTRIES) {
                throw new IllegalArgumentException(
                        "too many pairs of %,d strings share a symbol (more than %,d): take a larger alphabet or fewer samples"
                                .formatted(n, MOST_ENTRIES));
            }
            columns[i] = Arrays.copyOf(buffer, count);
            Arrays.sort(columns[i]);
            values[i] = new double[count];
            int t = sample.template(i);
            for (int c = 0; c < count; c++) {
                int j = columns[i][c];
                int pattern = sample.pattern(i, j, kernel.patterns());
                values[i][c] = kernel.overlap(t, sample.template(j), pattern);
            }
            diagonal[i] = kernel.excess(t) + lambda / sample.count(i);
        }
        return new OverlapMatrix(diagonal, columns, values);
    }

    int size() {
        return diagonal.length;
    }

    /** The matrix in full. */
    double[][] dense() {
        double[][] dense = new double[size()][size()];
        for (int i = 0; i < size(); i++) {
            dense[i][i] = diagonal[i];
            for (int c = 0; c < columns[i].length; c++) {
                dense[i][columns[i][c]] = values[i][c];
            }
        }
        return dense;
    }

    /**
     * Solves M x = b by conjugate gradients, preconditioned by the diagonal.
     *
     * @throws IllegalStateException if they do not come to an end
     */
    double[] solve(double[] b) {
        int n = size();
        double[] x = new double[n];
        double[] residual = b.clone();
        double[] direction = new double[n];
        double[] image = new double[n];
        double goal = ACCURACY * Math.sqrt(Vectors.dot(b, b));
        double before = 0;
        for (int step = 0; step < MOST_STEPS; step++) {
            if (Math.sqrt(Vectors.dot(residual, residual)) <= goal) {
                return x;
            }
            double now = 0;
            for (int i = 0; i < n; i++) {
                now += residual[i] * residual[i] / diagonal[i];
            }
            double share = step == 0 ? 0 : now / before;
            for (int i = 0; i < n; i++) {
                direction[i] = residual[i] / diagonal[i] + share * direction[i];
            }
            multiply(direction, image);
            double length = now / Vectors.dot(direction, image);
            for (int i = 0; i < n; i++) {
                x[i] += length * direction[i];
                residual[i] -= length * image[i];
            }
            before = now;
        }
        throw new IllegalStateException(
                "the regression on %,d strings did not come to an end in %,d steps: a larger lambda helps"
                        .formatted(n, MOST_STEPS));
    }

    private void multiply(double[] x, double[] into) {
        for (int i = 0; i < into.length; i++) {
            double sum = diagonal[i] * x[i];
            int[] column = columns[i];
            double[] value = values[i];
            for (int c = 0; c < column.length; c++) {
                sum += value[c] * x[column[c]];
            }
            into[i] = sum;
        }
    }
}
