package org.diagonal.plugin.onnx.graph;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Matrices of int8 with a scale for each output. What they are multiplied by is rounded to uint8,
 * with one scale for the whole tensor, which ONNX Runtime does in the same operator.
 */
final class Int8Matrices implements Matrices {

    private final GraphWeights weights;
    private final OnnxGraph g;
    private final Map<String, Matrix> known = new HashMap<>();

    Int8Matrices(GraphWeights weights) {
        this.weights = weights;
        this.g = weights.graph();
    }

    /**
     * A matrix in the graph.
     *
     * @param values the integers (in, out)
     * @param scales (out)
     */
    private record Matrix(String values, String scales) {}

    @Override
    public String embedded(String ids) {
        if (weights.isTied()) { // the head's columns are the embedding's rows
            Matrix head = head();
            String columns = g.op("Gather").with("axis", 1).of(head.values, ids); // (D, B, S)
            String rows = g.op("Transpose").with("perm", List.of(1L, 2L, 0L)).of(columns);
            return scaled(rows, g.op("Gather").of(head.scales, ids));
        }
        Int8Quantizer quantizer = Int8Quantizer.byRow(weights.matrix(EMBEDDING));
        Matrix embedding = matrix(EMBEDDING, quantizer, false);
        String rows = g.op("Gather").of(embedding.values, ids); // (B, S, D)
        return scaled(rows, g.op("Gather").of(embedding.scales, ids));
    }

    private String scaled(String rows, String scales) {
        String floats = g.op("Cast").with("to", OnnxGraph.FLOAT).of(rows);
        return g.op("Mul").of(floats, g.op("Unsqueeze").of(scales, g.vector(-1)));
    }

    @Override
    public String product(String x, String name) {
        Matrix matrix =
                known.computeIfAbsent(
                        name,
                        unused ->
                                matrix(name, Int8Quantizer.byColumn(weights.matrix(name)), false));
        return product(x, matrix);
    }

    @Override
    public String hidden(String x, int layer) {
        String name = "transformer.h." + layer + ".mlp.c_proj.weight";
        Balance balance = new Balance(weights, layer);
        String inverses =
                weights.made(
                        "transformer.h." + layer + ".mlp.balance",
                        Weight.FLOAT,
                        List.of(balance.size()),
                        balance::inverses);
        Int8Quantizer quantizer = Int8Quantizer.byColumn(weights.matrix(name), balance::factors);
        return product(g.op("Mul").of(x, inverses), matrix(name, quantizer, false));
    }

    @Override
    public String logits(String rows) {
        return product(rows, head());
    }

    private Matrix head() {
        String name = weights.head();
        return known.computeIfAbsent(
                name, unused -> matrix(name, Int8Quantizer.byRow(weights.matrix(name)), true));
    }

    private Matrix matrix(String name, Int8Quantizer quantizer, boolean turned) {
        long rows = weights.matrix(name).rows();
        long columns = weights.matrix(name).columns();
        String values =
                weights.made(
                        name + "_quantized",
                        Weight.INT8,
                        turned ? List.of(columns, rows) : List.of(rows, columns),
                        turned ? quantizer::turnedValues : quantizer::values);
        String scales =
                weights.made(
                        name + "_scale",
                        Weight.FLOAT,
                        List.of((long) quantizer.channels()),
                        quantizer::scales);
        return new Matrix(values, scales);
    }

    /** In the order in which ONNX Runtime knows it and puts one kernel in its place. */
    private String product(String x, Matrix matrix) {
        List<String> rounded = g.op("DynamicQuantizeLinear").several(3, x); // with scale and zero
        String sums =
                g.op("MatMulInteger").of(rounded.get(0), matrix.values, rounded.get(2)); // int32
        String floats = g.op("Cast").with("to", OnnxGraph.FLOAT).of(sums);
        return g.op("Mul").of(floats, g.op("Mul").of(rounded.get(1), matrix.scales));
    }
}
