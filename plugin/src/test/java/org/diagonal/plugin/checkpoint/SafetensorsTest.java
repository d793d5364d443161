package org.diagonal.plugin.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.diagonal.plugin.checkpoint.SafetensorsWriter.Entry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SafetensorsTest {

    @TempDir private Path folder;

    @ParameterizedTest
    @EnumSource(TensorType.class)
    void bytesThatAreWrittenAreReadAgain(TensorType type) throws IOException {
        byte[] bytes = new byte[6 * type.bytes()];
        new Random(1).nextBytes(bytes);
        Path file = folder.resolve("one.safetensors");
        SafetensorsWriter.write(
                file,
                List.of(new Entry("t", type, List.of(2L, 3L), () -> ByteBuffer.wrap(bytes))),
                Map.of("format", "pt"));

        SafetensorsFile read = SafetensorsFile.open(file);
        assertThat(read.metadata()).containsExactly(Map.entry("format", "pt"));
        assertThat(read.tensors().get("t").shape()).containsExactly(2L, 3L);
        ByteBuffer data = read.data("t");
        assertThat(data.isDirect() && data.isReadOnly()).isTrue();
        assertThat(data.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
        assertThat(data).isEqualTo(ByteBuffer.wrap(bytes));
    }

    @Test
    void singlePrecisionArraysComeBackWithTheSameBits() throws IOException {
        float[] values = {0f, -0f, 1.5f, Float.MIN_VALUE, Float.MAX_VALUE, -Float.MAX_VALUE};
        Path file = folder.resolve("f32.safetensors");
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray array = manager.create(values, new Shape(3, 2));
            SafetensorsWriter.write(
                    file, List.of(SafetensorsWriter.of("w", array, TensorType.F32)), Map.of());
            NDArray read = SafetensorsFile.open(file).read("w", manager);
            assertThat(read.getShape()).isEqualTo(new Shape(3, 2));
            assertThat(read.getManager()).isSameAs(manager);
            assertThat(read.toFloatArray()).containsExactly(values);
            assertThat(Float.floatToRawIntBits(read.toFloatArray()[1])).isEqualTo(1 << 31);
        }
    }

    @Test
    void arraysThatDoNotLieInOrderAreWrittenInOrder() throws IOException {
        Path file = folder.resolve("transposed.safetensors");
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray array = manager.create(new float[] {1, 2, 3, 4, 5, 6}, new Shape(2, 3));
            SafetensorsWriter.write(
                    file,
                    List.of(
                            SafetensorsWriter.of("single", array.transpose(), TensorType.F32),
                            SafetensorsWriter.of("half", array.transpose(), TensorType.F16)),
                    Map.of());
            SafetensorsFile read = SafetensorsFile.open(file);
            assertThat(read.read("single", manager)).isEqualTo(array.transpose());
            assertThat(read.read("half", manager)).isEqualTo(array.transpose());
        }
    }

    @ParameterizedTest
    @EnumSource(TensorType.class)
    void tensorsAtOddOffsetsAreRead(TensorType type) throws IOException {
        String header =
                "{\"w\":{\"dtype\":\"%s\",\"shape\":[2],\"data_offsets\":[0,%d]}}"
                        .formatted(type, 2 * type.bytes());
        header = header.length() % 2 == 0 ? header + " " : header;
        ByteBuffer bytes =
                ByteBuffer.allocate(8 + header.length() + 2 * type.bytes())
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(header.length())
                        .put(header.getBytes(StandardCharsets.UTF_8));
        switch (type) {
            case F32 -> bytes.putFloat(1).putFloat(-2);
            case F16 -> bytes.putShort((short) 0x3c00).putShort((short) 0xc000);
            case BF16 -> bytes.putShort((short) 0x3f80).putShort((short) 0xc000);
            case I64 -> bytes.putLong(1).putLong(-2);
        }
        Path file = folder.resolve("odd.safetensors");
        Files.write(file, bytes.array());
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray read = SafetensorsFile.open(file).read("w", manager);
            assertThat(read.toType(DataType.FLOAT32, false).toFloatArray()).containsExactly(1, -2);
        }
    }

    @Test
    void integersAndEmptyAndScalarArraysComeBack() throws IOException {
        Path file = folder.resolve("mixed.safetensors");
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray ids = manager.create(new long[] {Long.MIN_VALUE, -1, Long.MAX_VALUE});
            NDArray none = manager.create(new Shape(0, 4), DataType.FLOAT32);
            NDArray one = manager.create(2.5f);
            SafetensorsWriter.write(
                    file,
                    List.of(
                            SafetensorsWriter.of("none", none, TensorType.F32),
                            SafetensorsWriter.of("one", one, TensorType.F16),
                            SafetensorsWriter.of("ids", ids, TensorType.I64)),
                    Map.of());
            SafetensorsFile read = SafetensorsFile.open(file);
            assertThat(read.tensors().keySet()).containsExactly("ids", "none", "one");
            assertThat(read.read("ids", manager)).isEqualTo(ids);
            assertThat(read.read("none", manager).getShape()).isEqualTo(new Shape(0, 4));
            assertThat(read.read("one", manager).getShape()).isEqualTo(new Shape());
            assertThat(read.read("one", manager).getFloat()).isEqualTo(2.5f);
        }
    }

    @Test
    void readingLeavesNothingButTheArrayInTheManager() throws IOException {
        Path file = folder.resolve("f32.safetensors");
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray array = manager.ones(new Shape(4));
            SafetensorsWriter.write(
                    file,
                    List.of(
                            SafetensorsWriter.of("a", array, TensorType.F32),
                            SafetensorsWriter.of("b", array, TensorType.F16)),
                    Map.of());
            int before = manager.getManagedArrays().size();
            SafetensorsFile read = SafetensorsFile.open(file);
            read.read("a", manager).close();
            read.read("b", manager).close();
            assertThat(manager.getManagedArrays()).hasSize(before);
        }
    }

    @Test
    void tensorsLieInTheOrderOfHuggingFacesWriter() throws IOException {
        List<Entry> entries =
                Stream.of(
                                Map.entry("b", TensorType.F16),
                                Map.entry("a", TensorType.F16),
                                Map.entry("d", TensorType.BF16),
                                Map.entry("z", TensorType.F32),
                                Map.entry("Z", TensorType.F32),
                                Map.entry("y", TensorType.I64))
                        .map(
                                e ->
                                        new Entry(
                                                e.getKey(),
                                                e.getValue(),
                                                List.of(1L),
                                                () -> ByteBuffer.allocate(e.getValue().bytes())))
                        .toList();
        Path file = folder.resolve("order.safetensors");
        SafetensorsWriter.write(file, entries, Map.of("format", "pt"));

        assertThat(SafetensorsFile.open(file).tensors().keySet())
                .containsExactly("y", "Z", "z", "d", "a", "b");
        byte[] bytes = Files.readAllBytes(file);
        int length = (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
        assertThat(length % 8).isZero();
        assertThat(new String(bytes, 8, length, StandardCharsets.UTF_8))
                .startsWith(
                        "{\"__metadata__\":{\"format\":\"pt\"},\"y\":{\"dtype\":\"I64\","
                                + "\"shape\":[1],\"data_offsets\":[0,8]},\"Z\":");
    }

    @Test
    void dataOfTheWrongSizeIsRefused() {
        Entry entry = new Entry("w", TensorType.F32, List.of(2L), () -> ByteBuffer.allocate(7));
        assertThatThrownBy(
                        () ->
                                SafetensorsWriter.write(
                                        folder.resolve("f"), List.of(entry), Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("data of w must have 8 bytes for F32 [2]: 7");
    }

    @Test
    void twoTensorsOfOneNameAreRefused() {
        Entry entry = new Entry("w", TensorType.F32, List.of(0L), () -> ByteBuffer.allocate(0));
        assertThatThrownBy(
                        () ->
                                SafetensorsWriter.write(
                                        folder.resolve("f"), List.of(entry, entry), Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("two tensors are named w");
    }

    @Test
    void aTensorBehindTwoGibibytesIsRead() throws IOException {
        Path file = folder.resolve("large.safetensors");
        long gap = 5L << 30; // sparse: takes no disk
        String header =
                ("{\"gap\":{\"dtype\":\"F16\",\"shape\":[%d],\"data_offsets\":[0,%d]},"
                                + "\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[%d,%d]}}")
                        .formatted(gap / 2, gap, gap, gap + 8);
        ByteBuffer start =
                ByteBuffer.allocate(8 + header.length())
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(header.length())
                        .put(header.getBytes(StandardCharsets.UTF_8))
                        .flip();
        ByteBuffer end =
                ByteBuffer.allocate(8)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putFloat(3.25f)
                        .putFloat(-7)
                        .flip();
        try (FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.SPARSE)) {
            channel.write(start, 0);
            channel.write(end, 8 + header.length() + gap);
        }
        try (NDManager manager = NDManager.newBaseManager()) {
            SafetensorsFile read = SafetensorsFile.open(file);
            assertThat(read.read("w", manager).toFloatArray()).containsExactly(3.25f, -7f);
            assertThatThrownBy(() -> read.data("gap"))
                    .hasMessage(
                            file
                                    + ": tensor gap has 5368709120 bytes, expected at most 2147483647");
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void aFileThatWasReplacedIsNotReadByTheOldHeader() throws IOException {
        Path file = folder.resolve("w.safetensors");
        Entry entry = new Entry("w", TensorType.F32, List.of(1L), () -> ByteBuffer.allocate(4));
        SafetensorsWriter.write(file, List.of(entry), Map.of());
        SafetensorsFile old = SafetensorsFile.open(file);
        ByteBuffer mapped = old.data("w");
        SafetensorsWriter.write(file, List.of(entry), Map.of("other", "yes"));
        assertThatThrownBy(() -> old.data("w")).hasMessageContaining("was replaced");
        assertThat(mapped.getInt(0)).isZero();
    }

    @Test
    void realFilesOpen() throws IOException {
        Path shared = Path.of(System.getProperty("diagonal.shared"));
        assumeTrue(Files.isDirectory(shared), shared + " is not there: no real files to open");
        List<Path> files;
        try (Stream<Path> all = Files.walk(shared.toRealPath())) {
            files = all.filter(path -> path.toString().endsWith(".safetensors")).toList();
        }
        assertThat(files).hasSizeGreaterThan(10);
        for (Path file : files) {
            try (NDManager manager = NDManager.newBaseManager()) {
                SafetensorsFile read = SafetensorsFile.open(file);
                assertThat(read.tensors()).isNotEmpty();
                for (String name : read.tensors().keySet()) {
                    read.read(name, manager).close();
                }
            }
        }
    }
}
