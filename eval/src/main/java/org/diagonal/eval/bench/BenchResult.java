package org.diagonal.eval.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.diagonal.plugin.kernels.Precision;

/**
 * The speed of training steps, and of what it was measured on.
 *
 * @param subject what was trained
 * @param batchSize blocks in a step
 * @param steps measured steps
 * @param rows one for each block size and arm, the arms of a block size together
 * @param precision of the operands of products in the steps
 * @param rates what products reach in this process
 * @param peakIsOwn whether a row's peak memory is its own, or that of the process so far
 * @param cpu the processor
 * @param versions what was loaded
 */
public record BenchResult(
        BenchSubject subject,
        int batchSize,
        int steps,
        List<Row> rows,
        Precision precision,
        ProductRates rates,
        boolean peakIsOwn,
        String cpu,
        Map<String, String> versions) {

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /**
     * One configuration.
     *
     * @param arm {@code none}, {@code qk}, {@code ov} or {@code both}
     * @param blockSize tokens in a block
     * @param stepSeconds of every measured step
     * @param optimizerSeconds of these, the gradients' norm, clipping and AdamW
     * @param flops useful operations of a step, {@link StepFlops}
     * @param gemmRates operations a second of the engine's matrix product, before the first step
     *     and after each: one more than steps, since the machine's speed drifts
     * @param peakResident most memory of the process, bytes; empty where the system does not tell
     */
    public record Row(
            String arm,
            int blockSize,
            List<Double> stepSeconds,
            List<Double> optimizerSeconds,
            double flops,
            List<Double> gemmRates,
            OptionalLong peakResident) {

        /** Copies the lists. */
        public Row {
            stepSeconds = List.copyOf(stepSeconds);
            optimizerSeconds = List.copyOf(optimizerSeconds);
            gemmRates = List.copyOf(gemmRates);
            if (gemmRates.size() != stepSeconds.size() + 1) {
                throw new IllegalArgumentException(
                        "a rate of products belongs before and after each step: steps=%d, rates=%d"
                                .formatted(stepSeconds.size(), gemmRates.size()));
            }
        }

        /** The median step, seconds. */
        public double seconds() {
            return median(stepSeconds);
        }

        /** The median of norm, clipping and AdamW, seconds. */
        public double optimizer() {
            return median(optimizerSeconds);
        }

        /** Useful operations a second of the median step. */
        public double rate() {
            return flops / seconds();
        }

        /** The median rate of matrix products, operations a second. */
        public double gemmRate() {
            return median(gemmRates);
        }

        /** The median over steps of the step's rate by that of the products around it. */
        public double gemmFraction() {
            List<Double> fractions = new ArrayList<>();
            for (int i = 0; i < stepSeconds.size(); i++) {
                double around = (gemmRates.get(i) + gemmRates.get(i + 1)) / 2;
                fractions.add(flops / stepSeconds.get(i) / around);
            }
            return median(fractions);
        }
    }

    /** Copies list and map. */
    public BenchResult {
        rows = List.copyOf(rows);
        versions = Map.copyOf(versions);
    }

    /** The middle value, or the mean of the two in the middle. */
    static double median(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return Arrays.stream(sorted, (sorted.length - 1) / 2, sorted.length / 2 + 1)
                .average()
                .orElseThrow();
    }

    /** A row's median step by that of the first arm with the same block size. */
    public double ratio(Row row) {
        Row first =
                rows.stream()
                        .filter(other -> other.blockSize() == row.blockSize())
                        .findFirst()
                        .orElseThrow();
        return row.seconds() / first.seconds();
    }

    /** Tokens, or samples, a second of a row's median step. */
    public double perSecond(Row row) {
        int each = subject.unit().equals("tokens") ? row.blockSize() : 1;
        return batchSize * (double) each / row.seconds();
    }

    /** The matrix product that steps are measured against. */
    public String product() {
        return (precision == Precision.F32 ? "float32 " : "bfloat16 ") + GemmRate.PRODUCT;
    }

    /** The text of the result's file. */
    public String json() {
        ObjectNode node = JSON.createObjectNode();
        node.put("version", 1);
        node.put("model", subject.model());
        subject.sizes().forEach((name, value) -> node.putPOJO(name, value));
        node.put("flops", subject.flops());
        node.put("precision", precision.toString());
        rates.write(node);
        node.put("gemm", product());
        node.put("batch_size", batchSize);
        node.put("steps", steps);
        ArrayNode list = node.putArray("configurations");
        rows.forEach(row -> list.add(json(row)));
        node.put("peak_resident_of", peakIsOwn ? "configuration" : "process so far");
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
        node.put("scalings", row.arm());
        node.put("batch_size", batchSize);
        node.put("block_size", row.blockSize());
        node.put("step_seconds", row.seconds());
        node.put("ratio", ratio(row));
        node.put(subject.unit() + "_per_second", perSecond(row));
        node.put("flops_per_step", row.flops());
        node.put("gflops_per_second", row.rate() / 1e9);
        node.put("gemm_gflops_per_second", row.gemmRate() / 1e9);
        node.put("gemm_fraction", row.gemmFraction());
        node.put("optimizer_seconds", row.optimizer());
        row.peakResident().ifPresent(bytes -> node.put("peak_resident_bytes", bytes));
        ArrayNode all = node.putArray("all_step_seconds");
        row.stepSeconds().forEach(all::add);
        ArrayNode products = node.putArray("all_gemm_gflops_per_second");
        row.gemmRates().forEach(rate -> products.add(rate / 1e9));
        return node;
    }
}
