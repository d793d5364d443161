package org.diagonal.eval.kernel.math;

import java.util.Arrays;
import java.util.List;
import org.apache.commons.rng.UniformRandomProvider;
import org.diagonal.eval.kernel.numeric.Vectors;
import org.diagonal.eval.kernel.numeric.Workers;
import org.diagonal.templates.task.Randomness;

/**
 * How fast one attention layer begins to copy (Section 5): of m tokens n are trained on, the
 * embeddings are random with entries of variance 1/d, tied to the output, which is 0 at the start.
 * What learns is M = Σ W_V W_Oᵀ, or b in its place; rates are changes of the loss per unit of time
 * at learning rate 1.
 *
 * @param width d
 * @param tokens m
 * @param trained n
 * @param gamma the size of the positional embedding
 * @param networks random networks that the means are of
 * @param seen rate on trained tokens, where M learns
 * @param unseen rate on the others, where M learns
 * @param unseenError its standard error
 * @param seenWithB rate on trained tokens, where b learns
 * @param unseenWithB rate on the others, where b learns
 */
public record CopyRates(
        int width,
        int tokens,
        int trained,
        double gamma,
        int networks,
        double seen,
        double unseen,
        double unseenError,
        double seenWithB,
        double unseenWithB) {

    private static final long STREAM = 5000;

    /** Checks that some tokens are trained on and some are not. */
    public CopyRates {
        if (width < 1 || trained < 1 || trained >= tokens || networks < 2) {
            throw new IllegalArgumentException(
                    "needs 1 ≤ n < m, a width and two networks: n=%d, m=%d, width=%d, networks=%d"
                            .formatted(trained, tokens, width, networks));
        }
    }

    /** The leading order of {@link #seen}: −(1/n + 1/d). */
    public double seenInTheory() {
        return -(1.0 / trained + 1.0 / width);
    }

    /** The leading order of {@link #unseen}: −1/d + γ²/m. */
    public double unseenInTheory() {
        return -1.0 / width + gamma * gamma / tokens;
    }

    /** The leading order of both rates with b: −(1 − 1/m)², whatever the width. */
    public double withBInTheory() {
        double rest = 1 - 1.0 / tokens;
        return -rest * rest;
    }

    /** The share of training's progress that reaches an unseen symbol: n / (n + d). */
    public static double share(double n, double width) {
        return n / (n + width);
    }

    /** Means over random networks. */
    public static CopyRates measure(
            int width,
            int tokens,
            int trained,
            double gamma,
            int networks,
            long seed,
            Workers workers) {
        List<double[]> all =
                workers.all(
                        networks,
                        network -> {
                            UniformRandomProvider random = Randomness.of(seed, STREAM + network);
                            return new Network(width, tokens, gamma, random).rates(trained);
                        });
        double[] mean = new double[4];
        for (double[] one : all) {
            for (int i = 0; i < 4; i++) {
                mean[i] += one[i] / networks;
            }
        }
        double squares = 0;
        for (double[] one : all) {
            squares += (one[1] - mean[1]) * (one[1] - mean[1]);
        }
        double error = Math.sqrt(squares / (networks - 1) / networks);
        return new CopyRates(
                width, tokens, trained, gamma, networks, mean[0], mean[1], error, mean[2], mean[3]);
    }

    /** One random network: inner products of its embeddings. */
    private static final class Network {
        private final int m;
        private final double[][] outputs; // W_E W_Eᵀ, (m, m)
        private final double[][] inputs; // Z Zᵀ, (m, m)
        private final double[][] mixed; // W_E Zᵀ, (m, m)

        Network(int width, int tokens, double gamma, UniformRandomProvider random) {
            this.m = tokens;
            double[][] embedding = new double[tokens][width];
            double[][] input = new double[tokens][width];
            double[] position = new double[width];
            Arrays.setAll(position, j -> Randomness.gaussian(random) / Math.sqrt(width));
            for (int x = 0; x < tokens; x++) {
                for (int j = 0; j < width; j++) {
                    embedding[x][j] = Randomness.gaussian(random) / Math.sqrt(width);
                    input[x][j] = embedding[x][j] + gamma * position[j];
                }
            }
            this.outputs = products(embedding, embedding);
            this.inputs = products(input, input);
            this.mixed = products(embedding, input);
        }

        private static double[][] products(double[][] left, double[][] right) {
            double[][] products = new double[left.length][right.length];
            for (int x = 0; x < left.length; x++) {
                for (int y = 0; y < right.length; y++) {
                    products[x][y] = Vectors.dot(left[x], right[y]);
                }
            }
            return products;
        }

        /** Rates of M on trained and other tokens, then of b. */
        double[] rates(int n) {
            double slope = 0;
            for (int i = 0; i < n; i++) {
                slope += (mixed[i][i] - columnMean(mixed, i)) / n;
            }
            double[] rates = new double[4];
            for (int x = 0; x < m; x++) {
                boolean isTrained = x < n;
                double count = isTrained ? n : m - n;
                rates[isTrained ? 0 : 1] += ofM(x, n) / count;
                double towards = columnMean(mixed, x) - mixed[x][x];
                rates[isTrained ? 2 : 3] += towards * slope / count;
            }
            return rates;
        }

        /** (p − e_x)ᵀ G Σ_i (e_i − p) Q_ix / n. */
        private double ofM(int x, int n) {
            double[] step = new double[m];
            for (int i = 0; i < n; i++) {
                step[i] += inputs[i][x] / n;
                for (int y = 0; y < m; y++) {
                    step[y] -= inputs[i][x] / n / m;
                }
            }
            double rate = 0;
            for (int y = 0; y < m; y++) {
                rate += (columnMean(outputs, y) - outputs[x][y]) * step[y];
            }
            return rate;
        }

        private double columnMean(double[][] matrix, int column) {
            double sum = 0;
            for (double[] row : matrix) {
                sum += row[column];
            }
            return sum / m;
        }
    }
}
