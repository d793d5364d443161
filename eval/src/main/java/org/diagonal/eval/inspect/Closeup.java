package org.diagonal.eval.inspect;

import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.diagonal.eval.record.OneLine;
import org.diagonal.plugin.identity.Circuit;
import org.diagonal.plugin.identity.DiagonalStatistics;
import org.diagonal.plugin.identity.FactoredMatrix;

/**
 * One head's matrix, its gain not folded in: a small picture, and how its entries are distributed.
 *
 * @param z of its diagonal; absent if it is not finite
 * @param thumbnail the matrix, downsampled
 * @param histogram of its entries
 */
public record Closeup(
        int layer,
        int head,
        @JsonSerialize(using = ToStringSerializer.class) Circuit circuit,
        OptionalDouble z,
        Thumbnail thumbnail,
        Histogram histogram) {

    /**
     * A downsampled matrix.
     *
     * @param cells blocks of the matrix on a side
     * @param rows means of the blocks, (cells, cells), of three digits
     */
    public record Thumbnail(
            int cells, @JsonSerialize(contentUsing = OneLine.class) List<List<Double>> rows) {

        /** Copies the rows; refuses other numbers of rows and columns. */
        public Thumbnail {
            rows = rows.stream().map(List::copyOf).toList();
            if (rows.size() != cells || rows.stream().anyMatch(row -> row.size() != cells)) {
                throw new IllegalArgumentException(
                        "rows: expected %1$d rows of %1$d numbers".formatted(cells));
            }
        }
    }

    /**
     * Counts of entries in equal bins; what lies outside counts in the outermost.
     *
     * @param low where the first bin begins
     * @param high where the last bin ends
     * @param diagonal entries of the diagonal in every bin
     * @param offDiagonal all other entries in every bin
     */
    public record Histogram(
            double low,
            double high,
            @JsonSerialize(using = OneLine.class) List<Long> diagonal,
            @JsonSerialize(using = OneLine.class) List<Long> offDiagonal) {

        /** Copies the lists, which have equal lengths. */
        public Histogram {
            diagonal = List.copyOf(diagonal);
            offDiagonal = List.copyOf(offDiagonal);
            if (diagonal.size() != offDiagonal.size()) {
                throw new IllegalArgumentException(
                        "off_diagonal: expected %d numbers, found %d"
                                .formatted(diagonal.size(), offDiagonal.size()));
            }
        }
    }

    private static final int MOST_CELLS = 48;
    private static final int BINS = 60;

    /** Standard deviations of the entries off the diagonal that the histogram reaches at least. */
    private static final double REACH = 5;

    private static final MathContext DIGITS = new MathContext(3);

    /** {@code LAYER.HEAD}. */
    String name() {
        return layer + "." + head;
    }

    /** Reads a matrix, one row at a time. */
    static Closeup of(HeadDiagonal head, FactoredMatrix matrix) {
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
                head.layer(),
                head.head(),
                head.circuit(),
                Inspection.rounded(head.z()),
                thumbnail(matrix),
                new Histogram(
                        Inspection.rounded(low).orElseThrow(),
                        Inspection.rounded(high).orElseThrow(),
                        Arrays.stream(diagonal).boxed().toList(),
                        Arrays.stream(others).boxed().toList()));
    }

    private static Thumbnail thumbnail(FactoredMatrix matrix) {
        int cells = Math.min(MOST_CELLS, matrix.size());
        List<Double> means =
                Arrays.stream(matrix.blockMeans(cells))
                        .map(mean -> new BigDecimal(mean).round(DIGITS).doubleValue())
                        .boxed()
                        .toList();
        List<List<Double>> rows = new ArrayList<>();
        for (int row = 0; row < cells; row++) {
            rows.add(means.subList(row * cells, (row + 1) * cells));
        }
        return new Thumbnail(cells, rows);
    }

    private static int bin(double value, double low, double high) {
        if (high <= low) {
            return 0; // all entries are the same
        }
        double bin = Math.floor((value - low) / (high - low) * BINS);
        return (int) Math.max(0, Math.min(BINS - 1, bin));
    }
}
