package org.diagonal.eval.train;

import java.util.OptionalLong;

/**
 * What a training will take, before it is begun.
 *
 * @param steps optimizer steps
 * @param tokens input ids in all steps, about
 * @param evaluations on validation, the one before the first step included
 * @param parameters numbers in the network
 * @param trainableParameters numbers that move
 * @param stepSeconds of the step that was measured, after one to warm up
 * @param evaluationSeconds of one evaluation, from a batch that was measured
 * @param memory bytes, the most that the process has held in the measured step
 * @param memoryFree bytes that the machine has left beside that
 * @param disk bytes of the run's folder at its largest
 * @param diskFree bytes that may still be written there
 */
public record Forecast(
        long steps,
        long tokens,
        long evaluations,
        long parameters,
        long trainableParameters,
        double stepSeconds,
        double evaluationSeconds,
        OptionalLong memory,
        OptionalLong memoryFree,
        long disk,
        long diskFree) {

    private static final int FLOAT = 4;

    /** About the time of the whole training. */
    public double seconds() {
        return steps * stepSeconds + evaluations * evaluationSeconds;
    }

    /**
     * Bytes of a run's folder at its largest: checkpoints with two moments for each number that
     * moves, those kept, the best and one that is being written; the model and the last one.
     */
    static long disk(long parameters, long trainable, int keep, boolean validates) {
        long checkpoints = keep + 1L + (validates ? 1 : 0);
        return FLOAT * (checkpoints * (parameters + 2 * trainable) + 2 * parameters);
    }

    /**
     * Bytes that gradients and moments take beside the weights, without what a step needs: less
     * than that no training takes.
     */
    static long leastMemory(long trainable) {
        return FLOAT * 3 * trainable;
    }
}
