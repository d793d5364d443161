package org.diagonal.eval.kernel.math;

import java.util.ArrayList;
import java.util.List;

/**
 * Enough strings to show every pattern of shared symbols: of each template those whose wildcards
 * carry the first W symbols in any order, or the other W, each of which has one owner.
 */
final class Universe {

    private final Outline outline;
    private final Patterns patterns;
    private final List<int[]> symbols = new ArrayList<>(); // by string: a symbol for every wildcard
    private final List<Integer> templates = new ArrayList<>();

    Universe(Outline outline, Patterns patterns) {
        this.outline = outline;
        this.patterns = patterns;
        int w = outline.mostWildcards();
        for (int t = 0; t < outline.size(); t++) {
            for (int pattern = 0; pattern < patterns.size(); pattern++) {
                if (patterns.fits(pattern, w, outline.wildcards(t))) {
                    int[] own = new int[outline.wildcards(t)];
                    for (int j = 0; j < own.length; j++) {
                        int partner = patterns.partner(pattern, j);
                        own[j] = partner >= 0 ? partner : w + j;
                    }
                    symbols.add(own);
                    templates.add(t);
                }
            }
        }
    }

    /** How many strings a task's universe has. */
    static long count(Outline outline) {
        long count = 0;
        for (int t = 0; t < outline.size(); t++) {
            long injections = 0;
            int w = outline.mostWildcards();
            int own = outline.wildcards(t);
            long ways = 1;
            long choose = 1;
            for (int shared = 0; shared <= own; shared++) {
                injections += choose * ways;
                choose = choose * (own - shared) / (shared + 1);
                ways *= w - shared;
            }
            count += injections;
        }
        return count;
    }

    int size() {
        return symbols.size();
    }

    /** Symbols, regular tokens and [CLS]. */
    int tokens() {
        return 2 * outline.mostWildcards() + outline.tokens() + 1;
    }

    int template(int s) {
        return templates.get(s);
    }

    /** What stands at a place of a string. */
    int token(int s, int i) {
        if (i == outline.length() - 1) {
            return tokens() - 1;
        }
        int place = outline.place(template(s), i);
        return place >= 0 ? symbols.get(s)[place] : 2 * outline.mostWildcards() - 1 - place;
    }

    /** Kernels by pattern, each the mean over all pairs of strings that show it. */
    TwoLayers.Result average(double[][] attention) {
        int r = outline.size();
        double[] sums = new double[r * r * patterns.size()];
        int[] counts = new int[sums.length];
        double[] self = new double[r];
        int[] strings = new int[r];
        for (int x = 0; x < size(); x++) {
            self[template(x)] += attention[x][x];
            strings[template(x)]++;
            for (int y = 0; y < size(); y++) {
                int at = Overlaps.index(patterns, r, template(x), template(y), pattern(x, y));
                sums[at] += (attention[x][y] + attention[y][x]) / 2;
                counts[at]++;
            }
        }
        double[][] apart = new double[r][r];
        for (int t = 0; t < r; t++) {
            self[t] /= strings[t];
            for (int u = 0; u < r; u++) {
                int none = Overlaps.index(patterns, r, t, u, 0);
                apart[t][u] = sums[none] / counts[none];
                for (int pattern = 0; pattern < patterns.size(); pattern++) {
                    int at = Overlaps.index(patterns, r, t, u, pattern);
                    sums[at] = counts[at] == 0 ? 0 : sums[at] / counts[at] - apart[t][u];
                }
            }
        }
        return new TwoLayers.Result(
                new Attention(symmetric(apart), self), new Overlaps(patterns, r, sums));
    }

    /** The attention kernel of all pairs of strings, (n, n). */
    double[][] expand(Estimate estimate) {
        double[][] all = new double[size()][size()];
        for (int x = 0; x < size(); x++) {
            for (int y = 0; y < size(); y++) {
                all[x][y] =
                        x == y
                                ? estimate.attentionSelf(template(x))
                                : estimate.attention(template(x), template(y), pattern(x, y));
            }
        }
        return all;
    }

    private static double[][] symmetric(double[][] matrix) {
        for (int t = 0; t < matrix.length; t++) {
            for (int u = 0; u < t; u++) {
                matrix[t][u] = (matrix[t][u] + matrix[u][t]) / 2;
                matrix[u][t] = matrix[t][u];
            }
        }
        return matrix;
    }

    private int pattern(int x, int y) {
        int[] first = symbols.get(x);
        int[] second = symbols.get(y);
        long code = 0;
        for (int i = 0; i < first.length; i++) {
            for (int j = 0; j < second.length; j++) {
                if (first[i] == second[j]) {
                    code |= patterns.bit(i, j);
                }
            }
        }
        return patterns.indexOf(code);
    }
}
