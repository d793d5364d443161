package org.diagonal.plugin.small;

import org.diagonal.plugin.identity.Slice;

/**
 * Where attention layers have the W_Q and W_K of their heads: one tensor (2 H d, D) a layer, d rows
 * a head, all queries before all keys.
 *
 * @param layers L
 * @param heads H
 * @param dim D
 * @param dimHead d
 */
public record HeadWeights(int layers, int heads, int dim, int dimHead) {

    /** The tensor of a layer. */
    String queriesAndKeys(int layer) {
        return "transformer.layers." + layer + ".0.fn.to_qk.weight";
    }

    /** Where that tensor has a head's W_Q. */
    Slice queries(int head) {
        return new Slice(head * dimHead * dim, 1, dim);
    }

    /** Where that tensor has a head's W_K. */
    Slice keys(int head) {
        return new Slice((heads + head) * dimHead * dim, 1, dim);
    }
}
