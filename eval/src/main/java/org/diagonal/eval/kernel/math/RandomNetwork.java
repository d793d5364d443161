package org.diagonal.eval.kernel.math;

import java.util.Arrays;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;
import org.diagonal.eval.kernel.numeric.Vectors;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/**
 * A transformer with random weights, as wide as it has heads, all of width d too, and the kernels
 * of its features. At depth 1 it is the paper's; at depth 2 layers are residual and tokens
 * normalised between them.
 */
final class RandomNetwork {

    private final Universe universe;
    private final Setting setting;
    private final int n;
    private final int k;
    private final int d;
    private final ZigguratSampler.NormalizedGaussian random;

    RandomNetwork(Universe universe, Setting setting, int width, UniformRandomProvider random) {
        this.universe = universe;
        this.setting = setting;
        this.n = universe.size();
        this.k = universe.length();
        this.d = width;
        this.random = ZigguratSampler.NormalizedGaussian.of(random);
    }

    /** K_attn and K of all pairs of strings: (2, n, n). */
    double[][][] kernels() {
        DMatrixRMaj tokens = embedded();
        if (setting.depth() == 2) {
            DMatrixRMaj added = attention(tokens, false);
            CommonOps_DDRM.addEquals(tokens, added);
            normalise(tokens);
        }
        DMatrixRMaj last = attention(tokens, true); // (n, d), entries as of vectors of length 1
        DMatrixRMaj read = new DMatrixRMaj(n, d);
        CommonOps_DDRM.scale(Math.sqrt(d), last, read);
        int neurons = (setting.depth() == 2 ? 8 : 4) * d;
        DMatrixRMaj hidden = new DMatrixRMaj(n, neurons);
        CommonOps_DDRM.mult(1 / Math.sqrt(d), read, gaussian(d, neurons, 1), hidden);
        Arrays.setAll(hidden.data, i -> activation(hidden.data[i]));
        return new double[][][] {products(read, d), products(hidden, neurons)};
    }

    private double activation(double value) {
        return switch (setting.phi()) {
            case COS -> Math.cos(setting.b1() * value + setting.b2());
            case RELU -> Math.max(0, value);
            case LINEAR -> value;
            case ERF -> throw new IllegalStateException("erf");
        };
    }

    private DMatrixRMaj gaussian(int rows, int columns, double deviation) {
        DMatrixRMaj matrix = new DMatrixRMaj(rows, columns);
        Arrays.setAll(matrix.data, i -> deviation * random.sample());
        return matrix;
    }

    /** Z₀, a row for every place of every string. */
    private DMatrixRMaj embedded() {
        DMatrixRMaj tokens = gaussian(universe.tokens(), d, 1 / Math.sqrt(d));
        DMatrixRMaj places = gaussian(k, d, 1 / Math.sqrt(d));
        DMatrixRMaj rows = new DMatrixRMaj(n * k, d);
        for (int s = 0; s < n; s++) {
            for (int i = 0; i < k; i++) {
                for (int j = 0; j < d; j++) {
                    double token = tokens.get(universe.token(s, i), j);
                    rows.set(s * k + i, j, token + setting.gamma() * places.get(i, j));
                }
            }
        }
        return rows;
    }

    private static void normalise(DMatrixRMaj rows) {
        for (int x = 0; x < rows.numRows; x++) {
            double squares = 0;
            for (int j = 0; j < rows.numCols; j++) {
                squares += rows.get(x, j) * rows.get(x, j);
            }
            for (int j = 0; j < rows.numCols; j++) {
                rows.set(x, j, rows.get(x, j) / Math.sqrt(squares));
            }
        }
    }

    /** What an attention layer writes, at all places or at [CLS] alone. */
    private DMatrixRMaj attention(DMatrixRMaj z, boolean lastOnly) {
        int rows = lastOnly ? n : n * k;
        DMatrixRMaj sum = new DMatrixRMaj(rows, d);
        double deviation = 1 / Math.sqrt((double) d * d * d); // of W_V W_O and √H in one
        double beta = setting.scaledBeta() / Math.sqrt(d);
        DMatrixRMaj queries = new DMatrixRMaj(n * k, d);
        DMatrixRMaj keys = new DMatrixRMaj(n * k, d);
        DMatrixRMaj mixed = new DMatrixRMaj(rows, d);
        DMatrixRMaj values = new DMatrixRMaj(rows, d);
        DMatrixRMaj output = new DMatrixRMaj(rows, d);
        for (int head = 0; head < d; head++) {
            CommonOps_DDRM.mult(z, gaussian(d, d, 1), queries);
            CommonOps_DDRM.mult(z, gaussian(d, d, 1), keys);
            for (int row = 0; row < rows; row++) {
                mix(z, queries, keys, beta, lastOnly ? row * k + k - 1 : row, mixed, row);
            }
            CommonOps_DDRM.mult(mixed, gaussian(d, d, 1), values);
            CommonOps_DDRM.mult(deviation, values, gaussian(d, d, 1), output);
            CommonOps_DDRM.addEquals(sum, output);
        }
        return sum;
    }

    /** One row of softmax(β q kᵀ + a z zᵀ) z. */
    private void mix(
            DMatrixRMaj z,
            DMatrixRMaj queries,
            DMatrixRMaj keys,
            double beta,
            int at,
            DMatrixRMaj into,
            int row) {
        int first = at / k * k;
        double[] logits = new double[k];
        for (int p = 0; p < k; p++) {
            boolean masked = setting.maskDiagonal() && first + p == at;
            double own = masked || setting.a() == 0 ? 0 : setting.a() * dot(z, at, z, first + p);
            logits[p] = beta * dot(queries, at, keys, first + p) + own;
        }
        Vectors.softmax(logits);
        for (int j = 0; j < d; j++) {
            double sum = 0;
            for (int p = 0; p < k; p++) {
                sum += logits[p] * z.get(first + p, j);
            }
            into.set(row, j, sum);
        }
    }

    private static double dot(DMatrixRMaj left, int row, DMatrixRMaj right, int other) {
        double sum = 0;
        int columns = left.numCols;
        for (int j = 0; j < columns; j++) {
            sum += left.data[row * columns + j] * right.data[other * columns + j];
        }
        return sum;
    }

    private static double[][] products(DMatrixRMaj rows, double scale) {
        double[][] products = new double[rows.numRows][rows.numRows];
        for (int x = 0; x < rows.numRows; x++) {
            for (int y = 0; y < rows.numRows; y++) {
                products[x][y] = dot(rows, x, rows, y) / scale;
            }
        }
        return products;
    }
}
