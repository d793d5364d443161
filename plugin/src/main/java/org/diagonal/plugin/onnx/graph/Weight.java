package org.diagonal.plugin.onnx.graph;

import ai.onnx.proto.OnnxMl.TensorProto;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Supplier;
import org.diagonal.plugin.checkpoint.SafetensorsWriter;
import org.diagonal.plugin.checkpoint.TensorType;

/**
 * A weight of a graph.
 *
 * @param name of the value
 * @param type of an element, ONNX's number
 * @param shape the sizes of its dimensions
 * @param data asked for once, when the weight is written: little-endian bytes outside the Java
 *     heap, as many as type and shape take
 */
public record Weight(String name, int type, List<Long> shape, Supplier<ByteBuffer> data) {

    public static final int FLOAT = TensorProto.DataType.FLOAT_VALUE;
    static final int FLOAT16 = TensorProto.DataType.FLOAT16_VALUE;
    static final int INT8 = TensorProto.DataType.INT8_VALUE;
    static final int UINT8 = TensorProto.DataType.UINT8_VALUE;

    /** Copies the shape. */
    public Weight {
        shape = List.copyOf(shape);
    }

    /** A tensor of floats as a checkpoint would store it. */
    static Weight of(SafetensorsWriter.Entry entry) {
        int type = entry.type() == TensorType.F16 ? FLOAT16 : FLOAT;
        return new Weight(entry.name(), type, entry.shape(), entry.data());
    }

    /** The bytes that it takes. */
    long bytes() {
        return shape.stream().reduce(elementBytes(type), Math::multiplyExact);
    }

    private static long elementBytes(int type) {
        return switch (type) {
            case TensorProto.DataType.FLOAT_VALUE -> Float.BYTES;
            case TensorProto.DataType.FLOAT16_VALUE -> Short.BYTES;
            case TensorProto.DataType.INT8_VALUE, TensorProto.DataType.UINT8_VALUE -> Byte.BYTES;
            default -> throw new IllegalArgumentException("type of a weight: " + type);
        };
    }
}
