package org.diagonal.eval.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.diagonal.plugin.identity.Arm;
import org.diagonal.plugin.onnx.graph.Dtype;

/**
 * The speed of exporting, decoding and evaluating with ONNX Runtime.
 *
 * @param subject what was exported
 * @param past positions in the cache when a token is decoded, and tokens of a prompt
 * @param context tokens in an evaluated window
 * @param rows one for each form of each arm, an arm's together
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
     * Evaluations of a whole context.
     *
     * @param onnxSeconds of every window in ONNX Runtime
     * @param djlSeconds the same in DJL
     */
    public record Windows(List<Double> onnxSeconds, List<Double> djlSeconds) {

        /** Copies the lists. */
        public Windows {
            onnxSeconds = List.copyOf(onnxSeconds);
            djlSeconds = List.copyOf(djlSeconds);
        }

        /** The median window in ONNX Runtime, seconds. */
        public double onnx() {
            return BenchResult.median(onnxSeconds);
        }

        /** The median window in DJL, seconds. */
        public double djl() {
            return BenchResult.median(djlSeconds);
        }
    }

    /**
     * One form of one arm.
     *
     * @param arm {@code none}, {@code qk}, {@code ov} or {@code both}
     * @param dtype the form
     * @param tokenSeconds of every decoded token
     * @param promptSeconds of every prompt that was read at once
     * @param windows evaluations, of the arm's first form
     * @param writeSeconds of the form until it was written
     * @param verifySeconds of its check and the comparison with DJL
     * @param bytes of the file
     * @param parameters of the network, the tied head counted once
     * @param peakHeap most of the Java heap in use during the export of the arm, garbage counted,
     *     bytes
     * @param difference the largest of a logit from DJL's
     */
    public record Row(
            Arm arm,
            Dtype dtype,
            List<Double> tokenSeconds,
            List<Double> promptSeconds,
            Optional<Windows> windows,
            double writeSeconds,
            double verifySeconds,
            long bytes,
            long parameters,
            long peakHeap,
            double difference) {

        /** Copies the lists. */
        public Row {
            tokenSeconds = List.copyOf(tokenSeconds);
            promptSeconds = List.copyOf(promptSeconds);
        }

        /** The median token, seconds. */
        public double token() {
            return BenchResult.median(tokenSeconds);
        }

        /** The median prompt, seconds. */
        public double prompt() {
            return BenchResult.median(promptSeconds);
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

    /** A row's median token by that of the first arm in the same form. */
    public double armRatio(Row row) {
        return row.token() / first(other -> other.dtype == row.dtype).token();
    }

    /** A row's median token by that of the same arm's first form. */
    public double formRatio(Row row) {
        return row.token() / first(other -> other.arm.equals(row.arm)).token();
    }

    /** A row's bytes by those of the same arm's first form. */
    public double sizeRatio(Row row) {
        return (double) row.bytes / first(other -> other.arm.equals(row.arm)).bytes;
    }

    private Row first(Predicate<Row> chosen) {
        return rows.stream().filter(chosen).findFirst().orElseThrow();
    }

    /** Tokens of a prompt that are read in a second. */
    public double promptSpeed(Row row) {
        return past / row.prompt();
    }

    /** The text of the result's file. */
    public String json() {
        ObjectNode node = JSON.createObjectNode();
        node.put("version", 2);
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
        node.put("dtype", row.dtype().word());
        node.put("token_seconds", row.token());
        node.put("token_ratio", armRatio(row));
        node.put("token_ratio_of_forms", formRatio(row));
        node.put("prompt_seconds", row.prompt());
        node.put("prompt_tokens_per_second", promptSpeed(row));
        row.windows().ifPresent(windows -> write(windows, node));
        node.put("export_write_seconds", row.writeSeconds());
        node.put("export_verify_seconds", row.verifySeconds());
        node.put("file_bytes", row.bytes());
        node.put("parameters", row.parameters());
        node.put("file_ratio", row.fileRatio());
        node.put("file_ratio_of_forms", sizeRatio(row));
        node.put("export_peak_heap_bytes", row.peakHeap());
        node.put("largest_difference", row.difference());
        row.tokenSeconds().forEach(node.putArray("all_token_seconds")::add);
        row.promptSeconds().forEach(node.putArray("all_prompt_seconds")::add);
        return node;
    }

    private static void write(Windows windows, ObjectNode node) {
        node.put("onnx_window_seconds", windows.onnx());
        node.put("djl_window_seconds", windows.djl());
        node.put("window_ratio", windows.onnx() / windows.djl());
        windows.onnxSeconds().forEach(node.putArray("all_onnx_window_seconds")::add);
        windows.djlSeconds().forEach(node.putArray("all_djl_window_seconds")::add);
    }
}
