package org.diagonal.eval.kernel.math;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Enough strings to show every pattern of shared symbols: of each template those whose wildcards
 * carry the first W symbols in any order, or the other W, each of which has one owner.
 */
final class Universe {

    private final Outline outline;
    private final Patterns patterns;
    private final List<int[]> symbols = new ArrayList<>(); // by string: a symbol for every wildcard
    private final List<int[]> strings = new ArrayList<>(); // by string: a token for every place
    private final List<Integer> templates = new ArrayList<>();
    private final List<Integer> shared = new ArrayList<>(); // by string: the pattern that made it

    Universe(Outline outline, Patterns patterns) {
        this.outline = outline;
        this.patterns = patterns;
        int w = outline.mostWildcards();
        for (int t = 0; t < outline.size(); t++) {
            for (int pattern = 0; pattern < patterns.size(); pattern++) {
                if (patterns.fits(pattern, w, outline.wildcards(t))) {
                    int[] own = patterns.symbols(pattern, outline.wildcards(t));
                    symbols.add(own);
                    strings.add(string(t, own));
                    templates.add(t);
                    shared.add(pattern);
                }
            }
        }
    }

    private int[] string(int t, int[] own) {
        int[] string = new int[length()];
        for (int i = 0; i < string.length; i++) {
            int place = outline.place(t, i);
            string[i] = place >= 0 ? own[place] : 2 * outline.mostWildcards() - 1 - place;
        }
        return string;
    }

    /** How many strings a task's universe has. */
    static long count(Outline outline) {
        return IntStream.range(0, outline.size())
                .mapToLong(t -> Patterns.count(outline.mostWildcards(), outline.wildcards(t)))
                .sum();
    }

    int size() {
        return symbols.size();
    }

    /** Symbols, regular tokens and [CLS]. */
    int tokens() {
        return 2 * outline.mostWildcards() + outline.tokens() + 1;
    }

    /** k. */
    int length() {
        return outline.length();
    }

    /** Tokens and places, whose latent numbers a kernel is a mean over. */
    int dimensions() {
        return tokens() + length();
    }

    int template(int s) {
        return templates.get(s);
    }

    /** The pattern of a string with any whose wildcard i carries symbol i. */
    int pattern(int s) {
        return shared.get(s);
    }

    /** Whether wildcard i of a string carries symbol i. */
    boolean isFirst(int s) {
        int[] own = symbols.get(s);
        return Arrays.equals(own, IntStream.range(0, own.length).toArray());
    }

    /** What stands at a place of a string. */
    int token(int s, int i) {
        return strings.get(s)[i];
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

    /** The pattern of symbols that two strings share. */
    int pattern(int x, int y) {
        return patterns.between(symbols.get(x), symbols.get(y));
    }
}
