package org.diagonal.plugin.checkpoint;

import java.util.List;

/**
 * One tensor as a safetensors header describes it.
 *
 * @param shape the sizes of the dimensions; empty for a single number
 * @param begin the offset of the first byte in the file's data section
 * @param end the offset behind the last byte
 */
public record TensorInfo(String name, TensorType type, List<Long> shape, long begin, long end) {

    /** Checks that the offsets hold exactly the shape. */
    public TensorInfo {
        shape = List.copyOf(shape);
        long size = byteSize(type, shape);
        if (begin < 0 || end - begin != size) {
            throw new IllegalArgumentException(
                    "offsets of %s must span %d bytes for %s %s: begin=%d, end=%d"
                            .formatted(name, size, type, shape, begin, end));
        }
    }

    /** The number of bytes of a tensor's data. */
    public long size() {
        return end - begin;
    }

    /**
     * The number of bytes that a tensor of this type and shape takes.
     *
     * @throws IllegalArgumentException if a dimension is negative or the size beyond 2^63
     */
    static long byteSize(TensorType type, List<Long> shape) {
        long size = type.bytes();
        try {
            for (long dimension : shape) {
                if (dimension < 0) {
                    throw new IllegalArgumentException("shape must not be negative: " + shape);
                }
                size = Math.multiplyExact(size, dimension);
            }
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("shape is too large: " + shape, e);
        }
        return size;
    }
}
