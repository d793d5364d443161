package org.diagonal.eval.inspect;

import static org.diagonal.eval.inspect.Inspection.rounded;

import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.diagonal.plugin.identity.Circuit;

/**
 * What diagonals chance makes in all heads of a circuit together: the bar that tells a diagonal
 * from chance, from a formula ({@link DiagonalChance}), and as an illustration the model's heads,
 * each replaced by a random matrix of the same shape, factor norms and gain.
 *
 * @param circuit of all heads
 * @param folded whether the gain of {@code ln_1} is folded in
 * @param heads how many there are
 * @param pBar the p of a head at which its adjusted p is {@link #ERROR_RATE}
 * @param zBar the |z| of that bar: the median over the heads, which differ a little in it; 0 where
 *     none is finite
 * @param zMean mean of the random matrices' z
 * @param zStd standard deviation of their z
 * @param zLargest the largest |z|
 * @param shareLargest the largest share of ‖M‖²_F on the diagonal
 */
public record RandomHeads(
        @JsonSerialize(using = ToStringSerializer.class) Circuit circuit,
        boolean folded,
        int heads,
        OptionalDouble pBar,
        OptionalDouble zBar,
        OptionalDouble zMean,
        OptionalDouble zStd,
        OptionalDouble zLargest,
        OptionalDouble shareLargest) {

    /**
     * How often chance puts at least one head of a circuit beyond the bar: of models with random
     * heads, this share has one.
     */
    public static final double ERROR_RATE = 0.01;

    /** Those of every circuit, not folded and folded. */
    static List<RandomHeads> all(List<HeadDiagonal> rows) {
        return Stream.of(Circuit.values())
                .flatMap(circuit -> Stream.of(false, true).map(folded -> of(rows, circuit, folded)))
                .toList();
    }

    private static RandomHeads of(List<HeadDiagonal> all, Circuit circuit, boolean folded) {
        List<HeadDiagonal> rows =
                all.stream()
                        .filter(row -> row.circuit() == circuit && row.folded() == folded)
                        .toList();
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
        double level = level(rows.size());
        return new RandomHeads(
                circuit,
                folded,
                rows.size(),
                rounded(level),
                rounded(zBar(rows, level)),
                rounded(mean),
                rounded(Math.sqrt(variance)),
                rounded(zLargest),
                rounded(shareLargest));
    }

    private static double zBar(List<HeadDiagonal> rows, double level) {
        double[] bars =
                rows.stream()
                        .mapToDouble(row -> row.chance().z(level, row.statistics()))
                        .filter(Double::isFinite)
                        .sorted()
                        .toArray();
        return bars.length == 0
                ? 0
                : Arrays.stream(bars, (bars.length - 1) / 2, bars.length / 2 + 1)
                        .average()
                        .orElseThrow();
    }

    /** The p of each of some heads at which the adjusted one is {@link #ERROR_RATE}. */
    private static double level(int heads) {
        return -Math.expm1(Math.log1p(-ERROR_RATE) / heads);
    }

    /**
     * The p-value of a head among others: how often chance makes at least one of them as pronounced
     * (Šidák 1967; heads are independent where chance makes them).
     *
     * @param p of the head alone
     * @param heads how many there are, itself included
     */
    public static double adjusted(double p, int heads) {
        return -Math.expm1(heads * Math.log1p(-p));
    }
}
