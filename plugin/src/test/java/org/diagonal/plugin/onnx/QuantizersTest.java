package org.diagonal.plugin.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.diagonal.plugin.onnx.graph.FloatMatrix;
import org.diagonal.plugin.onnx.graph.Int4Quantizer;
import org.diagonal.plugin.onnx.graph.Int8Quantizer;
import org.junit.jupiter.api.Test;

/** Rounded matrices lie where runtimes look for them, and as near as their steps allow. */
class QuantizersTest {

    private static float[] random(int size, long seed) {
        Random random = new Random(seed);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static FloatMatrix matrix(int rows, int columns, float... values) {
        return new FloatMatrix(rows, columns, FloatBuffer.wrap(values));
    }

    @Property(tries = 50)
    void everyByteIsWithinHalfAStep(
            @ForAll @IntRange(min = 1, max = 150) int rows,
            @ForAll @IntRange(min = 1, max = 150) int columns,
            @ForAll long seed) {
        float[] values = random(rows * columns, seed);
        Int8Quantizer byColumn = Int8Quantizer.byColumn(matrix(rows, columns, values));
        Int8Quantizer byRow = Int8Quantizer.byRow(matrix(rows, columns, values));
        ByteBuffer columnBytes = byColumn.values();
        ByteBuffer turned = byRow.turnedValues();
        ByteBuffer rowBytes = byRow.values();
        FloatBuffer columnScales =
                byColumn.scales().order(java.nio.ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        FloatBuffer rowScales =
                byRow.scales().order(java.nio.ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        assertThat(columnScales.remaining()).isEqualTo(columns);
        assertThat(rowScales.remaining()).isEqualTo(rows);
        assertThat(turned.remaining()).isEqualTo(rows * columns);
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                float value = values[r * columns + c];
                assertNear(value, columnBytes.get(r * columns + c), columnScales.get(c));
                assertNear(value, rowBytes.get(r * columns + c), rowScales.get(r));
                assertThat(turned.get(c * rows + r)).isEqualTo(rowBytes.get(r * columns + c));
            }
        }
    }

    private static void assertNear(float value, byte integer, float scale) {
        assertThat(Math.abs(value - integer * scale)).isLessThanOrEqualTo(scale * 0.5001f);
    }

    @Property(tries = 50)
    void bothOrdersOfAMatrixGiveTheSameNibbles(
            @ForAll @IntRange(min = 1, max = 40) int outputs,
            @ForAll @IntRange(min = 1, max = 100) int inputs,
            @ForAll long seed) {
        float[] rows = random(outputs * inputs, seed);
        float[] columns = new float[rows.length];
        for (int o = 0; o < outputs; o++) {
            for (int i = 0; i < inputs; i++) {
                columns[i * outputs + o] = rows[o * inputs + i];
            }
        }
        Int4Quantizer one = Int4Quantizer.byRow(matrix(outputs, inputs, rows));
        Int4Quantizer other = Int4Quantizer.byColumn(matrix(inputs, outputs, columns));
        assertThat(other.values()).isEqualTo(one.values());
        assertThat(other.scales()).isEqualTo(one.scales());
        int blocks = (inputs + 31) / 32;
        assertThat(one.blocks()).isEqualTo(blocks);
        assertThat(one.values().remaining()).isEqualTo(outputs * blocks * 16);
        for (int o = 0; o < outputs; o++) {
            for (int i = 0; i < inputs; i++) {
                int place = o * blocks + i / 32;
                int pair = one.values().get(place * 16 + i % 32 / 2);
                int integer = (i % 2 == 0 ? pair : pair >> 4) & 15;
                float scale = one.scales().getFloat(place * 4);
                // Extremes may be cut, where that serves the others.
                assertThat(Math.abs(rows[o * inputs + i] - (integer - 8) * scale))
                        .isLessThanOrEqualTo(Math.abs(scale) * 3.01f);
            }
        }
    }

    @Test
    void zerosStayZero() {
        FloatMatrix zeros = matrix(3, 40, new float[120]);
        ByteBuffer bytes = Int8Quantizer.byColumn(zeros).values();
        ByteBuffer nibbles = Int4Quantizer.byRow(zeros).values();
        for (int i = 0; i < bytes.remaining(); i++) {
            assertThat(bytes.get(i)).isZero();
        }
        for (int i = 0; i < nibbles.remaining(); i++) {
            assertThat(nibbles.get(i)).isEqualTo((byte) 0x88);
        }
    }

    @Test
    void quantizedWeightsAreOutsideTheHeap() {
        FloatMatrix values = matrix(3, 40, random(120, 1));
        assertThat(Int8Quantizer.byColumn(values).values().isDirect()).isTrue();
        assertThat(Int8Quantizer.byRow(values).turnedValues().isDirect()).isTrue();
        assertThat(Int4Quantizer.byRow(values).values().isDirect()).isTrue();
        assertThat(Int4Quantizer.byRow(values).scales().isDirect()).isTrue();
    }
}
