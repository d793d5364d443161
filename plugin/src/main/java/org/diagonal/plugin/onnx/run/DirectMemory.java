package org.diagonal.plugin.onnx.run;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;

/** Memory outside the heap, and tensors made of it. */
final class DirectMemory {

    private DirectMemory() {}

    static FloatBuffer floats(int size) {
        return bytes(Math.multiplyExact(size, Float.BYTES)).asFloatBuffer();
    }

    static ByteBuffer bytes(int size) {
        return ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
    }

    /**
     * Rows of integers as a tensor.
     *
     * @param name of the input, for a message
     * @param length of each row
     */
    static OnnxTensor tensor(OrtEnvironment environment, String name, long[][] rows, int length)
            throws OrtException {
        LongBuffer values =
                bytes(Math.multiplyExact(rows.length * length, Long.BYTES)).asLongBuffer();
        for (long[] row : rows) {
            if (row.length != length) {
                throw new IllegalArgumentException(
                        "%s must have rows of %d: %d".formatted(name, length, row.length));
            }
            values.put(row);
        }
        return OnnxTensor.createTensor(
                environment, values.flip(), new long[] {rows.length, length});
    }
}
