package org.diagonal.plugin.onnx.graph;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Matrices of 4 bits in blocks of 32, for ONNX Runtime's own operator MatMulNBits. The embedding is
 * unpacked by standard operators out of the head's own matrix.
 */
final class Int4Matrices implements Matrices {

    /** The domain of ONNX Runtime's own operators. */
    static final String DOMAIN = "com.microsoft";

    private static final int BITS = 4;
    private static final int BYTES = Int4Quantizer.BLOCK / 2; // of a block

    /** Products in int8, which is what makes them fast. */
    private static final int ACCURACY_LEVEL = 4;

    private final GraphWeights weights;
    private final OnnxGraph g;
    private final Map<String, Matrix> known = new HashMap<>();

    Int4Matrices(GraphWeights weights) {
        this.weights = weights;
        this.g = weights.graph();
    }

    /**
     * A matrix in the graph.
     *
     * @param values (outputs, blocks, 16 bytes)
     * @param scales (outputs · blocks)
     */
    private record Matrix(String values, String scales, Int4Quantizer quantizer) {}

    @Override
    public String embedded(String ids) {
        Matrix matrix = byRow(EMBEDDING);
        long blocks = matrix.quantizer.blocks();
        String pairs = g.op("Gather").of(matrix.values, ids); // (B, S, blocks, 16)
        String four = g.byteNumber(BITS);
        String low = shifted("RIGHT", shifted("LEFT", pairs, four), four);
        String high = shifted("RIGHT", pairs, four);
        String both =
                g.op("Concat")
                        .with("axis", -1)
                        .of(
                                g.op("Unsqueeze").of(low, g.vector(-1)),
                                g.op("Unsqueeze").of(high, g.vector(-1))); // (…, 16, 2)
        String integers = g.op("Reshape").of(both, g.vector(0, 0, blocks, Int4Quantizer.BLOCK));
        String floats = g.op("Cast").with("to", OnnxGraph.FLOAT).of(integers);
        String centred = g.op("Sub").of(floats, g.number(8));
        String table = g.op("Reshape").of(matrix.scales, g.vector(-1, blocks, 1));
        String scales = g.op("Gather").of(table, ids); // (B, S, blocks, 1)
        String rows =
                g.op("Reshape")
                        .of(
                                g.op("Mul").of(centred, scales),
                                g.vector(0, 0, blocks * Int4Quantizer.BLOCK));
        int width = matrix.quantizer.inputs();
        if (width % Int4Quantizer.BLOCK == 0) {
            return rows;
        }
        return g.op("Slice").of(rows, g.vector(0), g.vector(width), g.vector(2));
    }

    private String shifted(String direction, String bytes, String bits) {
        return g.op("BitShift").with("direction", direction).of(bytes, bits);
    }

    @Override
    public String product(String x, String name) {
        return product(
                x,
                known.computeIfAbsent(
                        name,
                        unused -> matrix(name, Int4Quantizer.byColumn(weights.matrix(name)))));
    }

    @Override
    public String logits(String rows) {
        return product(rows, byRow(weights.head()));
    }

    private Matrix byRow(String name) {
        return known.computeIfAbsent(
                name, unused -> matrix(name, Int4Quantizer.byRow(weights.matrix(name))));
    }

    private Matrix matrix(String name, Int4Quantizer quantizer) {
        long outputs = quantizer.outputs();
        long blocks = quantizer.blocks();
        String values =
                weights.made(
                        name + "_q4",
                        Weight.UINT8,
                        List.of(outputs, blocks, (long) BYTES),
                        quantizer::values);
        String scales =
                weights.made(
                        name + "_scales",
                        Weight.FLOAT,
                        List.of(outputs * blocks),
                        quantizer::scales);
        return new Matrix(values, scales, quantizer);
    }

    private String product(String x, Matrix matrix) {
        return g.op("MatMulNBits", DOMAIN)
                .with("K", matrix.quantizer.inputs())
                .with("N", matrix.quantizer.outputs())
                .with("bits", BITS)
                .with("block_size", Int4Quantizer.BLOCK)
                .with("accuracy_level", ACCURACY_LEVEL)
                .of(x, matrix.values, matrix.scales);
    }
}
