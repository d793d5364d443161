package org.diagonal.plugin.checkpoint;

/** The element types that are read and written, by their names in safetensors headers. */
public enum TensorType {
    /** IEEE single precision. */
    F32(4),
    /** IEEE half precision. */
    F16(2),
    /** The upper half of a single-precision number. */
    BF16(2),
    /** Signed integers of 64 bits. */
    I64(8);

    private final int bytes;

    TensorType(int bytes) {
        this.bytes = bytes;
    }

    /** The size of one element in bytes. */
    public int bytes() {
        return bytes;
    }
}
