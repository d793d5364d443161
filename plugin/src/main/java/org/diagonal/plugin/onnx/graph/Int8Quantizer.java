package org.diagonal.plugin.onnx.graph;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Supplier;

/**
 * Rounds a matrix to int8 with one scale per output channel, symmetric about zero: value ≈ scale ·
 * integer, the integers from −127 to 127.
 */
public final class Int8Quantizer {

    private static final int LARGEST = 127;

    /** Rows that are turned at once, so that neighbours are written together. */
    private static final int TILE = 64;

    private static final float[] NONE = {};

    private final FloatMatrix matrix;
    private final boolean channelsAreRows;
    private final Supplier<float[]> rowFactors; // none, or one for each row
    private float[] scales = {};

    private Int8Quantizer(
            FloatMatrix matrix, boolean channelsAreRows, Supplier<float[]> rowFactors) {
        this.matrix = matrix;
        this.channelsAreRows = channelsAreRows;
        this.rowFactors = rowFactors;
    }

    /** One scale for each column: of a weight (in, out). */
    public static Int8Quantizer byColumn(FloatMatrix matrix) {
        return new Int8Quantizer(matrix, false, () -> NONE);
    }

    /** The same of a matrix whose rows are multiplied by these factors first. */
    static Int8Quantizer byColumn(FloatMatrix matrix, Supplier<float[]> rowFactors) {
        return new Int8Quantizer(matrix, false, rowFactors);
    }

    /** One scale for each row: of an embedding (V, D). */
    public static Int8Quantizer byRow(FloatMatrix matrix) {
        return new Int8Quantizer(matrix, true, () -> NONE);
    }

    /** How many scales there are. */
    int channels() {
        return channelsAreRows ? matrix.rows() : matrix.columns();
    }

    /** The scales, one float32 per channel. */
    public ByteBuffer scales() {
        float[] all = channelScales();
        ByteBuffer bytes =
                ByteBuffer.allocateDirect(all.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(all);
        return bytes;
    }

    /** The integers in the order of the matrix. */
    public ByteBuffer values() {
        float[] factors = factors();
        float[] row = new float[matrix.columns()];
        byte[] rounded = new byte[row.length];
        ByteBuffer bytes = ByteBuffer.allocateDirect(matrix.rows() * matrix.columns());
        for (int r = 0; r < matrix.rows(); r++) {
            read(r, row);
            for (int c = 0; c < row.length; c++) {
                rounded[c] = rounded(row[c] * factors[channelsAreRows ? r : c]);
            }
            bytes.put(rounded);
        }
        return bytes.flip();
    }

    /** The integers of the transposed matrix. */
    public ByteBuffer turnedValues() {
        float[] factors = factors();
        float[][] tile = new float[TILE][matrix.columns()];
        byte[] column = new byte[TILE];
        ByteBuffer bytes = ByteBuffer.allocateDirect(matrix.rows() * matrix.columns());
        for (int from = 0; from < matrix.rows(); from += TILE) {
            int count = Math.min(TILE, matrix.rows() - from);
            for (int r = 0; r < count; r++) {
                read(from + r, tile[r]);
            }
            for (int c = 0; c < matrix.columns(); c++) {
                for (int r = 0; r < count; r++) {
                    column[r] = rounded(tile[r][c] * factors[channelsAreRows ? from + r : c]);
                }
                bytes.put(c * matrix.rows() + from, column, 0, count);
            }
        }
        return bytes;
    }

    private void read(int r, float... row) {
        matrix.row(r, row);
        float[] factors = rowFactors.get();
        for (int c = 0; c < row.length && factors.length > 0; c++) {
            row[c] *= factors[r];
        }
    }

    private static byte rounded(float value) {
        return (byte) Math.rint(value);
    }

    private float[] factors() {
        float[] factors = channelScales().clone();
        for (int i = 0; i < factors.length; i++) {
            factors[i] = factors[i] == 0 ? 0 : 1 / factors[i];
        }
        return factors;
    }

    private float[] channelScales() {
        if (scales.length > 0) {
            return scales;
        }
        float[] largest = new float[channels()];
        float[] row = new float[matrix.columns()];
        for (int r = 0; r < matrix.rows(); r++) {
            read(r, row);
            for (int c = 0; c < row.length; c++) {
                int channel = channelsAreRows ? r : c;
                largest[channel] = Math.max(largest[channel], Math.abs(row[c]));
            }
        }
        for (int i = 0; i < largest.length; i++) {
            largest[i] /= LARGEST;
        }
        scales = largest;
        return scales;
    }
}
