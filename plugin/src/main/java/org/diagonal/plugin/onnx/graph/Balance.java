package org.diagonal.plugin.onnx.graph;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What an MLP's hidden values are divided by before they are rounded, and the rows of the matrix
 * behind them multiplied by, so that their product stays the same. One scale rounds all hidden
 * values, and those of few columns are much larger than the others'; this brings them nearer to
 * each other (Xiao et al., 2022, SmoothQuant, strength 0.5). How large a column becomes is not
 * measured on a text but estimated from the weights before it: behind a LayerNorm its values are
 * taken to be independent and normal.
 */
final class Balance {

    /** Standard deviations that a value may lie above its mean. */
    private static final double DEVIATIONS = 4;

    /** What GELU gives at least, in size. */
    private static final double LEAST = 0.17;

    /** For a hidden value that is multiplied by nothing but zeros: it shall not count. */
    private static final float UNUSED = 1e30f;

    private final GraphWeights weights;
    private final String block;
    private float[] factors = {}; // one for each hidden value, once they are asked for

    /** Of a layer's MLP; nothing is computed before the weights are written. */
    Balance(GraphWeights weights, int layer) {
        this.weights = weights;
        this.block = "transformer.h." + layer + ".";
    }

    /** The factors of rows. */
    float[] factors() {
        if (factors.length == 0) {
            factors = computed();
        }
        return factors;
    }

    private float[] computed() {
        double[] largest = largest();
        FloatMatrix behind = weights.matrix(block + "mlp.c_proj.weight");
        float[] found = new float[largest.length];
        float[] row = new float[behind.columns()];
        for (int i = 0; i < found.length; i++) {
            behind.row(i, row);
            float weight = 0;
            for (float value : row) {
                weight = Math.max(weight, Math.abs(value));
            }
            found[i] = weight == 0 ? UNUSED : (float) Math.sqrt(largest[i] / weight);
        }
        return found;
    }

    /** The largest that each hidden value is taken to become. */
    private double[] largest() {
        float[] scale = weights.array(block + "ln_2.weight").toFloatArray();
        float[] shift = weights.array(block + "ln_2.bias").toFloatArray();
        float[] bias = weights.array(block + "mlp.c_fc.bias").toFloatArray();
        FloatMatrix matrix = weights.matrix(block + "mlp.c_fc.weight");
        double[] mean = new double[bias.length];
        double[] variance = new double[bias.length];
        float[] row = new float[bias.length];
        for (int i = 0; i < scale.length; i++) {
            matrix.row(i, row);
            for (int j = 0; j < row.length; j++) {
                mean[j] += (double) shift[i] * row[j];
                variance[j] += Math.pow((double) scale[i] * row[j], 2);
            }
        }
        double[] largest = new double[bias.length];
        for (int j = 0; j < largest.length; j++) {
            double top = mean[j] + bias[j] + DEVIATIONS * Math.sqrt(variance[j]);
            largest[j] = Math.max(LEAST, top);
        }
        return largest;
    }

    /** How many there are. */
    long size() {
        return weights.array(block + "mlp.c_fc.bias").size();
    }

    /** One by the factors, as float32. */
    ByteBuffer inverses() {
        ByteBuffer bytes =
                ByteBuffer.allocateDirect(factors().length * Float.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN);
        for (float factor : factors()) {
            bytes.putFloat(1 / factor);
        }
        return bytes.flip();
    }
}
