package org.diagonal.eval.kernel.math;

import java.util.List;
import java.util.Optional;
import org.diagonal.eval.kernel.numeric.GaussHermite;
import org.diagonal.eval.kernel.numeric.Lattice;
import org.diagonal.eval.kernel.numeric.Workers;

/**
 * Makes estimates.
 *
 * @param points of a lattice, a power of two
 * @param shifts of it, at least two, so that errors are known
 * @param seed of the shifts
 */
public record Estimator(int points, int shifts, long seed) {

    /** The fewest points for which a generator can be chosen. */
    public static final int FEWEST_POINTS = 32;

    private static final long MOST_TABLE = 4_000_000;
    private static final long TABLE_BUDGET = 1_500_000_000;
    private static final int MOST_TABLE_POINTS = 8192;
    private static final int MOST_TABLE_SHIFTS = 4;
    private static final long TABLE_STREAM = 1000;
    private static final long FIRST_STREAM = 2000;
    private static final long SECOND_STREAM = 3000;

    /** Checks the ranges. */
    public Estimator {
        if (Integer.bitCount(points) != 1 || points < FEWEST_POINTS) {
            throw new IllegalArgumentException(
                    "points must be a power of two from %d on: %d"
                            .formatted(FEWEST_POINTS, points));
        }
        if (shifts < 2) {
            throw new IllegalArgumentException("shifts must be 2 or more: " + shifts);
        }
    }

    /**
     * The kernel of a random transformer.
     *
     * @param withOverlaps whether samples will be drawn; N and the closed form need none
     * @throws IllegalArgumentException if the task has too many patterns of shared symbols
     */
    public Estimate transformer(
            Outline outline, Setting setting, boolean withOverlaps, Workers workers) {
        if (withOverlaps || setting.depth() == 2) {
            requireFewPatterns(outline, setting.depth());
        }
        return setting.depth() == 1
                ? oneLayer(outline, setting, withOverlaps, workers)
                : twoLayers(outline, setting, workers);
    }

    private static void requireFewPatterns(Outline outline, int depth) {
        long patterns = Patterns.count(outline.mostWildcards(), outline.mostWildcards());
        long r = outline.size();
        if (patterns > MOST_TABLE / r / r) {
            throw new IllegalArgumentException(
                    "too many patterns of shared symbols: %,d templates of up to %d wildcards have more than %,d; without draws (0 trials) there is N and the closed form"
                            .formatted(r, outline.mostWildcards(), MOST_TABLE));
        }
        long rows = Universe.count(outline) * outline.length();
        if (depth == 2 && rows > TwoLayers.MOST_ROWS) {
            throw new IllegalArgumentException(
                    "too many patterns for two layers: %,d strings of %d tokens are %,d rows, and at most %,d are possible"
                            .formatted(
                                    rows / outline.length(),
                                    outline.length(),
                                    rows,
                                    TwoLayers.MOST_ROWS));
        }
    }

    private Estimate oneLayer(
            Outline outline, Setting setting, boolean withOverlaps, Workers workers) {
        Nested nested =
                new Nested(outline, setting, w -> GaussHermite.forBeta(w, setting.beta(), seed));
        Lattice lattice = new Lattice(points, nested.dimensions());
        List<Attention> attentions =
                workers.all(
                        shifts, shift -> nested.over(lattice.normals(seed, shift), new double[0]));
        Optional<Overlaps> overlaps =
                withOverlaps ? Optional.of(overlaps(outline, setting, workers)) : Optional.empty();
        return new Estimate(outline, setting, attentions, overlaps, Twins.find(outline, setting));
    }

    private Overlaps overlaps(Outline outline, Setting setting, Workers workers) {
        Patterns patterns = new Patterns(outline.mostWildcards());
        PairTable table = new PairTable(outline, setting, patterns);
        int most = Math.min(MOST_TABLE_POINTS, points);
        long cost = Math.max(1, PairTable.cost(outline, patterns.size()));
        while (most > FEWEST_POINTS && most * cost > TABLE_BUDGET) {
            most /= 2;
        }
        Lattice lattice = new Lattice(most, table.dimensions());
        return Overlaps.mean(
                workers.all(
                        Math.min(shifts, MOST_TABLE_SHIFTS),
                        shift -> table.over(lattice.normals(seed, TABLE_STREAM + shift))));
    }

    private Estimate twoLayers(Outline outline, Setting setting, Workers workers) {
        Patterns patterns = new Patterns(outline.mostWildcards());
        TwoLayers layers = new TwoLayers(outline, setting, patterns);
        Lattice first = new Lattice(points, layers.dimensions());
        List<TwoLayers.Result> results =
                workers.all(
                        shifts,
                        shift ->
                                layers.over(
                                        first.normals(seed, FIRST_STREAM + shift),
                                        dimensions ->
                                                new Lattice(points, dimensions)
                                                        .normals(seed, SECOND_STREAM + shift)));
        return new Estimate(
                outline,
                setting,
                results.stream().map(TwoLayers.Result::attention).toList(),
                Optional.of(
                        Overlaps.mean(results.stream().map(TwoLayers.Result::overlaps).toList())),
                Twins.find(outline, setting));
    }

    /** The kernel of an MLP on one-hot symbols, with or without X Xᵀ beside them; has no error. */
    public static Estimate mlp(
            Outline outline, Setting setting, boolean withEqualities, boolean withOverlaps) {
        if (withOverlaps) {
            requireFewPatterns(outline, 1);
        }
        return OneHots.estimate(outline, setting, withEqualities, withOverlaps);
    }
}
