package org.diagonal.eval.measure;

import java.util.List;
import org.diagonal.plugin.identity.Circuit;

/**
 * What diagonals chance makes: a model's heads, each replaced by a random matrix of the same shape,
 * factor norms and gain.
 *
 * @param circuit of all heads
 * @param folded whether the gain of {@code ln_1} is folded in
 * @param heads how many there are
 * @param zMean mean of their z
 * @param zStd standard deviation of their z
 * @param zLargest the largest |z|
 * @param shareLargest the largest share of ‖M‖²_F on the diagonal
 */
public record RandomHeads(
        Circuit circuit,
        boolean folded,
        int heads,
        double zMean,
        double zStd,
        double zLargest,
        double shareLargest) {

    /** The baseline of some rows, which all have the same circuit and folding. */
    public static RandomHeads of(List<HeadDiagonal> rows) {
        double sum = 0;
        double squares = 0;
        double zLargest = 0;
        double shareLargest = 0;
        for (HeadDiagonal row : rows) {
            double z = row.random().z();
            sum += z;
            squares += z * z;
            zLargest = Math.max(zLargest, Math.abs(z));
            shareLargest = Math.max(shareLargest, row.random().diagShare());
        }
        double mean = sum / rows.size();
        double variance = Math.max(0, squares / rows.size() - mean * mean);
        return new RandomHeads(
                rows.get(0).circuit(),
                rows.get(0).folded(),
                rows.size(),
                mean,
                Math.sqrt(variance),
                zLargest,
                shareLargest);
    }

    /** Whether a head's diagonal is more pronounced than that of any random one. */
    public boolean isBelow(HeadDiagonal row) {
        return Math.abs(row.z()) > zLargest;
    }
}
