package org.diagonal.plugin.onnx.graph;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Rounds a matrix to 4 bits as ONNX Runtime's MatMulNBits reads it: each output has blocks of 32
 * inputs, each block one scale, value ≈ scale · (integer − 8), the integers from 0 to 15, two in a
 * byte, the even one in the lower half.
 */
public final class Int4Quantizer {

    /** Inputs in a block. */
    static final int BLOCK = 32;

    private static final int BYTES = BLOCK / 2;
    private static final int ZERO = 8;

    /**
     * What a block's extreme value is tried to become, in steps of a quarter: −8 uses the range
     * whole, others round the rest of the block better.
     */
    private static final float LEAST = 6;

    private static final float MOST = 9;
    private static final float STEP = 0.25f;

    private final FloatMatrix matrix;
    private final boolean outputsAreRows;
    private final int outputs;
    private final int inputs;
    private final int blocks; // of an output
    private ByteBuffer scales = ByteBuffer.allocate(0);

    private Int4Quantizer(FloatMatrix matrix, boolean outputsAreRows) {
        this.matrix = matrix;
        this.outputsAreRows = outputsAreRows;
        this.outputs = outputsAreRows ? matrix.rows() : matrix.columns();
        this.inputs = outputsAreRows ? matrix.columns() : matrix.rows();
        this.blocks = (inputs + BLOCK - 1) / BLOCK;
    }

    /** Of a weight (in, out). */
    public static Int4Quantizer byColumn(FloatMatrix matrix) {
        return new Int4Quantizer(matrix, false);
    }

    /** Of an embedding (V, D), whose rows are the head's outputs. */
    public static Int4Quantizer byRow(FloatMatrix matrix) {
        return new Int4Quantizer(matrix, true);
    }

    int outputs() {
        return outputs;
    }

    int inputs() {
        return inputs;
    }

    public int blocks() {
        return blocks;
    }

    /** The scales (outputs · blocks) as float32. */
    public ByteBuffer scales() {
        if (scales.capacity() == 0) {
            ByteBuffer found =
                    ByteBuffer.allocateDirect(outputs * blocks * Float.BYTES)
                            .order(ByteOrder.LITTLE_ENDIAN);
            forEachBlock(
                    (output, block, values) ->
                            found.putFloat(place(output, block) * Float.BYTES, scale(values)));
            scales = found;
        }
        return scales;
    }

    /** The integers (outputs, blocks, 16 bytes). */
    public ByteBuffer values() {
        ByteBuffer known = scales();
        ByteBuffer bytes = ByteBuffer.allocateDirect(outputs * blocks * BYTES);
        byte[] packed = new byte[BYTES];
        forEachBlock(
                (output, block, values) -> {
                    int place = place(output, block);
                    float scale = known.getFloat(place * Float.BYTES);
                    float factor = scale == 0 ? 0 : 1 / scale;
                    for (int i = 0; i < BYTES; i++) {
                        int low = rounded(values[2 * i] * factor) + ZERO;
                        int high = rounded(values[2 * i + 1] * factor) + ZERO;
                        packed[i] = (byte) (high << 4 | low);
                    }
                    bytes.put(place * BYTES, packed);
                });
        return bytes;
    }

    private int place(int output, int block) {
        return output * blocks + block;
    }

    private static int rounded(float value) {
        return (int) Math.rint(Math.max(-ZERO, Math.min(ZERO - 1, value)));
    }

    /** The scale whose integers come nearest to the values, by squared error. */
    private static float scale(float... values) {
        float extreme = 0;
        for (float value : values) {
            extreme = Math.abs(value) > Math.abs(extreme) ? value : extreme;
        }
        float best = -extreme / ZERO;
        float least = error(best, values);
        for (float size = LEAST; size <= MOST; size += STEP) {
            for (float tried : new float[] {extreme / size, -extreme / size}) {
                float error = error(tried, values);
                if (error < least) {
                    best = tried;
                    least = error;
                }
            }
        }
        return best;
    }

    private static float error(float scale, float... values) {
        if (scale == 0) {
            return 0;
        }
        float factor = 1 / scale;
        float sum = 0;
        for (float value : values) {
            float difference = value - scale * rounded(value * factor);
            sum += difference * difference;
        }
        return sum;
    }

    /** What is done with a block; the values, padded with zeros, are overwritten by the next. */
    @FunctionalInterface
    private interface BlockUser {
        void accept(int output, int block, float... values);
    }

    private void forEachBlock(BlockUser user) {
        if (outputsAreRows) {
            forEachBlockOfRows(user);
        } else {
            forEachBlockOfColumns(user);
        }
    }

    private void forEachBlockOfRows(BlockUser user) {
        float[] row = new float[inputs];
        for (int output = 0; output < outputs; output++) {
            matrix.row(output, row);
            for (int block = 0; block < blocks; block++) {
                float[] values = new float[BLOCK];
                int from = block * BLOCK;
                System.arraycopy(row, from, values, 0, Math.min(BLOCK, inputs - from));
                user.accept(output, block, values);
            }
        }
    }

    private void forEachBlockOfColumns(BlockUser user) {
        float[][] rows = new float[BLOCK][outputs];
        for (int block = 0; block < blocks; block++) {
            for (int i = 0; i < BLOCK; i++) {
                if (block * BLOCK + i < inputs) {
                    matrix.row(block * BLOCK + i, rows[i]);
                } else {
                    Arrays.fill(rows[i], 0);
                }
            }
            float[] values = new float[BLOCK];
            for (int output = 0; output < outputs; output++) {
                for (int i = 0; i < BLOCK; i++) {
                    values[i] = rows[i][output];
                }
                user.accept(output, block, values);
            }
        }
    }
}
