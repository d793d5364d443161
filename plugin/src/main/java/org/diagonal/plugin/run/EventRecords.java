package org.diagonal.plugin.run;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * The records of TensorBoard's event files: TFRecords, each a protobuf message {@code
 * tensorflow.Event} between its length and its checksum.
 *
 * <p>Of the message: {@code wall_time} = 1, {@code step} = 2, {@code file_version} = 3, {@code
 * summary} = 5; of a summary its values {@code value} = 1, and of these {@code tag} = 1 and {@code
 * simple_value} = 2.
 */
final class EventRecords {

    private static final String VERSION = "brain.Event:2";

    private static final int VARINT = 0;
    private static final int EIGHT_BYTES = 1;
    private static final int LENGTH_DELIMITED = 2;
    private static final int FOUR_BYTES = 5;

    private EventRecords() {}

    /**
     * What every file begins with.
     *
     * @param time in seconds since 1970
     */
    static byte[] begin(double time) {
        ByteArrayOutputStream event = new ByteArrayOutputStream();
        number(event, 1, time);
        bytes(event, 3, VERSION.getBytes(StandardCharsets.UTF_8));
        return framed(event.toByteArray());
    }

    /**
     * Numbers of a step by their tags.
     *
     * @param time in seconds since 1970
     */
    static byte[] scalars(double time, long step, Map<String, Double> values) {
        ByteArrayOutputStream summary = new ByteArrayOutputStream();
        values.forEach(
                (tag, value) -> {
                    ByteArrayOutputStream scalar = new ByteArrayOutputStream();
                    bytes(scalar, 1, tag.getBytes(StandardCharsets.UTF_8));
                    key(scalar, 2, FOUR_BYTES);
                    scalar.writeBytes(buffer(Float.BYTES).putFloat(value.floatValue()).array());
                    bytes(summary, 1, scalar.toByteArray());
                });
        ByteArrayOutputStream event = new ByteArrayOutputStream();
        number(event, 1, time);
        key(event, 2, VARINT);
        varint(event, step);
        bytes(event, 5, summary.toByteArray());
        return framed(event.toByteArray());
    }

    private static void number(ByteArrayOutputStream message, int field, double value) {
        key(message, field, EIGHT_BYTES);
        message.writeBytes(buffer(Double.BYTES).putDouble(value).array());
    }

    private static void bytes(ByteArrayOutputStream message, int field, byte[] value) {
        key(message, field, LENGTH_DELIMITED);
        varint(message, value.length);
        message.writeBytes(value);
    }

    private static void key(ByteArrayOutputStream message, int field, int type) {
        varint(message, ((long) field << 3) | type);
    }

    private static void varint(ByteArrayOutputStream message, long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            message.write((int) ((rest & 0x7F) | 0x80));
            rest >>>= 7;
        }
        message.write((int) rest);
    }

    private static byte[] framed(byte[] data) {
        byte[] length = buffer(Long.BYTES).putLong(data.length).array();
        return buffer(length.length + data.length + 2 * Integer.BYTES)
                .put(length)
                .putInt(masked(length))
                .put(data)
                .putInt(masked(data))
                .array();
    }

    /** TFRecord's checksum: a CRC of data that hold CRCs would be weak, so it is disguised. */
    private static int masked(byte[] data) {
        CRC32C crc = new CRC32C();
        crc.update(data);
        return Integer.rotateRight((int) crc.getValue(), 15) + 0xA282EAD8;
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
