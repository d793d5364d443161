package org.diagonal.eval.kernel.math;

/**
 * Attention kernels of all pairs of strings up to renaming at depth 1, by a plain mean over the
 * latent numbers of all tokens and places: good to about 1e-4, which is enough for overlaps.
 */
final class PairTable {

    private final Outline outline;
    private final Setting setting;
    private final Patterns patterns;
    private final int k;
    private final int tokens;
    private final int symbols; // 2 W: those of the first string, those of the second alone

    PairTable(Outline outline, Setting setting, Patterns patterns) {
        this.outline = outline;
        this.setting = setting;
        this.patterns = patterns;
        this.k = outline.length();
        this.tokens = outline.tokens();
        this.symbols = 2 * outline.mostWildcards();
    }

    /** Latent numbers: symbols, regular tokens, [CLS], k places. */
    int dimensions() {
        return symbols + tokens + 1 + k;
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
        int strings = r * patterns.size();
        double[][] features = new double[strings][];
        int[][] symbolsOf = symbols();
        for (double[] point : points) {
            for (int s = 0; s < strings; s++) {
                if (symbolsOf[s].length > 0 || outline.wildcards(s / patterns.size()) == 0) {
                    features[s] = features(point, s / patterns.size(), symbolsOf[s], features[s]);
                }
            }
            for (int t = 0; t < r; t++) {
                for (int s = t * patterns.size(); s < strings; s++) {
                    if (features[s] != null) {
                        sums[t * strings + s] += dot(own(features, t), features[s]);
                    }
                }
            }
        }
        return gains(sums, points.length);
    }

    /** The string of a template whose wildcards have their own symbols: nothing exchanged. */
    private double[] own(double[][] features, int t) {
        long code = 0;
        for (int i = 0; i < outline.wildcards(t); i++) {
            code |= patterns.bit(i, i);
        }
        return features[t * patterns.size() + patterns.indexOf(code)];
    }

    /** For every second string the symbols of its wildcards; none for what cannot be. */
    private int[][] symbols() {
        int r = outline.size();
        int w = outline.mostWildcards();
        int[][] symbolsOf = new int[r * patterns.size()][0];
        for (int u = 0; u < r; u++) {
            for (int pattern = 0; pattern < patterns.size(); pattern++) {
                if (patterns.fits(pattern, w, outline.wildcards(u))) {
                    int[] own = new int[outline.wildcards(u)];
                    for (int j = 0; j < own.length; j++) {
                        int partner = patterns.partner(pattern, j);
                        own[j] = partner >= 0 ? partner : w + j;
                    }
                    symbolsOf[u * patterns.size() + pattern] = own;
                }
            }
        }
        return symbolsOf;
    }

    /** Attention by symbol, regular token and [CLS], and γ times attention by place. */
    private double[] features(double[] point, int t, int[] symbolsOf, double[] reused) {
        double[] features = reused == null ? new double[symbols + tokens + 1 + k] : reused;
        java.util.Arrays.fill(features, 0);
        double beta = setting.beta();
        double gamma = setting.gamma();
        double most = Double.NEGATIVE_INFINITY;
        int places = symbols + tokens + 1;
        for (int i = 0; i < k; i++) {
            double logit = beta * (point[token(t, i, symbolsOf)] + gamma * point[places + i]);
            logit += i == k - 1 && !setting.maskDiagonal() ? setting.a() * (1 + gamma * gamma) : 0;
            features[places + i] = logit;
            most = Math.max(most, logit);
        }
        double z = 0;
        for (int i = 0; i < k; i++) {
            features[places + i] = Math.exp(features[places + i] - most);
            z += features[places + i];
        }
        for (int i = 0; i < k; i++) {
            double s = features[places + i] / z;
            features[token(t, i, symbolsOf)] += s;
            features[places + i] = gamma * s;
        }
        return features;
    }

    private int token(int t, int i, int[] symbolsOf) {
        if (i == k - 1) {
            return symbols + tokens;
        }
        int place = outline.place(t, i);
        return place >= 0 ? symbolsOf[place] : symbols - 1 - place;
    }

    private static double dot(double[] x, double[] y) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += x[i] * y[i];
        }
        return sum;
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
