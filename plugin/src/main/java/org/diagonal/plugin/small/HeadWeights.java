package org.diagonal.plugin.small;

import java.util.ArrayList;
import java.util.List;
import org.diagonal.plugin.identity.Slice;
import org.diagonal.plugin.network.Projection;

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
        return module(layer, "to_qk") + ".weight";
    }

    private static String module(int layer, String name) {
        return "transformer.layers." + layer + ".0.fn." + name;
    }

    /** The matrices of queries and keys, and of values, layer by layer. */
    List<Projection> projections() {
        List<Projection> all = new ArrayList<>();
        for (int layer = 0; layer < layers; layer++) {
            all.add(new Projection(module(layer, "to_qk"), true, false, heads, dimHead));
            all.add(new Projection(module(layer, "to_v"), true, false, 0, dimHead));
        }
        return all;
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
