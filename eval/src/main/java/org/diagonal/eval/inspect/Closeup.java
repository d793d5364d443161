package org.diagonal.eval.inspect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.diagonal.plugin.identity.DiagonalStatistics;
import org.diagonal.plugin.identity.FactoredMatrix;

/**
 * What a picture of one head needs: its matrix from afar, and how the entries are distributed.
 *
 * @param of the head, its gain not folded in
 * @param cells blocks of the matrix on a side
 * @param means of the blocks, (cells, cells), row by row
 * @param low where the first bin of the histogram begins
 * @param high where its last bin ends
 * @param diagonal entries of the diagonal in every bin; what lies outside counts in the outermost
 * @param others all other entries in every bin
 */
public record Closeup(
        HeadDiagonal of,
        int cells,
        List<Double> means,
        double low,
        double high,
        List<Long> diagonal,
        List<Long> others) {

    private static final int MOST_CELLS = 48;
    private static final int BINS = 60;

    /** Standard deviations of the entries off the diagonal that the histogram reaches at least. */
    private static final double REACH = 5;

    /** Copies the lists. */
    public Closeup {
        means = List.copyOf(means);
        diagonal = List.copyOf(diagonal);
        others = List.copyOf(others);
    }

    /** Looks closely at a matrix, one row at a time. */
    public static Closeup of(HeadDiagonal head, FactoredMatrix matrix) {
        int cells = Math.min(MOST_CELLS, matrix.size());
        DiagonalStatistics statistics = head.statistics();
        double low = statistics.offMean() - REACH * statistics.offStd();
        double high = statistics.offMean() + REACH * statistics.offStd();
        for (int i = 0; i < matrix.size(); i++) {
            low = Math.min(low, matrix.entry(i, i));
            high = Math.max(high, matrix.entry(i, i));
        }
        long[] diagonal = new long[BINS];
        long[] others = new long[BINS];
        double[] row = new double[matrix.size()];
        for (int i = 0; i < matrix.size(); i++) {
            matrix.row(i, row);
            for (int j = 0; j < row.length; j++) {
                (i == j ? diagonal : others)[bin(row[j], low, high)]++;
            }
        }
        return new Closeup(
                head,
                cells,
                Arrays.stream(matrix.blockMeans(cells)).boxed().toList(),
                low,
                high,
                list(diagonal),
                list(others));
    }

    private static int bin(double value, double low, double high) {
        if (high <= low) {
            return 0; // all entries are the same
        }
        double bin = Math.floor((value - low) / (high - low) * BINS);
        return (int) Math.max(0, Math.min(BINS - 1, bin));
    }

    private static List<Long> list(long[] counts) {
        List<Long> list = new ArrayList<>();
        for (long count : counts) {
            list.add(count);
        }
        return list;
    }
}
