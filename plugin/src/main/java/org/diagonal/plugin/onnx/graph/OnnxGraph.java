package org.diagonal.plugin.onnx.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * An ONNX graph under construction: operators, small constants, inputs and outputs. Weights are
 * only named here; {@link OnnxFile} writes them.
 *
 * <p>A value is known by its name. Names tell where in the network a value belongs, by the scope
 * that is set while its operator is added.
 */
public final class OnnxGraph {

    public static final int FLOAT = TensorProto.DataType.FLOAT_VALUE;
    static final int INT64 = TensorProto.DataType.INT64_VALUE;
    static final int BOOL = TensorProto.DataType.BOOL_VALUE;

    private final GraphProto.Builder graph = GraphProto.newBuilder();
    private final List<Weight> weights = new ArrayList<>();
    private final Map<String, Integer> counts = new HashMap<>();
    private final Map<String, String> constants = new HashMap<>();
    private final Set<String> domains = new TreeSet<>(); // besides ONNX's own
    private String scope = "";

    OnnxGraph(String name) {
        graph.setName(name);
    }

    /** Where the operators that follow belong. */
    void scope(String path) {
        scope = path;
    }

    /** The graph without its weights. */
    GraphProto.Builder graph() {
        return graph;
    }

    /** The weights in the order in which they were named. */
    public List<Weight> weights() {
        return Collections.unmodifiableList(weights);
    }

    /** The domains of operators that are not ONNX's own. */
    Set<String> domains() {
        return Collections.unmodifiableSet(domains);
    }

    /** Adds a weight. */
    String weight(Weight weight) {
        weights.add(weight);
        return weight.name();
    }

    /**
     * Declares an input.
     *
     * @param dimensions numbers, or names of what is free
     */
    String input(String name, int type, String... dimensions) {
        graph.addInput(info(name, type, dimensions));
        return name;
    }

    /** Declares an output, which an operator must give. */
    void output(String name, int type, String... dimensions) {
        graph.addOutput(info(name, type, dimensions));
    }

    private static ValueInfoProto info(String name, int type, String... dimensions) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (String dimension : dimensions) {
            if (dimension.matches("[0-9]+")) {
                shape.addDimBuilder().setDimValue(Long.parseLong(dimension));
            } else {
                shape.addDimBuilder().setDimParam(dimension);
            }
        }
        TypeProto.Tensor tensor =
                TypeProto.Tensor.newBuilder().setElemType(type).setShape(shape).build();
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder().setTensorType(tensor))
                .build();
    }

    /** A vector of int64. */
    String vector(long... values) {
        return constant(
                "vector" + java.util.Arrays.toString(values),
                tensor -> {
                    tensor.setDataType(INT64).addDims(values.length);
                    for (long value : values) {
                        tensor.addInt64Data(value);
                    }
                });
    }

    /** A number of int64. */
    String integer(long value) {
        return constant("integer" + value, tensor -> tensor.setDataType(INT64).addInt64Data(value));
    }

    /** A number of float32. */
    String number(float value) {
        return constant("number" + value, tensor -> tensor.setDataType(FLOAT).addFloatData(value));
    }

    /** A number of uint8. */
    String byteNumber(int value) {
        return constant(
                "byte" + value,
                tensor ->
                        tensor.setDataType(Weight.UINT8)
                                .setRawData(ByteString.copyFrom(new byte[] {(byte) value})));
    }

    private String constant(String key, Consumer<TensorProto.Builder> content) {
        return constants.computeIfAbsent(
                key,
                unused -> {
                    String name = "constant_" + constants.size();
                    content.accept(graph.addInitializerBuilder().setName(name));
                    return name;
                });
    }

    /** An operator of ONNX's own domain, added once its inputs are given. */
    Node op(String type) {
        return new Node(type);
    }

    /** An operator of another domain. */
    Node op(String type, String domain) {
        domains.add(domain);
        Node node = new Node(type);
        node.node.setDomain(domain);
        return node;
    }

    private String unique(String type) {
        String base = scope + "/" + type;
        int before = counts.merge(base, 1, Integer::sum) - 1;
        return before == 0 ? base : base + "_" + before;
    }

    /** An operator with the attributes that it has so far. */
    final class Node {

        private final NodeProto.Builder node = NodeProto.newBuilder();

        private Node(String type) {
            node.setOpType(type).setName(unique(type));
        }

        private Node with(String name, AttributeType type, Consumer<AttributeProto.Builder> set) {
            set.accept(node.addAttributeBuilder().setName(name).setType(type));
            return this;
        }

        Node with(String name, long value) {
            return with(name, AttributeType.INT, attribute -> attribute.setI(value));
        }

        Node with(String name, float value) {
            return with(name, AttributeType.FLOAT, attribute -> attribute.setF(value));
        }

        Node with(String name, String value) {
            return with(
                    name,
                    AttributeType.STRING,
                    attribute -> attribute.setS(ByteString.copyFromUtf8(value)));
        }

        Node with(String name, List<Long> values) {
            return with(name, AttributeType.INTS, attribute -> attribute.addAllInts(values));
        }

        /** Adds the operator; its only output has its name. */
        String of(String... inputs) {
            return as(node.getName() + "_output", inputs);
        }

        /** Adds the operator under the name of its only output. */
        String as(String output, String... inputs) {
            graph.addNode(node.addAllInput(List.of(inputs)).addOutput(output));
            return output;
        }

        /** Adds the operator with several outputs. */
        List<String> several(int outputs, String... inputs) {
            for (int i = 0; i < outputs; i++) {
                node.addOutput(node.getName() + "_output_" + i);
            }
            graph.addNode(node.addAllInput(List.of(inputs)));
            return List.copyOf(node.getOutputList());
        }
    }
}
