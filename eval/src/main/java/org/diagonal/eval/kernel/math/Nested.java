package org.diagonal.eval.kernel.math;

import java.util.Arrays;
import java.util.function.IntFunction;
import org.diagonal.eval.kernel.numeric.GaussHermite;
import org.diagonal.eval.kernel.numeric.Gram;
import org.diagonal.eval.kernel.numeric.Vectors;

/**
 * The attention kernel of strings without a symbol in common, at depth 1 (equation 3), as a Gram
 * matrix of conditional means: given what two such strings share, the latent numbers of regular
 * tokens, [CLS] and places, their wildcards are independent, so the mean over a template's own
 * wildcards is taken first, by quadrature. The matrix is positive semidefinite whatever the points,
 * and its small eigenvalues have small relative errors.
 *
 * <p>A softmax weight is u_i E_e / Z with u of a place and E of a wildcard, so a template costs one
 * division per quadrature point, whatever its length.
 */
final class Nested {

    /** Where the smallest denominator would leave the range of squares of doubles. */
    private static final double SAFE = -300;

    private final Outline outline;
    private final Setting setting;
    private final Inner[] inner;
    private final int k;
    private final int tokens;

    /**
     * Prepares.
     *
     * @param rules the quadrature over so many wildcards
     */
    Nested(Outline outline, Setting setting, IntFunction<GaussHermite> rules) {
        this.outline = outline;
        this.setting = setting;
        this.k = outline.length();
        this.tokens = outline.tokens();
        this.inner = new Inner[outline.mostWildcards() + 1];
        for (int t = 0; t < outline.size(); t++) {
            int w = outline.wildcards(t);
            if (inner[w] == null) {
                inner[w] = new Inner(rules.apply(w), setting.beta());
            }
        }
    }

    /** Latent numbers that all strings share: regular tokens, [CLS], k places. */
    int dimensions() {
        return tokens + 1 + k;
    }

    /**
     * Means over shared points.
     *
     * @param points (points, {@link #dimensions()})
     * @param weights of the points, summing to 1; equal ones where empty
     */
    Attention over(double[][] points, double[] weights) {
        int r = outline.size();
        int features = tokens + 1 + k;
        double[][] columns = new double[features][r];
        double[] self = new double[r];
        Gram gram = new Gram(r);
        Softmax softmax = new Softmax();
        for (int s = 0; s < points.length; s++) {
            double weight = weights.length == 0 ? 1.0 / points.length : weights[s];
            for (int t = 0; t < r; t++) {
                self[t] += weight * softmax.of(t, points[s], columns);
            }
            double root = Math.sqrt(weight);
            for (double[] column : columns) {
                double[] next = gram.next();
                for (int t = 0; t < r; t++) {
                    next[t] = root * column[t];
                }
                gram.add();
            }
        }
        return new Attention(gram.matrix(1), self);
    }

    /** A quadrature with exp(β x) at its points, scaled to at most 1. */
    private static final class Inner {
        final GaussHermite rule;
        final double largest;
        final double[] weights;
        final double[][] powers; // (wildcards, points)

        Inner(GaussHermite rule, double beta) {
            this.rule = rule;
            this.largest = beta * rule.largest();
            this.weights = new double[rule.size()];
            Arrays.setAll(weights, rule::weight);
            this.powers = new double[rule.wildcards()][rule.size()];
            for (int e = 0; e < powers.length; e++) {
                int wildcard = e;
                Arrays.setAll(powers[e], q -> Math.exp(beta * rule.point(wildcard, q) - largest));
            }
        }
    }

    /** One template's mean weights at one point. */
    private final class Softmax {
        private final double[] u = new double[k];
        private final double[] ofWildcard = new double[inner.length];
        private final double[] ofWildcardSquares = new double[inner.length];
        private final double[] ofToken = new double[tokens];
        private final double[] mean = new double[inner.length];
        private final double[] meanSquare = new double[inner.length];
        private double shared;
        private double mean0;
        private double meanSquare0;

        /** Writes features, one number to a column; returns the mean of K_attn(X, X). */
        double of(int t, double[] point, double[][] columns) {
            Inner rule = inner[outline.wildcards(t)];
            if (!place(t, point, rule)) {
                return sharp(t, rule, columns);
            }
            integrate(rule, outline.wildcards(t));
            for (int j = 0; j < tokens; j++) {
                columns[j][t] = ofToken[j] * mean0;
            }
            columns[tokens][t] = u[k - 1] * mean0;
            double squares = 0;
            for (int i = 0; i < k; i++) {
                int e = outline.place(t, i);
                columns[tokens + 1 + i][t] = setting.gamma() * u[i] * (e >= 0 ? mean[e] : mean0);
                squares += e >= 0 ? 0 : u[i] * u[i];
            }
            double self = u[k - 1] * u[k - 1] * meanSquare0;
            for (int j = 0; j < tokens; j++) {
                self += ofToken[j] * ofToken[j] * meanSquare0;
            }
            double gamma2 = setting.gamma() * setting.gamma();
            self += gamma2 * squares * meanSquare0;
            for (int e = 0; e < outline.wildcards(t); e++) {
                double both = ofWildcard[e] * ofWildcard[e] + gamma2 * ofWildcardSquares[e];
                self += both * meanSquare[e];
            }
            return self;
        }

