package org.diagonal.plugin.finetune;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.Arrays;
import org.diagonal.plugin.kernels.Kernel;
import org.diagonal.plugin.kernels.Kernels;

/**
 * Examples of one length that lie in native memory as a whole: a batch is gathered there, and the
 * batch of all examples in their order is not even copied.
 */
public final class ArrayExamples implements Examples {

    private final NDArray inputIds;
    private final NDArray targets;
    private final int count;
    private final int length;
    private final int[] scored;

    private ArrayExamples(NDArray inputIds, NDArray targets, int[] scored) {
        this.inputIds = inputIds;
        this.targets = targets;
        this.count = Math.toIntExact(inputIds.getShape().get(0));
        this.length = Math.toIntExact(inputIds.getShape().get(1));
        this.scored = scored;
    }

    /**
     * Examples with real labels.
     *
     * @param owner of the arrays, which live as long as it does
     * @param inputIds N rows of one length
     * @param labels N numbers
     * @throws IllegalArgumentException if the rows differ in length or do not match the labels
     */
    public static ArrayExamples of(NDManager owner, long[][] inputIds, float[] labels) {
        requireRows(inputIds, labels.length);
        int[] scored = new int[labels.length];
        Arrays.fill(scored, 1);
        return new ArrayExamples(owner.create(inputIds), owner.create(labels), scored);
    }

    /**
     * Examples with ids as targets.
     *
     * @param owner of the arrays, which live as long as it does
     * @param inputIds N rows of one length
     * @param targets N rows of the same length, −100 where nothing is scored
     * @throws IllegalArgumentException if the rows differ in length, or one has nothing to score
     */
    public static ArrayExamples of(NDManager owner, long[][] inputIds, long[][] targets) {
        requireRows(inputIds, targets.length);
        int[] scored = new int[targets.length];
        for (int i = 0; i < targets.length; i++) {
            if (targets[i].length != inputIds[i].length) {
                throw new IllegalArgumentException(
                        "targets of example %d must be as many as its ids: ids=%d, targets=%d"
                                .formatted(i, inputIds[i].length, targets[i].length));
            }
            scored[i] = (int) Arrays.stream(targets[i]).filter(t -> t != NOT_SCORED).count();
            if (scored[i] == 0) {
                throw new IllegalArgumentException("example " + i + " has no scored target");
            }
        }
        return new ArrayExamples(owner.create(inputIds), owner.create(targets), scored);
    }

    private static void requireRows(long[][] inputIds, int labels) {
        if (inputIds.length == 0 || inputIds.length != labels) {
            throw new IllegalArgumentException(
                    "there must be as many labels as examples, at least one: examples=%d, labels=%d"
                            .formatted(inputIds.length, labels));
        }
        for (int i = 0; i < inputIds.length; i++) {
            if (inputIds[i].length == 0 || inputIds[i].length != inputIds[0].length) {
                throw new IllegalArgumentException(
                        "examples must have one length: example 0 has %d ids, example %d has %d"
                                .formatted(inputIds[0].length, i, inputIds[i].length));
            }
        }
    }

    @Override
    public int count() {
        return count;
    }

    @Override
    public int length(int example) {
        return length;
    }

    @Override
    public int targets(int example) {
        return scored[example];
    }

    @Override
    public NDList batch(NDManager manager, int[] examples) {
        // The first argument's manager owns what a kernel returns; and what is computed with
        // gradients
        // off could not enter a training.
        NDArray rows = manager.create(examples).toType(DataType.INT64, false);
        Kernel kernel = isEverything(examples) ? Kernel.ALL_ROWS : Kernel.ROWS;
        return new NDList(
                Kernels.get().call(kernel, true, rows, inputIds),
                Kernels.get().call(kernel, true, rows, targets));
    }

    private boolean isEverything(int[] examples) {
        if (examples.length != count) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            if (examples[i] != i) {
                return false;
            }
        }
        return true;
    }
}
