package org.diagonal.plugin.onnx.graph;

/**
 * How a network's matrices enter a graph: as they are, or rounded.
 *
 * <p>Letters: B batch, S positions, D width, V vocabulary.
 */
public sealed interface Matrices permits FloatMatrices, Int8Matrices, Int4Matrices {

    /** The embedding's name. */
    String EMBEDDING = "transformer.wte.weight";

    /** The name of a head that is not the embedding. */
    String HEAD = "lm_head.weight";

    /** Rows of the embedding (B, S, D) for ids (B, S). */
    String embedded(String ids);

    /** x (…, in) times a weight (in, out). */
    String product(String x, String name);

    /** Hidden values (…, 4 D) times {@code mlp.c_proj.weight} of a layer. */
    default String hidden(String x, int layer) {
        return product(x, "transformer.h." + layer + ".mlp.c_proj.weight");
    }

    /** Logits (R, V) of rows (R, D) by the head, which may be the embedding: it is stored once. */
    String logits(String rows);

    /** Those of a form. */
    static Matrices of(Dtype dtype, GraphWeights weights) {
        return switch (dtype) {
            case FP32, FP16 -> new FloatMatrices(weights, dtype == Dtype.FP16);
            case Q8 -> new Int8Matrices(weights);
            case Q4 -> new Int4Matrices(weights);
        };
    }
}
