package org.diagonal.plugin.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class FloatsTest {

    @TempDir Path folder;

    @Test
    void everyHalfIsTheNumberThatItsBitsSay() {
        for (int bits = 0; bits < 0x10000; bits++) {
            double sign = bits >= 0x8000 ? -1 : 1;
            int exponent = bits >> 10 & 0x1F;
            double fraction = (bits & 0x3FF) / 1024.0;
            double expected =
                    switch (exponent) {
                        case 0 -> sign * fraction * Math.pow(2, -14);
                        case 31 -> fraction == 0 ? sign / 0.0 : Double.NaN;
                        default -> sign * (1 + fraction) * Math.pow(2, exponent - 15);
                    };
            assertThat(Float.compare(Floats.half((short) bits), (float) expected))
                    .as("bits %04x", bits)
                    .isZero();
        }
    }

    @Test
    void theUpperHalvesOfFloatsAreThemselves() {
        ByteBuffer data = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
        data.putShort((short) 0x3FC0).putShort((short) 0xC020).flip();
        FloatBuffer into = FloatBuffer.allocate(2);
        Floats.widen(TensorType.BF16, data, into);
        assertThat(into.array()).containsExactly(1.5f, -2.5f);
    }

    @ParameterizedTest
    @EnumSource(
            value = TensorType.class,
            names = {"F32", "F16"})
    void floatsAreThoseThatAnEngineReads(TensorType type) throws IOException {
        Path file = folder.resolve("x.safetensors");
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            NDArray values = manager.randomNormal(new Shape(17, 5));
            SafetensorsWriter.write(
                    file, List.of(SafetensorsWriter.of("x", values, type)), Map.of());
            SafetensorsFile opened = SafetensorsFile.open(file);
            assertThat(opened.floats("x")).isEqualTo(opened.read("x", manager).toFloatArray());
        }
    }

    @Test
    void whatIsNotFiniteIsNamed() throws IOException {
        Path file = folder.resolve("y.safetensors");
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            NDArray values = manager.create(new float[] {1, 2, Float.NaN, 4}, new Shape(2, 2));
            SafetensorsWriter.write(
                    file,
                    List.of(
                            SafetensorsWriter.of("y", values, TensorType.F32),
                            SafetensorsWriter.of(
                                    "ids", manager.create(new long[] {1}), TensorType.I64)),
                    Map.of());
        }
        SafetensorsFile opened = SafetensorsFile.open(file);
        assertThatThrownBy(() -> opened.floats("y"))
                .isInstanceOf(FileSystemException.class)
                .hasMessage(file + ": tensor y holds NaN at element 2 of [2, 2]");
        assertThatThrownBy(() -> opened.floats("ids"))
                .hasMessage(file + ": tensor ids has type I64, expected F32, F16 or BF16");
    }
}
