package org.diagonal.plugin.finetune;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;

/**
 * What a network is trained on: examples of input ids and targets, by number.
 *
 * <p>Implementations live with the data; a network never learns where its examples come from.
 */
public interface Examples {

    /** The number of examples. */
    int count();

    /** The number of input ids of an example, padding not counted. */
    int length(int example);

    /** The number of scored targets of an example, at least 1. */
    int targets(int example);

    /**
     * A batch of examples.
     *
     * @param manager owns the arrays
     * @param examples the examples' numbers, in the batch's order
     * @return input ids (B, T) int64, and targets: (B, T) int64, −100 where nothing is scored, or
     *     real numbers (B) float32; rows shorter than the longest are padded on the right
     */
    NDList batch(NDManager manager, int[] examples);
}
