package org.diagonal.plugin.onnx.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writes a graph and its weights, which go from native memory to the file. */
public final class OnnxFile {

    /** What weights beside a file begin at multiples of: the size of a page, for mapping them. */
    public static final int ALIGNMENT = 4096;

    /** Smaller weights stay in the file, where every reader has them at hand. */
    static final int SMALLEST_EXTERNAL = 1024;

    /** A message may have 2^31 − 1 bytes; everything but the weights has far less than the rest. */
    private static final long LARGEST_INLINE = Integer.MAX_VALUE - (64L << 20);

    private static final int BUFFER = 1 << 16;

    /** Bytes before a field whose number is below 16. */
    private static final int TAG = 1;

    private OnnxFile() {}

    /** The bytes that weights take, wherever they lie. */
    public static long size(List<Weight> weights) {
        return weights.stream().mapToLong(Weight::bytes).sum();
    }

    /**
     * Whether weights go beside the file.
     *
     * @throws IllegalArgumentException if they are to be in the file and are too large for that
     */
    public static boolean isExternal(List<Weight> weights, ExportSettings.ExternalData choice) {
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
    public static Path dataOf(Path file) {
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
    public static void write(
            Path file,
            OnnxGraph graph,
            ExportSettings settings,
            Map<String, String> metadata,
            String version)
            throws IOException {
        ModelProto.Builder model = ModelProto.newBuilder();
        model.setIrVersion(settings.irVersion());
        model.setProducerName("Diagonal").setProducerVersion(version);
        model.addOpsetImportBuilder().setDomain("").setVersion(settings.opset());
        graph.domains()
                .forEach(name -> model.addOpsetImportBuilder().setDomain(name).setVersion(1));
        metadata.forEach((key, value) -> model.addMetadataProps(entry(key, value)));
        GraphProto.Builder small = graph.graph().clone();
        List<Weight> inside = new ArrayList<>(graph.weights());
        if (isExternal(graph.weights(), settings.externalData())) {
            inside.removeIf(weight -> weight.bytes() >= SMALLEST_EXTERNAL);
            writeData(dataOf(file), graph.weights(), small);
        }
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            write(channel, model.build(), small.build(), inside);
        }
    }

    /** One weight after another, so that no two of them need be in memory. */
    private static void write(
            FileChannel channel, ModelProto model, GraphProto graph, List<Weight> weights)
            throws IOException {
        long size = graph.getSerializedSize();
        for (Weight weight : weights) {
            long tensor = tensorSize(weight);
            size += TAG + CodedOutputStream.computeUInt64SizeNoTag(tensor) + tensor;
        }
        OutputStream out = Channels.newOutputStream(channel);
        CodedOutputStream coded = CodedOutputStream.newInstance(out, BUFFER);
        model.writeTo(coded);
        coded.writeTag(ModelProto.GRAPH_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
        coded.writeUInt64NoTag(size);
        graph.writeTo(coded);
        for (Weight weight : weights) {
            coded.writeTag(
                    GraphProto.INITIALIZER_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
            coded.writeUInt64NoTag(tensorSize(weight));
            tensor(weight).build().writeTo(coded);
            coded.writeTag(TensorProto.RAW_DATA_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
            coded.writeUInt64NoTag(weight.bytes());
            coded.flush();
            ByteBuffer bytes = data(weight);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }
        coded.flush();
    }

    private static long tensorSize(Weight weight) {
        return tensor(weight).build().getSerializedSize()
                + TAG
                + CodedOutputStream.computeUInt64SizeNoTag(weight.bytes())
                + weight.bytes();
    }

    private static ByteBuffer data(Weight weight) {
        ByteBuffer bytes = weight.data().get().duplicate();
        if (bytes.remaining() != weight.bytes()) {
            throw new IllegalStateException(
                    "weight %s must have %d bytes: %d"
                            .formatted(weight.name(), weight.bytes(), bytes.remaining()));
        }
        return bytes;
    }

    /**
     * Adds to what a file says of itself; what the file holds stays where it is, since messages
     * that follow each other are one.
     */
    public static void append(Path file, Map<String, String> metadata) throws IOException {
        ModelProto.Builder more = ModelProto.newBuilder();
        metadata.forEach((key, value) -> more.addMetadataProps(entry(key, value)));
        Files.write(file, more.build().toByteArray(), StandardOpenOption.APPEND);
    }

    /** Writes the larger weights, and names their places in the graph. */
    private static void writeData(Path data, List<Weight> weights, GraphProto.Builder graph)
            throws IOException {
        try (FileChannel channel =
                FileChannel.open(data, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            long end = 0;
            for (Weight weight : weights) {
                if (weight.bytes() < SMALLEST_EXTERNAL) {
                    continue;
                }
                long offset = (end + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
                end = offset + weight.bytes();
                ByteBuffer bytes = data(weight);
                long at = offset;
                while (bytes.hasRemaining()) {
                    at += channel.write(bytes, at);
                }
                graph.addInitializer(
                        tensor(weight)
                                .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                                .addExternalData(entry("location", data.getFileName().toString()))
                                .addExternalData(entry("offset", Long.toString(offset)))
                                .addExternalData(entry("length", Long.toString(weight.bytes()))));
            }
        }
    }

    private static TensorProto.Builder tensor(Weight weight) {
        return TensorProto.newBuilder()
                .setName(weight.name())
                .setDataType(weight.type())
                .addAllDims(weight.shape());
    }

    private static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }
}
