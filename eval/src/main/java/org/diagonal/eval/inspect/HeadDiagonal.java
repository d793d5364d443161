package org.diagonal.eval.inspect;

import java.util.Comparator;
import java.util.OptionalDouble;
import org.diagonal.plugin.identity.Circuit;
import org.diagonal.plugin.identity.DiagonalStatistics;

/**
 * How pronounced the diagonal of one circuit of one head is (paper, Figure 8).
 *
 * @param layer from 0 on, as in checkpoints
 * @param head from 0 on
 * @param circuit which of the head's two
 * @param folded whether the gain of {@code ln_1} is folded in
 * @param statistics of the circuit without what was learned beside it
 * @param learned the learned scaling times its multiplier; empty where the circuit has none
 * @param identity what a learned scaling of 1 adds to the mean of the diagonal: 1, or with the gain
 *     folded in the mean of γ² or γ
 * @param chance the law of such a diagonal by chance
 * @param random of a random matrix of the same shape, factor norms and gain
 */
public record HeadDiagonal(
        int layer,
        int head,
        Circuit circuit,
        boolean folded,
        DiagonalStatistics statistics,
        OptionalDouble learned,
        double identity,
        DiagonalChance chance,
        DiagonalStatistics random) {

    /** The most pronounced first; a head's position decides between equals. */
    public static final Comparator<HeadDiagonal> STRONGEST_FIRST =
            Comparator.comparingDouble((HeadDiagonal row) -> -Math.abs(row.z()))
                    .thenComparing(HeadDiagonal::layer)
                    .thenComparing(HeadDiagonal::head);

    /** {@code LAYER.HEAD}. */
    public String name() {
        return layer + "." + head;
    }

    /** The z-score of the diagonal. */
    public double z() {
        return statistics.z();
    }

    /** The two-sided p-value of the diagonal, of this head alone. */
    public double p() {
        return chance.p(statistics);
    }

    /** The circuit's own multiple of the identity and the learned one together. */
    public double sum() {
        return statistics.traceOverD() + identity * learned.orElse(0);
    }
}
