package org.diagonal.plugin.onnx.graph;

import ai.djl.ndarray.NDArray;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * A view of a float32 matrix in native memory, row by row.
 *
 * @param rows the first size
 * @param columns the second size
 * @param values row after row
 */
public record FloatMatrix(int rows, int columns, FloatBuffer values) {

    /** Checks that the values are as many as the sizes say. */
    public FloatMatrix {
        if (values.capacity() != Math.multiplyExact(rows, columns)) {
            throw new IllegalArgumentException(
                    "values must be %d times %d: %d".formatted(rows, columns, values.capacity()));
        }
    }

    /** The matrix of an array on the CPU, which must stay open. */
    static FloatMatrix of(NDArray array) {
        return new FloatMatrix(
                Math.toIntExact(array.getShape().get(0)),
                Math.toIntExact(array.getShape().get(1)),
                array.toByteBuffer(true).order(ByteOrder.nativeOrder()).asFloatBuffer());
    }

    /** Copies a row. */
    void row(int row, float... into) {
        values.get(row * columns, into, 0, columns);
    }
}
