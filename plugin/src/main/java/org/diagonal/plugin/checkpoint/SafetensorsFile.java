package org.diagonal.plugin.checkpoint;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.ShortBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.diagonal.plugin.files.FileFault;

/**
 * The tensors of one safetensors file, memory-mapped one by one, so that a file may be larger than
 * 2 GiB and nothing of it lies on the heap.
 *
 * <p>Opening reads and checks the header alone. Immutable and safe for many threads.
 */
public final class SafetensorsFile {

    private static final int PIECE = 1 << 20; // bytes; whole elements of every type

    private final Path path;
    private final long fileSize;
    private final Object fileKey;
    private final SafetensorsHeader header;

    private SafetensorsFile(Path path, BasicFileAttributes attributes, SafetensorsHeader header) {
        this.path = path;
        this.fileSize = attributes.size();
        this.fileKey = attributes.fileKey();
        this.header = header;
    }

    /**
     * Reads and checks a file's header.
     *
     * @throws FileSystemException if the header is malformed, a tensor's size is not that of its
     *     type and shape, the tensors overlap or leave gaps, or the file's length is not what the
     *     header says; the message names the file, what was expected and what was found
     */
    public static SafetensorsFile open(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            if (!attributes.isRegularFile()) {
                throw FileFault.of(file, "is not a file");
            }
            return new SafetensorsFile(file, attributes, SafetensorsHeader.read(file, channel));
        }
    }

    /** The file. */
    public Path path() {
        return path;
    }

    /** The tensors of the types that are read, by name, in the order of their data. */
    public Map<String, TensorInfo> tensors() {
        return header.tensors;
    }

    /** Tensors of other types, which {@link #data} and {@link #read} refuse: name and type. */
    public Map<String, String> otherTypes() {
        return header.others;
    }

    /** The header's {@code __metadata__}; empty where it has none. */
    public Map<String, String> metadata() {
        return header.metadata;
    }

    /**
     * Maps the bytes of one tensor.
     *
     * @return a direct, read-only, little-endian view of the file, from position 0 to the tensor's
     *     size; it stays valid when the file is replaced
     * @throws FileSystemException if there is no such tensor, its type is not one that is read, it
     *     is larger than 2 GiB, or the file was replaced since it was opened
     */
    public ByteBuffer data(String name) throws IOException {
        TensorInfo info = info(name);
        if (info.size() > Integer.MAX_VALUE) {
            throw FileFault.of(
                    path,
                    "tensor %s has %d bytes, expected at most %d"
                            .formatted(name, info.size(), Integer.MAX_VALUE));
        }
        try (FileChannel channel = unchanged()) {
            return channel.map(
                            FileChannel.MapMode.READ_ONLY,
                            header.dataStart + info.begin(),
                            info.size())
                    .order(ByteOrder.LITTLE_ENDIAN);
        }
    }

    private FileChannel unchanged() throws IOException {
        FileChannel channel = FileChannel.open(path);
        BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
        if (channel.size() != fileSize || !Objects.equals(now.fileKey(), fileKey)) {
            channel.close();
            throw FileFault.of(path, "was replaced since its header was read");
        }
        return channel;
    }

    /**
     * Reads the bytes of one tensor piece by piece. What is mapped stays in memory until garbage is
     * collected: so whoever goes through a whole file has it all there, but for this.
     *
     * @param sink takes little-endian pieces of whole elements, which are written over afterwards
     * @throws FileSystemException as {@link #data}, for a tensor of any size
     */
    void pieces(String name, Consumer<ByteBuffer> sink) throws IOException {
        TensorInfo info = info(name);
        long at = header.dataStart + info.begin();
        long end = at + info.size();
        ByteBuffer piece = ByteBuffer.allocate(PIECE).order(ByteOrder.LITTLE_ENDIAN);
        try (FileChannel channel = unchanged()) {
            while (at < end) {
                piece.clear().limit((int) Math.min(PIECE, end - at));
                while (piece.hasRemaining()) {
                    int count = channel.read(piece, at);
                    if (count < 0) {
                        throw FileFault.of(path, "was cut short while it was read");
                    }
                    at += count;
                }
                sink.accept(piece.flip());
            }
        }
    }

    /**
     * Copies one tensor into an array, once.
     *
     * @return an array of FLOAT32, or INT64 for I64, on the manager's device and owned by it
     * @throws FileSystemException as {@link #data} does, and if the tensor holds NaN or infinity
     */
    public NDArray read(String name, NDManager manager) throws IOException {
        TensorInfo info = info(name);
        try (NDManager scratch = manager.newSubManager(Device.cpu())) {
            NDArray array = copy(info, data(name), scratch);
            if (info.type() != TensorType.I64) {
                checkFinite(info, array);
            }
            array = array.toDevice(manager.getDevice(), false);
            array.attach(manager);
            return array;
        }
    }

    /**
     * Copies one tensor of F32, F16 or BF16 into an array of Java's, which needs no engine.
     *
     * @return its elements in row-major order
     * @throws FileSystemException as {@link #data} does, and if the tensor is of integers, or holds
     *     NaN or infinity
     */
    public float[] floats(String name) throws IOException {
        TensorInfo info = info(name);
        if (info.type() == TensorType.I64) {
            throw FileFault.of(
                    path, "tensor %s has type I64, expected F32, F16 or BF16".formatted(name));
        }
        long count = info.size() / info.type().bytes();
        if (count > Integer.MAX_VALUE - 8) { // the longest arrays of usual machines
            throw FileFault.of(path, "tensor %s has %d elements".formatted(name, count));
        }
        float[] values = new float[(int) count];
        FloatBuffer into = FloatBuffer.wrap(values);
        pieces(name, piece -> Floats.widen(info.type(), piece, into));
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw notFinite(info, values[i], i);
            }
        }
        return values;
    }

    private static NDArray copy(TensorInfo info, ByteBuffer data, NDManager manager) {
        Shape shape = new Shape(info.shape().stream().mapToLong(Long::longValue).toArray());
        if (info.size() == 0) {
            return manager.create(
                    shape, info.type() == TensorType.I64 ? DataType.INT64 : DataType.FLOAT32);
        }
        return switch (info.type()) { // an engine keeps the buffer that it is given: hence copies
            case F32 -> manager.create(data, shape, DataType.FLOAT32).duplicate();
            case F16 ->
                    manager.create(data, shape, DataType.FLOAT16).toType(DataType.FLOAT32, false);
            case BF16 -> widen(data, manager.create(shape, DataType.FLOAT32));
            case I64 -> manager.create(data, shape, DataType.INT64).duplicate();
        };
    }

    /** In Java, as bfloat16 arrays end the process; straight into the memory of the array. */
    private static NDArray widen(ByteBuffer data, NDArray array) {
        ByteBuffer memory = array.toByteBuffer(true);
        if (!memory.isDirect()) {
            throw new UnsupportedOperationException(
                    "BF16 needs an engine whose arrays are direct buffers");
        }
        IntBuffer into = memory.order(ByteOrder.nativeOrder()).asIntBuffer();
        ShortBuffer from = data.asShortBuffer();
        for (int i = 0; i < from.limit(); i++) {
            into.put(i, from.get(i) << 16);
        }
        return array;
    }

    private void checkFinite(TensorInfo info, NDArray array) throws FileSystemException {
        if (info.size() == 0 || Float.isFinite(array.sum().getFloat())) {
            return; // a sum is finite only if every term is
        }
        FloatBuffer values =
                array.toByteBuffer(true).order(ByteOrder.nativeOrder()).asFloatBuffer();
        for (int i = 0; i < values.limit(); i++) {
            if (!Float.isFinite(values.get(i))) {
                throw notFinite(info, values.get(i), i);
            }
        }
    }

    private FileSystemException notFinite(TensorInfo info, float value, int element) {
        return FileFault.of(
                path,
                "tensor %s holds %s at element %d of %s"
                        .formatted(info.name(), value, element, info.shape()));
    }

    private TensorInfo info(String name) throws FileSystemException {
        TensorInfo info = header.tensors.get(name);
        if (info == null) {
            String type = header.others.get(name);
            throw FileFault.of(
                    path,
                    type == null
                            ? "has no tensor " + name
                            : "tensor %s has type %s, expected F32, F16, BF16 or I64"
                                    .formatted(name, type));
        }
        return info;
    }
}
