package org.diagonal.plugin.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/** Reads event files as TensorBoard does, and takes nothing whose checksums are wrong. */
final class EventReader {

    /** One event; the first of a file has a version and no scalars. */
    record Event(double time, long step, String version, SortedMap<String, Float> scalars) {

        /** What does not depend on how fast the machine was. */
        Event withoutSpeed() {
            SortedMap<String, Float> rest = new TreeMap<>(scalars);
            rest.remove("train/tokens_per_second");
            return new Event(0, step, version, rest);
        }
    }

    private EventReader() {}

    static List<Event> read(Path file) throws IOException {
        return read(Files.readAllBytes(file));
    }

    static List<Event> read(byte[] bytes) throws IOException {
        ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        List<Event> events = new ArrayList<>();
        while (file.hasRemaining()) {
            ByteBuffer length = checked(file, Long.BYTES);
            events.add(event(checked(file, Math.toIntExact(length.getLong()))));
        }
        return events;
    }

    private static ByteBuffer checked(ByteBuffer file, int bytes) throws IOException {
        ByteBuffer part = slice(file, bytes);
        CRC32C crc = new CRC32C();
        crc.update(part.duplicate());
        long rotated = (crc.getValue() >>> 15) | ((crc.getValue() << 17) & 0xFFFFFFFFL);
        long expected = (rotated + 0xA282EAD8L) & 0xFFFFFFFFL;
        long found = Integer.toUnsignedLong(file.getInt());
        if (found != expected) {
            throw new IOException("checksum %08x instead of %08x".formatted(found, expected));
        }
        return part;
    }

    private static ByteBuffer slice(ByteBuffer from, int bytes) {
        ByteBuffer part = from.slice(from.position(), bytes).order(ByteOrder.LITTLE_ENDIAN);
        from.position(from.position() + bytes);
        return part;
    }

    private static Event event(ByteBuffer data) throws IOException {
        double time = 0;
        long step = 0;
        String version = "";
        SortedMap<String, Float> scalars = new TreeMap<>();
        while (data.hasRemaining()) {
            int key = (int) varint(data);
            switch (key) {
                case (1 << 3) | 1 -> time = data.getDouble();
                case 2 << 3 -> step = varint(data);
                case (3 << 3) | 2 -> version = text(data);
                case (5 << 3) | 2 -> summary(slice(data, (int) varint(data)), scalars);
                default -> throw new IOException("an event has no key " + key);
            }
        }
        return new Event(time, step, version, scalars);
    }

    private static void summary(ByteBuffer data, SortedMap<String, Float> scalars)
            throws IOException {
        while (data.hasRemaining()) {
            require(varint(data) == ((1 << 3) | 2));
            ByteBuffer value = slice(data, (int) varint(data));
            require(varint(value) == ((1 << 3) | 2));
            String tag = text(value);
            require(varint(value) == ((2 << 3) | 5));
            scalars.put(tag, value.getFloat());
            require(!value.hasRemaining());
        }
    }

    private static void require(boolean condition) throws IOException {
        if (!condition) {
            throw new IOException("not a summary of scalars");
        }
    }

    private static String text(ByteBuffer data) {
        return StandardCharsets.UTF_8.decode(slice(data, (int) varint(data))).toString();
    }

    private static long varint(ByteBuffer data) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = data.get();
            value |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }
}
