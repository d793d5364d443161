package org.diagonal.plugin.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.diagonal.plugin.checkpoint.SafetensorsWriter;
import org.diagonal.plugin.checkpoint.TensorType;

/** Writes a graph and its weights, which go from native memory to the file. */
final class OnnxFile {

    /** What weights beside a file begin at multiples of: the size of a page, for mapping them. */
    static final int ALIGNMENT = 4096;

    /** Smaller weights stay in the file, where every reader has them at hand. */
    static final int SMALLEST_EXTERNAL = 1024;

    /** A message may have 2^31 − 1 bytes; everything but the weights has far less than the rest. */
    private static final long LARGEST_INLINE = Integer.MAX_VALUE - (64L << 20);

    private static final int BUFFER = 1 << 20;

    private OnnxFile() {}

    /** The bytes that weights take, wherever they lie. */
    static long size(List<SafetensorsWriter.Entry> weights) {
        return weights.stream().mapToLong(OnnxFile::size).sum();
    }

    private static long size(SafetensorsWriter.Entry weight) {
        return weight.shape().stream().reduce((long) weight.type().bytes(), Math::multiplyExact);
    }

    /**
     * Whether weights go beside the file.
     *
     * @throws IllegalArgumentException if they are to be in the file and are too large for that
     */
    static boolean isExternal(
            List<SafetensorsWriter.Entry> weights, ExportSettings.ExternalData choice) {
        boolean fits = size(weights) <= LARGEST_INLINE;
        return switch (choice) {
            case AUTO -> !fits;
            case ALWAYS -> true;
            case NEVER -> {
                if (!fits) {
                    throw new IllegalArgumentException(
                            "an ONNX file has less than 2 GB, and the weights have %d bytes:"
                                            .formatted(size(weights))
                                    + " they need external data");
                }
                yield false;
            }
        };
    }

    /** The file that takes a model's weights where they lie beside it. */
    static Path dataOf(Path file) {
        return file.resolveSibling(file.getFileName() + "_data");
    }

    /**
     * Writes a model.
     *
     * @param file does not exist yet
     * @param metadata what the file says of itself
     * @param version the program's
     * @throws IllegalArgumentException if a value is beyond the range of half precision
     */
    static void write(
            Path file,
            OnnxGraph graph,
            ExportSettings settings,
            Map<String, String> metadata,
            String version)
            throws IOException {
        ModelProto.Builder model =
                ModelProto.newBuilder()
                        .setIrVersion(settings.irVersion())
                        .setProducerName("Diagonal")
                        .setProducerVersion(version)
                        .addOpsetImport(
                                OperatorSetIdProto.newBuilder()
                                        .setDomain("")
                                        .setVersion(settings.opset()))
                        .setGraph(graph.graph());
        metadata.forEach((key, value) -> model.addMetadataProps(entry(key, value)));
        if (isExternal(graph.weights(), settings.externalData())) {
            writeData(dataOf(file), graph.weights(), model);
        } else {
            for (SafetensorsWriter.Entry weight : graph.weights()) {
                model.getGraphBuilder()
                        .addInitializer(
                                tensor(weight)
                                        .setRawData(
                                                UnsafeByteOperations.unsafeWrap(
                                                        weight.data().get())));
            }
        }
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW)) {
            CodedOutputStream coded = CodedOutputStream.newInstance(out, BUFFER);
            model.build().writeTo(coded);
            coded.flush();
        }
    }

    private static void writeData(
            Path data, List<SafetensorsWriter.Entry> weights, ModelProto.Builder model)
            throws IOException {
        try (FileChannel channel =
                FileChannel.open(data, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            long end = 0;
            for (SafetensorsWriter.Entry weight : weights) {
                TensorProto.Builder tensor = tensor(weight);
                ByteBuffer bytes = weight.data().get().duplicate();
                if (bytes.remaining() < SMALLEST_EXTERNAL) {
                    tensor.setRawData(UnsafeByteOperations.unsafeWrap(bytes));
                } else {
                    long offset = (end + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
                    end = offset + bytes.remaining();
                    tensor.setDataLocation(TensorProto.DataLocation.EXTERNAL)
                            .addExternalData(entry("location", data.getFileName().toString()))
                            .addExternalData(entry("offset", Long.toString(offset)))
                            .addExternalData(entry("length", Long.toString(bytes.remaining())));
                    long at = offset;
                    while (bytes.hasRemaining()) {
                        at += channel.write(bytes, at);
                    }
                }
                model.getGraphBuilder().addInitializer(tensor);
            }
        }
    }

    private static TensorProto.Builder tensor(SafetensorsWriter.Entry weight) {
        int type =
                weight.type() == TensorType.F16
                        ? TensorProto.DataType.FLOAT16_VALUE
                        : TensorProto.DataType.FLOAT_VALUE;
        return TensorProto.newBuilder()
                .setName(weight.name())
                .setDataType(type)
                .addAllDims(weight.shape());
    }

    private static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }
}
