package org.diagonal.eval.measure.perplexity;

/** Scores targets under a language model. */
public interface Scorer {

    /** The most ids that one window may hold: {@code n_positions} of the model. */
    int contextLength();

    /**
     * The nats (−log p) of every target.
     *
     * @param inputIds B × T ids, rows of equal length; short rows are padded on the right with 0
     * @param targets B × T: the id to be predicted after {@code inputIds[b][t]}, −100 where none is
     * @return B × T nats, 0 where the target is −100
     */
    double[][] nats(int[][] inputIds, int[][] targets);
}
