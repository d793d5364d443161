package org.diagonal.eval.kernel.math;

import java.util.List;
import java.util.Optional;

/**
 * The kernel of an MLP on one-hot symbols (Appendix I), and of one that is given X Xᵀ too (Figure
 * 24): inner products of the inputs over their length without [CLS].
 */
final class OneHots {

    private final Outline outline;
    private final boolean withEqualities;
    private final int places;

    private OneHots(Outline outline, boolean withEqualities) {
        this.outline = outline;
        this.withEqualities = withEqualities;
        this.places = outline.length() - 1;
    }

    static Estimate estimate(
            Outline outline, Setting setting, boolean withEqualities, boolean withOverlaps) {
        OneHots inputs = new OneHots(outline, withEqualities);
        int r = outline.size();
        Patterns patterns = new Patterns(withOverlaps ? outline.mostWildcards() : 0);
        double[][] apart = new double[r][r];
        double[] self = new double[r];
        double[] gains = new double[r * r * patterns.size()];
        for (int t = 0; t < r; t++) {
            self[t] = 1 + inputs.equalities(t, t);
            for (int u = 0; u < r; u++) {
                apart[t][u] = inputs.equalPlaces(t, u, patterns, 0) + inputs.equalities(t, u);
                for (int p = 0; withOverlaps && p < patterns.size(); p++) {
                    if (patterns.fits(p, outline.wildcards(t), outline.wildcards(u))) {
                        gains[Overlaps.index(patterns, r, t, u, p)] =
                                inputs.equalPlaces(t, u, patterns, p)
                                        - inputs.equalPlaces(t, u, patterns, 0);
                    }
                }
            }
        }
        return new Estimate(
                outline,
                setting,
                List.of(new Attention(apart, self)),
                withOverlaps ? Optional.of(new Overlaps(patterns, r, gains)) : Optional.empty(),
                Optional.empty());
    }

    private double equalPlaces(int t, int u, Patterns patterns, int pattern) {
        int equal = 0;
        for (int i = 0; i < places; i++) {
            int x = outline.place(t, i);
            int y = outline.place(u, i);
            boolean bothWildcards = x >= 0 && y >= 0;
            boolean same = bothWildcards ? pattern > 0 && patterns.has(pattern, x, y) : x == y;
            equal += same ? 1 : 0;
        }
        return (double) equal / places;
    }

    private double equalities(int t, int u) {
        if (!withEqualities) {
            return 0;
        }
        int both = 0;
        for (int i = 0; i < places; i++) {
            for (int j = 0; j < places; j++) {
                boolean inFirst = outline.place(t, i) == outline.place(t, j);
                boolean inSecond = outline.place(u, i) == outline.place(u, j);
                both += inFirst && inSecond ? 1 : 0;
            }
        }
        return (double) both / places;
    }
}
