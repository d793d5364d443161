package org.diagonal.plugin.onnx.run;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.diagonal.plugin.files.TextFile;
import org.diagonal.plugin.onnx.graph.OnnxFile;

/**
 * Checks that a file is whole: every value is given once and before it is used, every weight has
 * the bytes of its shape, in the file or in the one beside it. Weights are not read.
 */
public final class StructureCheck {

    private static final int HEAD = 512;

    private final Path file;
    private final Set<String> values = new HashSet<>();
    private final Map<String, Long> ends = new HashMap<>(); // of weights in each file beside

    private StructureCheck(Path file) {
        this.file = file;
    }

    /**
     * Checks a file.
     *
     * @throws NoSuchFileException if weights are to lie in a file that is not there
     * @throws FileSystemException if something is wrong; the message is one line
     */
    public static void check(Path file) throws IOException {
        new StructureCheck(file).check(read(file));
    }

    /** Reads a file without copying its weights. */
    public static ModelProto read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            if (channel.size() > Integer.MAX_VALUE) {
                throw fault(
                        file,
                        "has %d bytes, and an ONNX file less than 2 GB".formatted(channel.size()));
            }
            ByteBuffer head = ByteBuffer.allocate(HEAD);
            channel.read(head, 0);
            TextFile.requireGenuine(file, head.array());
            CodedInputStream in =
                    UnsafeByteOperations.unsafeWrap(
                                    channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()))
                            .newCodedInput();
            in.enableAliasing(true);
            return ModelProto.parseFrom(in);
        } catch (InvalidProtocolBufferException e) {
            throw fault(file, "is damaged, or no ONNX model: %s".formatted(e.getMessage()));
        }
    }

    private static FileSystemException fault(Path file, String what) {
        String words = what.strip().lines().findFirst().orElse("");
        return new FileSystemException(file.toString(), null, words);
    }

    private void check(ModelProto model) throws IOException {
        if (!model.hasGraph() || model.getOpsetImportCount() == 0) {
            throw fault(file, "is damaged, or no ONNX model: it has no graph");
        }
        GraphProto graph = model.getGraph();
        for (ValueInfoProto input : graph.getInputList()) {
            give(input.getName());
        }
        for (TensorProto weight : graph.getInitializerList()) {
            give(weight.getName());
            check(weight);
        }
        for (NodeProto node : graph.getNodeList()) {
            for (String input : node.getInputList()) {
                if (!input.isEmpty() && !values.contains(input)) {
                    throw fault(
                            file,
                            "operator %s uses %s before it is there"
                                    .formatted(node.getName(), input));
                }
            }
            for (String output : node.getOutputList()) {
                give(output);
            }
        }
        for (ValueInfoProto output : graph.getOutputList()) {
            if (!values.contains(output.getName())) {
                throw fault(file, "no operator gives the output %s".formatted(output.getName()));
            }
        }
    }

    private void give(String value) throws IOException {
        if (!values.add(value)) {
            throw fault(file, "the value %s is there twice".formatted(value));
        }
    }

    private void check(TensorProto weight) throws IOException {
        if (weight.getDimsList().stream().anyMatch(dimension -> dimension < 0)) {
            throw fault(
                    file,
                    "weight %s has shape %s".formatted(weight.getName(), weight.getDimsList()));
        }
        try {
            checkSize(weight);
        } catch (ArithmeticException e) {
            throw fault(
                    file,
                    "weight %s is too large: %s".formatted(weight.getName(), weight.getDimsList()));
        }
    }

    private void checkSize(TensorProto weight) throws IOException {
        long size = weight.getDimsList().stream().reduce(1L, Math::multiplyExact);
        long bytes = Math.multiplyExact(size, elementBytes(weight));
        if (weight.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
            checkExternal(weight, bytes);
        } else if (weight.hasRawData()) {
            requireBytes(weight.getName(), bytes, weight.getRawData().size());
        } else if (size
                != weight.getFloatDataCount()
                        + weight.getInt64DataCount()
                        + weight.getInt32DataCount()) {
            throw fault(file, "weight %s has no data".formatted(weight.getName()));
        }
    }

    private long elementBytes(TensorProto weight) throws IOException {
        return switch (weight.getDataType()) {
            case TensorProto.DataType.FLOAT_VALUE, TensorProto.DataType.INT32_VALUE -> 4;
            case TensorProto.DataType.FLOAT16_VALUE -> 2;
            case TensorProto.DataType.INT64_VALUE -> 8;
            case TensorProto.DataType.INT8_VALUE,
                    TensorProto.DataType.UINT8_VALUE,
                    TensorProto.DataType.BOOL_VALUE ->
                    1;
            default ->
                    throw fault(
                            file,
                            "weight %s has type %d, expected float, float16, int64, int32, int8, uint8 or bool"
                                    .formatted(weight.getName(), weight.getDataType()));
        };
    }

    private void requireBytes(String weight, long expected, long found) throws IOException {
        if (expected != found) {
            throw fault(
                    file, "weight %s has %d bytes, expected %d".formatted(weight, found, expected));
        }
    }

    private void checkExternal(TensorProto weight, long bytes) throws IOException {
        Map<String, String> where =
                weight.getExternalDataList().stream()
                        .collect(
                                Collectors.toMap(
                                        StringStringEntryProto::getKey,
                                        StringStringEntryProto::getValue,
                                        (one, two) -> two));
        String name = where.getOrDefault("location", "");
        if (!name.matches("[\\w-][\\w.-]*")) {
            throw fault(
                    file,
                    "weight %s: expected the name of a file beside it, found %s"
                            .formatted(weight.getName(), name));
        }
        Path data = file.resolveSibling(name);
        if (!Files.isRegularFile(data)) {
            throw new NoSuchFileException(
                    data.toString(),
                    null,
                    "is missing, but %s has its weights there".formatted(file.getFileName()));
        }
        long offset = number(weight, where.get("offset"));
        requireBytes(weight.getName(), bytes, number(weight, where.get("length")));
        long end = ends.getOrDefault(name, 0L);
        if (offset < end || offset % OnnxFile.ALIGNMENT != 0) {
            throw fault(
                    file,
                    "weight %s begins at %d of %s, expected a multiple of %d from %d on"
                            .formatted(weight.getName(), offset, name, OnnxFile.ALIGNMENT, end));
        }
        if (offset + bytes > Files.size(data)) {
            throw fault(
                    data,
                    "has %d bytes, expected at least %d, where weight %s ends"
                            .formatted(Files.size(data), offset + bytes, weight.getName()));
        }
        ends.put(name, offset + bytes);
    }

    private long number(TensorProto weight, String digits) throws IOException {
        if (digits == null || !digits.matches("[0-9]{1,18}")) {
            throw fault(file, "weight %s: expected offset and length".formatted(weight.getName()));
        }
        return Long.parseLong(digits);
    }
}
