package org.diagonal.eval.kernel.math;

/**
 * How much more attention kernel two strings have for the symbols that they share, by templates and
 * pattern: the value of the pattern less that of nothing shared, so that errors of the points
 * cancel.
 */
final class Overlaps {

    private final Patterns patterns;
    private final int templates;
    private final double[] gains; // (t, u, pattern)

    Overlaps(Patterns patterns, int templates, double[] gains) {
        this.patterns = patterns;
        this.templates = templates;
        this.gains = gains;
    }

    Patterns patterns() {
        return patterns;
    }

    double gain(int t, int u, int pattern) {
        return gains[index(patterns, templates, t, u, pattern)];
    }

    static int index(Patterns patterns, int templates, int t, int u, int pattern) {
        return (t * templates + u) * patterns.size() + pattern;
    }

    /** The mean of several. */
    static Overlaps mean(java.util.List<Overlaps> all) {
        Overlaps first = all.get(0);
        double[] gains = new double[first.gains.length];
        for (Overlaps one : all) {
            for (int i = 0; i < gains.length; i++) {
                gains[i] += one.gains[i] / all.size();
            }
        }
        return new Overlaps(first.patterns, first.templates, gains);
    }
}
