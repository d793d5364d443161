package org.diagonal.eval.kernel.math;

import java.util.Arrays;
import org.diagonal.eval.kernel.numeric.Vectors;

/**
 * Attention kernels of all pairs of strings up to renaming at depth 1, by a plain mean over the
 * latent numbers of all tokens and places: good to about 1e-4, which is enough for overlaps.
 */
final class PairTable {

    private final Outline outline;
    private final Setting setting;
    private final Patterns patterns;
    private final Universe universe;
    private final int k;

    PairTable(Outline outline, Setting setting, Patterns patterns) {
        this.outline = outline;
        this.setting = setting;
        this.patterns = patterns;
        this.universe = new Universe(outline, patterns);
        this.k = outline.length();
    }

    /** Latent numbers: of all tokens and places. */
    int dimensions() {
        return universe.dimensions();
    }

    /** A rough count of multiplications per point. */
    static long cost(Outline outline, long patterns) {
        long pairs = (long) outline.size() * (outline.size() + 1) / 2 * patterns;
        return pairs * (outline.length() + outline.tokens() + outline.mostWildcards() + 1);
    }

    /** Means over points of {@link #dimensions()} numbers. */
    Overlaps over(double[][] points) {
        int r = outline.size();
        double[] sums = new double[r * r * patterns.size()];
        double[][] features = new double[universe.size()][dimensions()];
        int[] first = first();
        for (double[] point : points) {
            for (int s = 0; s < features.length; s++) {
                fill(features[s], point, s);
            }
            for (int s = 0; s < features.length; s++) {
                int u = universe.template(s);
                int pattern = universe.pattern(s);
                for (int t = 0; t <= u; t++) {
                    int at = Overlaps.index(patterns, r, t, u, pattern);
                    sums[at] += Vectors.dot(features[first[t]], features[s]);
                }
            }
        }
        return gains(sums, points.length);
    }

    /** For every template the string whose wildcard i carries symbol i, the first of each pair. */
    private int[] first() {
        int[] first = new int[outline.size()];
        for (int s = 0; s < universe.size(); s++) {
            if (universe.isFirst(s)) {
                first[universe.template(s)] = s;
            }
        }
        return first;
    }

    /** Attention by token, and γ times attention by place. */
    private void fill(double[] features, double[] point, int s) {
        Arrays.fill(features, 0);
        double beta = setting.beta();
        double gamma = setting.gamma();
        int places = universe.tokens();
        double[] logits = new double[k];
        for (int i = 0; i < k; i++) {
            logits[i] = beta * (point[universe.token(s, i)] + gamma * point[places + i]);
            logits[i] +=
                    i == k - 1 && !setting.maskDiagonal() ? setting.a() * (1 + gamma * gamma) : 0;
        }
        Vectors.softmax(logits);
        for (int i = 0; i < k; i++) {
            features[universe.token(s, i)] += logits[i];
            features[places + i] = gamma * logits[i];
        }
    }

    /** Differences to nothing shared; the same for two strings in either order. */
    private Overlaps gains(double[] sums, int points) {
        int r = outline.size();
        double[] gains = new double[sums.length];
        for (int t = 0; t < r; t++) {
            for (int u = t; u < r; u++) {
                double apart = sums[Overlaps.index(patterns, r, t, u, 0)];
                for (int pattern = 0; pattern < patterns.size(); pattern++) {
                    if (!patterns.fits(pattern, outline.wildcards(t), outline.wildcards(u))) {
                        continue;
                    }
                    int back = patterns.exchanged(pattern);
                    double sum = sums[Overlaps.index(patterns, r, t, u, pattern)];
                    if (t == u) {
                        sum = (sum + sums[Overlaps.index(patterns, r, t, u, back)]) / 2;
                    }
                    double gain = (sum - apart) / points;
                    gains[Overlaps.index(patterns, r, t, u, pattern)] = gain;
                    gains[Overlaps.index(patterns, r, u, t, back)] = gain;
                }
            }
        }
        return new Overlaps(patterns, r, gains);
    }
}
