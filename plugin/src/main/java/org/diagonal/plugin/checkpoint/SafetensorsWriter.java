package org.diagonal.plugin.checkpoint;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.diagonal.plugin.files.AtomicFiles;

/**
 * Writes safetensors files, byte for byte as Hugging Face's own writer orders them: tensors by
 * alignment of their type, then by name.
 */
public final class SafetensorsWriter {

    private static final int ALIGNMENT = 8;
    private static final JsonFactory JSON = new JsonFactory();

    /** Hugging Face's order of types, which sorts larger elements first. */
    private static final List<TensorType> ORDER =
            List.of(TensorType.I64, TensorType.F32, TensorType.BF16, TensorType.F16);

    private SafetensorsWriter() {}

    /**
     * A tensor to be written.
     *
     * @param data asked for once, when the tensor's turn has come: little-endian bytes, as many
     *     remaining as type and shape take
     */
    public record Entry(String name, TensorType type, List<Long> shape, Supplier<ByteBuffer> data) {

        /** Copies the shape. */
        public Entry {
            Objects.requireNonNull(data, "data");
            if (name.equals("__metadata__")) {
                throw new IllegalArgumentException("name of a tensor must not be __metadata__");
            }
            shape = List.copyOf(shape);
            TensorInfo.byteSize(type, shape);
        }

        private long size() {
            return TensorInfo.byteSize(type, shape);
        }
    }

    /**
     * An array as an entry; the array must stay open and unchanged until the file is written.
     *
     * @param array FLOAT32 for {@code F32} and {@code F16}, INT64 for {@code I64}
     * @param type what it is written as; writing fails with IllegalArgumentException if a finite
     *     value is beyond the range of F16
     * @throws IllegalArgumentException if array and type do not fit, or the type is BF16
     */
    public static Entry of(String name, NDArray array, TensorType type) {
        DataType needed =
                switch (type) {
                    case F32, F16 -> DataType.FLOAT32;
                    case I64 -> DataType.INT64;
                    case BF16 ->
                            throw new IllegalArgumentException(
                                    "type of " + name + " must be F32, F16 or I64: BF16");
                };
        if (array.getDataType() != needed) {
            throw new IllegalArgumentException(
                    "array %s must be %s to be written as %s: %s"
                            .formatted(name, needed, type, array.getDataType()));
        }
        List<Long> shape = Arrays.stream(array.getShape().getShape()).boxed().toList();
        Supplier<ByteBuffer> data =
                type == TensorType.F16 ? () -> halves(name, array) : () -> bytes(array);
        return new Entry(name, type, shape, data);
    }

    /**
     * Writes a file beside its place, brings it to disk and moves it there.
     *
     * @param metadata the header's {@code __metadata__}; {@code {"format": "pt"}} is what Hugging
     *     Face's loaders ask for
     * @throws IllegalArgumentException if two entries have one name, or data is not of its size
     * @throws IOException if the file cannot be written; an old one stays as it was
     */
    public static void write(Path file, List<Entry> entries, Map<String, String> metadata)
            throws IOException {
        List<Entry> ordered =
                entries.stream()
                        .sorted(
                                Comparator.comparingInt((Entry entry) -> ORDER.indexOf(entry.type))
                                        .thenComparing(
                                                entry ->
                                                        entry.name.getBytes(StandardCharsets.UTF_8),
                                                Arrays::compareUnsigned))
                        .toList();
        Set<String> names = new HashSet<>();
        for (Entry entry : ordered) {
            if (!names.add(entry.name)) {
                throw new IllegalArgumentException("two tensors are named " + entry.name);
            }
        }
        byte[] header = header(ordered, metadata);
        AtomicFiles.write(
                file,
                part -> {
                    try (FileChannel channel =
                            FileChannel.open(
                                    part,
                                    StandardOpenOption.CREATE_NEW,
                                    StandardOpenOption.WRITE)) {
                        writeFully(channel, ByteBuffer.wrap(header));
                        for (Entry entry : ordered) {
                            writeFully(channel, checked(entry));
                        }
                    }
                });
    }

    private static byte[] header(List<Entry> entries, Map<String, String> metadata)
            throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(new byte[Long.BYTES]);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            if (!metadata.isEmpty()) {
                json.writeObjectFieldStart("__metadata__");
                for (Map.Entry<String, String> entry : new TreeMap<>(metadata).entrySet()) {
                    json.writeStringField(entry.getKey(), entry.getValue());
                }
                json.writeEndObject();
            }
            long begin = 0;
            for (Entry entry : entries) {
                long end = Math.addExact(begin, entry.size());
                json.writeObjectFieldStart(entry.name);
                json.writeStringField("dtype", entry.type.name());
                json.writeFieldName("shape");
                long[] shape = entry.shape.stream().mapToLong(Long::longValue).toArray();
                json.writeArray(shape, 0, shape.length);
                json.writeFieldName("data_offsets");
                json.writeArray(new long[] {begin, end}, 0, 2);
                json.writeEndObject();
                begin = end;
            }
            json.writeEndObject();
        }
        while (bytes.size() % ALIGNMENT != 0) {
            bytes.write(' ');
        }
        byte[] header = bytes.toByteArray();
        ByteBuffer.wrap(header)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(0, header.length - Long.BYTES);
        return header;
    }

    private static ByteBuffer checked(Entry entry) {
        ByteBuffer data = entry.data.get().duplicate();
        if (data.remaining() != entry.size()) {
            throw new IllegalArgumentException(
                    "data of %s must have %d bytes for %s %s: %d"
                            .formatted(
                                    entry.name,
                                    entry.size(),
                                    entry.type,
                                    entry.shape,
                                    data.remaining()));
        }
        return data;
    }

    private static void writeFully(FileChannel channel, ByteBuffer data) throws IOException {
        while (data.hasRemaining()) {
            channel.write(data);
        }
    }

    /** A view of the array's own memory where it lies on the CPU. */
    private static ByteBuffer bytes(NDArray array) {
        if (array.size() == 0) {
            return ByteBuffer.allocate(0);
        }
        if (array.getDevice().equals(Device.cpu())) {
            return array.toByteBuffer(true);
        }
        try (NDArray host = array.toDevice(Device.cpu(), true)) {
            return copy(host);
        }
    }

    /**
     * Checks that values fit the range of F16, without writing them.
     *
     * @param array FLOAT32
     * @throws OutOfRangeException naming the tensor
     */
    public static void requireHalves(String name, NDArray array) {
        halves(name, array);
    }

    private static ByteBuffer halves(String name, NDArray array) {
        if (array.size() == 0) {
            return ByteBuffer.allocate(0);
        }
        try (NDArray half = array.toType(DataType.FLOAT16, false);
                NDArray infinite = half.isInfinite();
                NDArray any = infinite.any()) {
            if (any.getBoolean()) {
                throw new OutOfRangeException(
                        "tensor " + name + " has values beyond the range of F16 (65504)");
            }
            try (NDArray host = half.toDevice(Device.cpu(), false)) {
                return copy(host);
            }
        }
    }

    private static ByteBuffer copy(NDArray host) {
        ByteBuffer source = host.toByteBuffer(true);
        return ByteBuffer.allocateDirect(source.remaining()).put(source).flip();
    }
}
