package org.diagonal.plugin.onnx.graph;

/** Matrices of floats, whole or of half the size; products are float32. */
record FloatMatrices(GraphWeights weights, boolean half) implements Matrices {

    @Override
    public String embedded(String ids) {
        return weights.graph().op("Gather").of(matrix(EMBEDDING), ids);
    }

    @Override
    public String product(String x, String name) {
        return weights.graph().op("MatMul").of(x, matrix(name));
    }

    @Override
    public String logits(String rows) {
        return weights.graph().op("Gemm").with("transB", 1).of(rows, matrix(weights.head()));
    }

    private String matrix(String name) {
        return half ? weights.half(name) : weights.whole(name);
    }
}
