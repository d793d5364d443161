package org.diagonal.plugin.finetune;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.LongBuffer;
import java.util.Arrays;

/** Examples of any lengths in Java's memory, padded on the right in each batch. */
final class RowExamples implements Examples {

    private final long[][] inputIds;
    private final long[][] targets;
    private final int[] scored;

    RowExamples(long[][] inputIds, long[][] targets) {
        if (inputIds.length != targets.length) {
            throw new IllegalArgumentException(
                    "there must be as many rows of targets as of ids: ids=%d, targets=%d"
                            .formatted(inputIds.length, targets.length));
        }
        this.inputIds = copy(inputIds);
        this.targets = copy(targets);
        this.scored = new int[targets.length];
        for (int i = 0; i < targets.length; i++) {
            if (inputIds[i].length != targets[i].length) {
                throw new IllegalArgumentException(
                        "example %d must have as many targets as ids: ids=%d, targets=%d"
                                .formatted(i, inputIds[i].length, targets[i].length));
            }
            scored[i] = (int) Arrays.stream(targets[i]).filter(t -> t != NOT_SCORED).count();
            if (scored[i] == 0) {
                throw new IllegalArgumentException("example " + i + " has no scored target");
            }
        }
    }

    private static long[][] copy(long[][] rows) {
        return Arrays.stream(rows).map(long[]::clone).toArray(long[][]::new);
    }

    @Override
    public int count() {
        return inputIds.length;
    }

    @Override
    public int length(int example) {
        return inputIds[example].length;
    }

    @Override
    public int targets(int example) {
        return scored[example];
    }

    @Override
    public NDList batch(NDManager manager, int[] examples) {
        int longest = Arrays.stream(examples).map(this::length).max().orElseThrow();
        return new NDList(
                padded(manager, inputIds, examples, longest, 0),
                padded(manager, targets, examples, longest, NOT_SCORED));
    }

    /** Rows as (B, T). */
    private static NDArray padded(
            NDManager manager, long[][] rows, int[] examples, int longest, long padding) {
        long[] all = new long[examples.length * longest];
        Arrays.fill(all, padding);
        for (int i = 0; i < examples.length; i++) {
            long[] row = rows[examples[i]];
            System.arraycopy(row, 0, all, i * longest, row.length);
        }
        return manager.create(
                LongBuffer.wrap(all), new Shape(examples.length, longest), DataType.INT64);
    }
}
