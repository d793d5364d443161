package org.diagonal.plugin.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.diagonal.plugin.checkpoint.SafetensorsWriter.Entry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Numbers of every type come back as what they were, or are refused. */
class SafetensorsValuesTest {

    @TempDir private Path folder;

    @Test
    void everyFiniteHalfIsReadAsJavaConvertsIt() throws IOException {
        short[] halves = new short[1 << 16];
        float[] expected = new float[1 << 16];
        int count = 0;
        for (int bits = 0; bits < 1 << 16; bits++) {
            if ((bits >> 10 & 31) != 31) {
                halves[count] = (short) bits;
                expected[count++] = half(bits);
            }
        }
        assertRead(TensorType.F16, Arrays.copyOf(halves, count), Arrays.copyOf(expected, count));
    }

    @Test
    void everyFiniteBfloat16IsReadAsItsBitsShifted() throws IOException {
        short[] uppers = new short[1 << 16];
        float[] expected = new float[1 << 16];
        int count = 0;
        for (int bits = 0; bits < 1 << 16; bits++) {
            if (Float.isFinite(Float.intBitsToFloat(bits << 16))) {
                uppers[count] = (short) bits;
                expected[count++] = Float.intBitsToFloat(bits << 16);
            }
        }
        assertRead(TensorType.BF16, Arrays.copyOf(uppers, count), Arrays.copyOf(expected, count));
    }

    private void assertRead(TensorType type, short[] stored, float[] expected) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(2 * stored.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asShortBuffer().put(stored);
        Path file = folder.resolve(type + ".safetensors");
        SafetensorsWriter.write(
                file,
                List.of(new Entry("w", type, List.of((long) stored.length), () -> bytes)),
                Map.of());
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray read = SafetensorsFile.open(file).read("w", manager);
            assertThat(read.getDataType()).isEqualTo(DataType.FLOAT32);
            assertThat(read.toFloatArray()).containsExactly(expected);
        }
    }

    private static float half(int bits) {
        int exponent = bits >> 10 & 31;
        int fraction = bits & 1023;
        float magnitude =
                exponent == 0
                        ? fraction * 0x1p-24f
                        : (float) Math.scalb(1 + fraction / 1024.0, exponent - 15);
        return bits >> 15 == 0 ? magnitude : -magnitude;
    }

    @Test
    void halvesAreRoundedToTheNearest() throws IOException {
        float[] values = {1f + 0x1p-11f, 1f + 3 * 0x1p-11f, 65504f, 65519f, 0x1p-25f, -0x1.8p-24f};
        float[] expected = {1f, 1f + 0x1p-9f, 65504f, 65504f, 0f, -0x1p-23f};
        Path file = folder.resolve("f16.safetensors");
        try (NDManager manager = NDManager.newBaseManager()) {
            SafetensorsWriter.write(
                    file,
                    List.of(SafetensorsWriter.of("w", manager.create(values), TensorType.F16)),
                    Map.of());
            assertThat(SafetensorsFile.open(file).read("w", manager).toFloatArray())
                    .containsExactly(expected);
        }
    }

    @Test
    void valuesBeyondTheRangeOfHalvesAreRefusedAndTheOldFileStays() throws IOException {
        Path file = folder.resolve("f16.safetensors");
        Files.writeString(file, "old");
        try (NDManager manager = NDManager.newBaseManager()) {
            Entry entry =
                    SafetensorsWriter.of(
                            "wte", manager.create(new float[] {1, 70_000}), TensorType.F16);
            assertThatThrownBy(() -> SafetensorsWriter.write(file, List.of(entry), Map.of()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("wte")
                    .hasMessageContaining("65504");
        }
        assertThat(file).hasContent("old");
        assertThat(folder).isDirectoryContaining(path -> path.equals(file));
        assertThat(list()).containsExactly(file);
    }

    @Test
    void arraysOfAnotherTypeThanAskedForAreRefused() {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray array = manager.create(new double[] {1});
            assertThatThrownBy(() -> SafetensorsWriter.of("w", array, TensorType.F32))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("array w must be float32 to be written as F32: float64");
        }
    }

    @Test
    void nanAndInfinityAreNamedWithTensorFileAndPlace() throws IOException {
        Path file = folder.resolve("bad.safetensors");
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray nan = manager.create(new float[] {1, 2, Float.NaN});
            NDArray infinite = manager.create(new float[] {Float.NEGATIVE_INFINITY, 2});
            SafetensorsWriter.write(
                    file,
                    List.of(
                            SafetensorsWriter.of("h.nan", nan, TensorType.F32),
                            SafetensorsWriter.of("h.inf", infinite, TensorType.F32)),
                    Map.of());
            SafetensorsFile read = SafetensorsFile.open(file);
            assertThatThrownBy(() -> read.read("h.nan", manager))
                    .hasMessage(file + ": tensor h.nan holds NaN at element 2 of [3]");
            assertThatThrownBy(() -> read.read("h.inf", manager))
                    .hasMessage(file + ": tensor h.inf holds -Infinity at element 0 of [2]");
        }
    }

    @Test
    void finiteValuesWhoseSumOverflowsAreRead() throws IOException {
        Path file = folder.resolve("large.safetensors");
        float[] values = {Float.MAX_VALUE, Float.MAX_VALUE};
        try (NDManager manager = NDManager.newBaseManager()) {
            SafetensorsWriter.write(
                    file,
                    List.of(SafetensorsWriter.of("w", manager.create(values), TensorType.F32)),
                    Map.of());
            assertThat(SafetensorsFile.open(file).read("w", manager).toFloatArray())
                    .containsExactly(values);
        }
    }

    private List<Path> list() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