        /**
         * The factors of the softmax, the largest possible of which is 1; false: their logarithms.
         */
        private boolean place(int t, double[] point, Inner rule) {
            double beta = setting.beta();
            double gamma = setting.gamma();
            double most = Double.NEGATIVE_INFINITY;
            double sure = Double.NEGATIVE_INFINITY;
            for (int i = 0; i < k; i++) {
                int e = outline.place(t, i);
                u[i] = beta * gamma * point[tokens + 1 + i];
                u[i] += e >= 0 ? rule.largest : beta * point[-1 - e];
                u[i] += i == k - 1 ? ownAttention() : 0;
                most = Math.max(most, u[i]);
                sure = Math.max(sure, u[i] - (e >= 0 ? 2 * rule.largest : 0));
            }
            if (sure - most < SAFE) {
                return false;
            }
            Arrays.fill(ofWildcard, 0);
            Arrays.fill(ofWildcardSquares, 0);
            Arrays.fill(ofToken, 0);
            shared = 0;
            for (int i = 0; i < k; i++) {
                u[i] = Math.exp(u[i] - most);
                int e = outline.place(t, i);
                if (e >= 0) {
                    ofWildcard[e] += u[i];
                    ofWildcardSquares[e] += u[i] * u[i];
                } else {
                    shared += u[i];
                    if (i < k - 1) {
                        ofToken[-1 - e] += u[i];
                    }
                }
            }
            return true;
        }

        /** The same one quadrature point after another, for softmaxes too sharp for factors. */
        private double sharp(int t, Inner rule, double[][] columns) {
            double[] means = new double[tokens + 1 + k];
            double[] own = new double[inner.length];
            double[] logits = new double[k];
            double self = 0;
            double gamma2 = setting.gamma() * setting.gamma();
            for (int q = 0; q < rule.weights.length; q++) {
                for (int i = 0; i < k; i++) {
                    int e = outline.place(t, i);
                    logits[i] = u[i];
                    logits[i] += e >= 0 ? setting.beta() * rule.rule.point(e, q) - rule.largest : 0;
                }
                Vectors.softmax(logits);
                Arrays.fill(own, 0);
                double[] ofShared = new double[tokens + 1];
                for (int i = 0; i < k; i++) {
                    int e = outline.place(t, i);
                    double s = logits[i];
                    (e >= 0 ? own : ofShared)[e >= 0 ? e : -1 - e] += s;
                    means[tokens + 1 + i] += rule.weights[q] * s;
                    self += rule.weights[q] * gamma2 * s * s;
                }
                for (int j = 0; j <= tokens; j++) {
                    means[j] += rule.weights[q] * ofShared[j];
                    self += rule.weights[q] * ofShared[j] * ofShared[j];
                }
                for (double s : own) {
                    self += rule.weights[q] * s * s;
                }
            }
            for (int j = 0; j < means.length; j++) {
                columns[j][t] = j <= tokens ? means[j] : setting.gamma() * means[j];
            }
            return self;
        }

        private void integrate(Inner rule, int w) {
            Arrays.fill(mean, 0);
            Arrays.fill(meanSquare, 0);
            mean0 = 0;
            meanSquare0 = 0;
            if (w == 2) {
                integrateTwo(rule);
                return;
            }
            for (int q = 0; q < rule.weights.length; q++) {
                double z = shared;
                for (int e = 0; e < w; e++) {
                    z += ofWildcard[e] * rule.powers[e][q];
                }
                double once = rule.weights[q] / z;
                double twice = once / z;
                mean0 += once;
                meanSquare0 += twice;
                for (int e = 0; e < w; e++) {
                    double power = rule.powers[e][q];
                    mean[e] += once * power;
                    meanSquare[e] += twice * power * power;
                }
            }
        }

        /** The most frequent case, with its sums in registers. */
        private void integrateTwo(Inner rule) {
            double[] first = rule.powers[0];
            double[] second = rule.powers[1];
            double a0 = ofWildcard[0];
            double a1 = ofWildcard[1];
            double m0 = 0;
            double m1 = 0;
            double m2 = 0;
            double s0 = 0;
            double s1 = 0;
            double s2 = 0;
            for (int q = 0; q < rule.weights.length; q++) {
                double x = first[q];
                double y = second[q];
                double inverse = 1 / (shared + a0 * x + a1 * y);
                double once = rule.weights[q] * inverse;
                double twice = once * inverse;
                m0 += once;
                m1 += once * x;
                m2 += once * y;
                s0 += twice;
                s1 += twice * x * x;
                s2 += twice * y * y;
            }
            mean0 = m0;
            mean[0] = m1;
            mean[1] = m2;
            meanSquare0 = s0;
            meanSquare[0] = s1;
            meanSquare[1] = s2;
        }
    }

    /** What a adds to the logit of [CLS] in its own row, the only one that is read. */
    private double ownAttention() {
        return setting.maskDiagonal() ? 0 : setting.a() * (1 + setting.gamma() * setting.gamma());
    }
}
