package org.diagonal.plugin.onnx;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.diagonal.plugin.onnx.run.OnnxModel;
import org.diagonal.plugin.onnx.run.OnnxStep;

/**
 * Rows of ids that a file is checked with.
 *
 * @param padding ids that the second row lacks on the left
 */
public record Rows(int batch, int length, int padding) {

    int padding(int row) {
        return row == 0 ? 0 : padding;
    }

    /** Runs a piece of the rows, which all begin with the same ids, after what is past. */
    OnnxStep run(OnnxModel model, long[] ids, int from, int count, List<OnnxStep> past) {
        long[][] inputIds = new long[batch][];
        long[][] mask = new long[batch][];
        long[][] positions = new long[batch][];
        for (int row = 0; row < batch; row++) {
            int missing = padding(row);
            inputIds[row] = Arrays.copyOfRange(ids, from, from + count);
            mask[row] =
                    IntStream.range(0, from + count).mapToLong(i -> i < missing ? 0 : 1).toArray();
            positions[row] =
                    IntStream.range(from, from + count)
                            .mapToLong(i -> Math.max(0, i - missing))
                            .toArray();
        }
        return past.isEmpty()
                ? model.run(inputIds, mask, positions)
                : model.run(inputIds, mask, positions, past.get(0));
    }

    String words(List<Integer> steps) {
        return (batch == 1 ? "1 row" : "2 rows")
                + " of "
                + length
                + (padding > 0 ? ", one padded by " + padding : "")
                + (steps.size() > 1 ? ", in " + steps.size() + " steps" : "");
    }
}
