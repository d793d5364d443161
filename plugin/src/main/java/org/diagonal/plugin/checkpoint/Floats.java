package org.diagonal.plugin.checkpoint;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;

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
     * Widens a tensor.
     *
     * @param data little-endian, from position 0 to the tensor's size
     * @throws IllegalArgumentException for integers
     */
    static float[] of(TensorType type, ByteBuffer data) {
        return switch (type) {
            case F32 -> singles(data.asFloatBuffer());
            case F16 -> halves(data.asShortBuffer());
            case BF16 -> upperHalves(data.asShortBuffer());
            case I64 -> throw new IllegalArgumentException("integers are no floats: " + type);
        };
    }

    private static float[] singles(FloatBuffer data) {
        float[] values = new float[data.remaining()];
        data.get(values);
        return values;
    }

    private static float[] halves(ShortBuffer data) {
        short[] bits = new short[data.remaining()];
        data.get(bits);
        float[] values = new float[bits.length];
        for (int i = 0; i < bits.length; i++) {
            values[i] = half(bits[i]);
        }
        return values;
    }

    private static float[] upperHalves(ShortBuffer data) {
        short[] bits = new short[data.remaining()];
        data.get(bits);
        float[] values = new float[bits.length];
        for (int i = 0; i < bits.length; i++) {
            values[i] = Float.intBitsToFloat(bits[i] << Short.SIZE);
        }
        return values;
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
