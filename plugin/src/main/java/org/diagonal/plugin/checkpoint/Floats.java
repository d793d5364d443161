package org.diagonal.plugin.checkpoint;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

/** Turns the bytes of a tensor into Java's floats, without an engine. */
final class Floats {

    private static final int HALF_EXPONENT = 0x7C00;
    private static final int HALF_MANTISSA = 0x03FF;
    private static final int HALF_MAGNITUDE = 0x7FFF;
    private static final int SHIFT = 13; // a half's mantissa has 10 bits, a float's 23
    private static final int REBIAS = (127 - 15) << 23;
    private static final float SMALLEST = 0x1p-24f;

    private Floats() {}

    /**
     * Widens some elements of a tensor.
     *
     * @param data little-endian
     * @param into takes as many numbers as there are
     * @throws IllegalArgumentException for integers
     */
    static void widen(TensorType type, ByteBuffer data, FloatBuffer into) {
        switch (type) {
            case F32 -> into.put(data.asFloatBuffer());
            case F16 -> {
                for (short bits : shorts(data)) {
                    into.put(half(bits));
                }
            }
            case BF16 -> {
                for (short bits : shorts(data)) {
                    into.put(Float.intBitsToFloat(bits << Short.SIZE));
                }
            }
            case I64 -> throw new IllegalArgumentException("integers are no floats: " + type);
        }
    }

    private static short[] shorts(ByteBuffer data) {
        short[] shorts = new short[data.remaining() / Short.BYTES];
        data.asShortBuffer().get(shorts);
        return shorts;
    }

    /** The number of IEEE half precision with these bits. */
    static float half(short bits) {
        int exponent = bits & HALF_EXPONENT;
        float magnitude;
        if (exponent == 0) {
            magnitude = (bits & HALF_MANTISSA) * SMALLEST;
        } else if (exponent == HALF_EXPONENT) {
            magnitude = (bits & HALF_MANTISSA) == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
        } else {
            magnitude = Float.intBitsToFloat(((bits & HALF_MAGNITUDE) << SHIFT) + REBIAS);
        }
        return bits < 0 ? -magnitude : magnitude;
    }
}
