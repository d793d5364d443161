package org.diagonal.eval.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.diagonal.plugin.identity.Arm;

/**
 * The speed of exporting, decoding and evaluating with ONNX Runtime.
 *
 * @param subject what was exported
 * @param past positions in the cache when a token is decoded
 * @param context tokens in an evaluated window
 * @param rows one for each arm
 * @param cpu the processor
 * @param versions what was loaded
 */
public record OnnxBenchResult(
        BenchSubject subject,
        int past,
        int context,
        List<Row> rows,
        String cpu,
        Map<String, String> versions) {

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /**
     * One arm.
     *
     * @param arm the circuits with scalings
     * @param tokenSeconds of every decoded token
     * @param onnxSeconds of every evaluated window in ONNX Runtime
     * @param djlSeconds the same in DJL
     * @param writeSeconds of the export until everything was written
     * @param verifySeconds of the check and the comparison with DJL
     * @param bytes of the file
     * @param parameters of the network, the tied head counted once
     * @param peakHeap most of the Java heap in use during the export, garbage counted, bytes
     * @param difference the largest of a logit from DJL's
     */
    public record Row(
            Arm arm,
            List<Double> tokenSeconds,
            List<Double> onnxSeconds,
            List<Double> djlSeconds,
            double writeSeconds,
            double verifySeconds,
            long bytes,
            long parameters,
            long peakHeap,
            double difference) {

        /** Copies the lists. */
        public Row {
            tokenSeconds = List.copyOf(tokenSeconds);
            onnxSeconds = List.copyOf(onnxSeconds);
            djlSeconds = List.copyOf(djlSeconds);
        }

        /** The median token, seconds. */
        public double token() {
            return BenchResult.median(tokenSeconds);
        }

        /** The median window in ONNX Runtime, seconds. */
        public double onnx() {
            return BenchResult.median(onnxSeconds);
        }

        /** The median window in DJL, seconds. */
        public double djl() {
            return BenchResult.median(djlSeconds);
        }

        /** Bytes of the file by four for each parameter. */
        public double fileRatio() {
            return bytes / (4.0 * parameters);
        }
    }

    /** Copies list and map. */
    public OnnxBenchResult {
        rows = List.copyOf(rows);
        versions = Map.copyOf(versions);
    }

    /** A row's median token by that of the first arm. */
    public double ratio(Row row) {
        return row.token() / rows.get(0).token();
    }

    /** The text of the result's file. */
    public String json() {
        ObjectNode node = JSON.createObjectNode();
        node.put("version", 1);
        node.put("model", subject.model());
        subject.sizes().forEach((name, value) -> node.putPOJO(name, value));
        node.put("past", past);
        node.put("context", context);
        ArrayNode list = node.putArray("configurations");
        rows.forEach(row -> list.add(json(row)));
        node.put("cpu", cpu);
        node.set("versions", JSON.valueToTree(new TreeMap<>(versions)));
        try {
            return JSON.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private ObjectNode json(Row row) {
        ObjectNode node = JSON.createObjectNode();
        node.put("scalings", row.arm().toString());
        node.put("token_seconds", row.token());
        node.put("token_ratio", ratio(row));
        node.put("onnx_window_seconds", row.onnx());
        node.put("djl_window_seconds", row.djl());
        node.put("window_ratio", row.onnx() / row.djl());
        node.put("export_write_seconds", row.writeSeconds());
        node.put("export_verify_seconds", row.verifySeconds());
        node.put("file_bytes", row.bytes());
        node.put("parameters", row.parameters());
        node.put("file_ratio", row.fileRatio());
        node.put("export_peak_heap_bytes", row.peakHeap());
        node.put("largest_difference", row.difference());
        row.tokenSeconds().forEach(node.putArray("all_token_seconds")::add);
        row.onnxSeconds().forEach(node.putArray("all_onnx_window_seconds")::add);
        row.djlSeconds().forEach(node.putArray("all_djl_window_seconds")::add);
        return node;
    }
}
