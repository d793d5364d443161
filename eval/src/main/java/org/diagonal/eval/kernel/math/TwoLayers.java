package org.diagonal.eval.kernel.math;

import java.util.Arrays;
import java.util.function.IntFunction;
import org.diagonal.eval.kernel.numeric.Gram;
import org.diagonal.eval.kernel.numeric.Symmetric;
import org.diagonal.eval.kernel.numeric.Vectors;

/**
 * The attention kernel of two layers, which the paper does not have: residual connections, each
 * token normalised to length one between the layers, the same a in every head of both.
 *
 * <p>n strings of k places make n k rows. C⁰ is the kernel of the embeddings, C¹ that of what the
 * first layer adds, C² = (C⁰ + C¹) with a diagonal of ones; the second layer is read at [CLS].
 */
final class TwoLayers {

    /** Rows beyond which the second layer's root takes too long. */
    static final int MOST_ROWS = 3000;

    private static final double NO_RANK = 1e-9;

    private final Setting setting;
    private final Universe universe;
    private final int n;
    private final int k;
    private final int width; // tokens and places

    TwoLayers(Outline outline, Setting setting, Patterns patterns) {
        this.setting = setting;
        this.universe = new Universe(outline, patterns);
        this.n = universe.size();
        this.k = universe.length();
        this.width = universe.dimensions();
    }

    /** Numbers in a random matrix of the first layer. */
    int dimensions() {
        return width * width;
    }

    /** Templates' kernels and overlaps of one set of points. */
    record Result(Attention attention, Overlaps overlaps) {}

    /**
     * Both layers.
     *
     * @param first points of the first layer, (points, {@link #dimensions()})
     * @param second points of the second layer, in as many dimensions as turn out to be needed
     */
    Result over(double[][] first, IntFunction<double[][]> second) {
        return universe.average(secondLayer(normalised(firstLayer(first)), second));
    }

    /** C⁰ between two rows. */
    private double embedded(int s, int i, int other, int j) {
        double gamma2 = setting.gamma() * setting.gamma();
        return (universe.token(s, i) == universe.token(other, j) ? 1 : 0) + (i == j ? gamma2 : 0);
    }

    private double[][] firstLayer(double[][] points) {
        double beta = setting.scaledBeta();
        double gamma = setting.gamma();
        int tokens = universe.tokens();
        double[][] features = new double[n * k][width];
        Gram gram = new Gram(n * k);
        double[] logits = new double[k];
        for (double[] g : points) {
            for (int s = 0; s < n; s++) {
                for (int i = 0; i < k; i++) {
                    int row = universe.token(s, i) * width;
                    int place = (tokens + i) * width;
                    for (int p = 0; p < k; p++) {
                        int other = universe.token(s, p);
                        double logit = g[row + other] + gamma * g[row + tokens + p];
                        logit += gamma * (g[place + other] + gamma * g[place + tokens + p]);
                        boolean masked = setting.maskDiagonal() && i == p;
                        logits[p] = beta * logit;
                        logits[p] += masked ? 0 : setting.a() * embedded(s, i, s, p);
                    }
                    Vectors.softmax(logits);
                    double[] feature = features[s * k + i];
                    Arrays.fill(feature, 0);
                    for (int p = 0; p < k; p++) {
                        feature[universe.token(s, p)] += logits[p];
                        feature[tokens + p] = gamma * logits[p];
                    }
                }
            }
            add(features, gram);
        }
        return gram.matrix(1.0 / points.length);
    }

    private static void add(double[][] features, Gram gram) {
        for (int f = 0; f < features[0].length; f++) {
            double[] next = gram.next();
            for (int row = 0; row < features.length; row++) {
                next[row] = features[row][f];
            }
            gram.add();
        }
    }

    private double[][] normalised(double[][] kernel) {
        int rows = n * k;
        for (int x = 0; x < rows; x++) {
            for (int y = 0; y < rows; y++) {
                kernel[x][y] += embedded(x / k, x % k, y / k, y % k);
            }
        }
        double[] lengths = new double[rows];
        Arrays.setAll(lengths, x -> Math.sqrt(kernel[x][x]));
        for (int x = 0; x < rows; x++) {
            for (int y = 0; y < rows; y++) {
                kernel[x][y] /= lengths[x] * lengths[y];
            }
        }
        return kernel;
    }

    /** K_attn of all pairs of strings, (n, n). */
    private double[][] secondLayer(double[][] kernel, IntFunction<double[][]> points) {
        int rows = n * k;
        double[][] product = new double[rows][rows];
        for (int x = 0; x < rows; x++) {
            for (int y = 0; y < rows; y++) {
                product[x][y] = kernel[x][y] * kernel[x / k * k + k - 1][y / k * k + k - 1];
            }
        }
        double[][] root = Symmetric.root(product, NO_RANK);
        double[][] normals = points.apply(root[0].length);
        Gram gram = new Gram(rows);
        double[] logits = new double[k];
        for (double[] g : normals) {
            double[] weights = gram.next();
            for (int s = 0; s < n; s++) {
                int cls = s * k + k - 1;
                for (int p = 0; p < k; p++) {
                    boolean masked = setting.maskDiagonal() && p == k - 1;
                    logits[p] = setting.scaledBeta() * Vectors.dot(root[s * k + p], g);
                    logits[p] += masked ? 0 : setting.a() * kernel[cls][s * k + p];
                }
                Vectors.softmax(logits);
                System.arraycopy(logits, 0, weights, s * k, k);
            }
            gram.add();
        }
        double[][] both = gram.matrix(1.0 / normals.length);
        double[][] attention = new double[n][n];
        for (int x = 0; x < rows; x++) {
            for (int y = 0; y < rows; y++) {
                attention[x / k][y / k] += both[x][y] * kernel[x][y];
            }
        }
        return attention;
    }
}
