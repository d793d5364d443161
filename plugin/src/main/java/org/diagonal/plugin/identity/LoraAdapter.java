package org.diagonal.plugin.identity;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.diagonal.plugin.checkpoint.SafetensorsFile;
import org.diagonal.plugin.checkpoint.SafetensorsWriter;
import org.diagonal.plugin.checkpoint.TensorType;
import org.diagonal.plugin.files.AtomicFiles;

/**
 * LoRA (Hu et al. 2021) as PEFT keeps it: of each matrix {@code lora_A} (R, in) and {@code lora_B}
 * (out, R), which add scale times B A to what the matrix computes.
 *
 * @param baseModel where the base came from, as the file says
 * @param baseSha256 the base weights' hash, where a training of ours wrote the file
 * @param rank R
 * @param alpha α; the scale is α/R, or α/√R
 * @param rankStabilized whether it is the latter
 */
public record LoraAdapter(
        String baseModel,
        Optional<String> baseSha256,
        int rank,
        double alpha,
        boolean rankStabilized)
        implements Adapter {

    static final String TYPE = "LORA";

    private static final String PREFIX = "base_model.model.";
    private static final String BASE_SHA256 = "base_model_sha256";

    /** What else PEFT writes that says nothing of what the tensors do, or is checked here. */
    private static final Set<String> HARMLESS =
            Set.of(
                    "alpha_pattern",
                    "auto_mapping",
                    "base_model_name_or_path",
                    BASE_SHA256,
                    "bias",
                    "eva_config",
                    "exclude_modules",
                    "fan_in_fan_out",
                    "inference_mode",
                    "init_lora_weights",
                    "layers_pattern",
                    "layers_to_transform",
                    "library_name",
                    "loftq_config",
                    "lora_alpha",
                    "lora_dropout",
                    "megatron_config",
                    "megatron_core",
                    "peft_type",
                    "peft_version",
                    "qalora_group_size",
                    "r",
                    "rank_pattern",
                    "revision",
                    "runtime_config",
                    "target_modules",
                    "task_type",
                    "use_rslora");

    /** Ways to draw A and B that leave the base as it is. */
    private static final Set<String> PLAIN_STARTS =
            Set.of("true", "false", "null", "gaussian", "eva", "orthogonal");

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /** Refuses a rank below 1, and an α that is not finite. */
    public LoraAdapter {
        if (rank < 1 || !Double.isFinite(alpha)) {
            throw new IllegalArgumentException(
                    "r must be at least 1 and lora_alpha finite: r=%d, lora_alpha=%s"
                            .formatted(rank, alpha));
        }
    }

    /** The adapter that a training of {@link Control.Lora} makes: a scale of 1. */
    public static LoraAdapter trained(String baseModel, String baseSha256, int rank) {
        return new LoraAdapter(baseModel, Optional.of(baseSha256), rank, rank, false);
    }

    static LoraAdapter of(Path folder, JsonNode node) throws IOException {
        Path file = folder.resolve(CONFIG);
        requirePlain(file, node);
        JsonNode rank = node.path("r");
        JsonNode alpha = node.path("lora_alpha");
        if (!rank.isInt() || !alpha.isNumber()) {
            throw new FileSystemException(
                    file.toString(),
                    null,
                    "r must be a whole number and lora_alpha a number: r=%s, lora_alpha=%s"
                            .formatted(rank, alpha));
        }
        Path weights = folder.resolve(WEIGHTS);
        Optional<String> sha256 =
                Files.exists(weights)
                        ? Optional.ofNullable(
                                SafetensorsFile.open(weights).metadata().get(BASE_SHA256))
                        : Optional.empty();
        try {
            return new LoraAdapter(
                    node.path("base_model_name_or_path").asText(""),
                    sha256,
                    rank.intValue(),
                    alpha.doubleValue(),
                    node.path("use_rslora").asBoolean(false));
        } catch (IllegalArgumentException e) {
            throw new FileSystemException(file.toString(), null, e.getMessage());
        }
    }

    /** What PEFT can do beside this would be dropped without a word. */
    private static void requirePlain(Path file, JsonNode node) throws IOException {
        for (String key : List.of("use_dora", "lora_bias")) {
            if (node.path(key).asBoolean(false)) {
                throw unsupported(file, key, node.path(key));
            }
        }
        for (String key :
                List.of(
                        "modules_to_save",
                        "rank_pattern",
                        "alpha_pattern",
                        "trainable_token_indices")) {
            if (node.path(key).size() > 0) {
                throw unsupported(file, key, node.path(key));
            }
        }
        if (!node.path("bias").asText("none").equals("none")) {
            throw unsupported(file, "bias", node.path("bias"));
        }
        JsonNode initial = node.path("init_lora_weights");
        if (!initial.isMissingNode() && !PLAIN_STARTS.contains(initial.asText())) {
            throw unsupported(file, "init_lora_weights", initial); // it changes the base
        }
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            if (!HARMLESS.contains(entry.getKey()) && isGiven(entry.getValue())) {
                throw unsupported(file, entry.getKey(), entry.getValue());
            }
        }
    }

    private static boolean isGiven(JsonNode value) {
        return value.isContainerNode()
                ? !value.isEmpty()
                : !value.isNull() && !value.asText().isEmpty() && !value.asText().equals("false");
    }

    private static IOException unsupported(Path file, String key, JsonNode value) {
        return new FileSystemException(
                file.toString(), null, "%s is not supported: %s".formatted(key, value));
    }

    /** The factor of B A. */
    public double scale() {
        return alpha / (rankStabilized ? Math.sqrt(rank) : rank);
    }

    /**
     * The matrices that a file changes, by the names of GPT-2's modules such as {@code
     * transformer.h.0.attn.c_attn}, with the names of their two tensors.
     *
     * @throws FileSystemException if a tensor is none of these, or has no partner
     */
    public static Map<String, Pair> pairs(SafetensorsFile file) throws FileSystemException {
        Map<String, String> left = new LinkedHashMap<>();
        Map<String, String> right = new LinkedHashMap<>();
        for (Map.Entry<String, String> other : file.otherTypes().entrySet()) {
            throw new FileSystemException(
                    file.path().toString(),
                    null,
                    "tensor %s has type %s, expected F32, F16 or BF16"
                            .formatted(other.getKey(), other.getValue()));
        }
        if (file.tensors().isEmpty()) {
            throw new FileSystemException(
                    file.path().toString(), null, "holds no tensors; expected lora_A and lora_B");
        }
        for (String name : file.tensors().keySet()) {
            String plain = name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
            String module = plain.replaceFirst("\\.lora_[AB](\\.default)?\\.weight$", "");
            if (module.equals(plain)) {
                throw new FileSystemException(
                        file.path().toString(),
                        null,
                        "tensor %s is neither a lora_A nor a lora_B".formatted(name));
            }
            String whole = module.startsWith("transformer.") ? module : "transformer." + module;
            (plain.contains(".lora_A.") ? left : right).put(whole, name);
        }
        Map<String, Pair> pairs = new LinkedHashMap<>();
        for (Map.Entry<String, String> a : left.entrySet()) {
            if (!right.containsKey(a.getKey())) {
                throw alone(file, a.getValue());
            }
            pairs.put(a.getKey(), new Pair(a.getValue(), right.remove(a.getKey())));
        }
        if (!right.isEmpty()) {
            throw alone(file, right.values().iterator().next());
        }
        return pairs;
    }

    private static FileSystemException alone(SafetensorsFile file, String name) {
        return new FileSystemException(
                file.path().toString(), null, "tensor %s has no partner".formatted(name));
    }

    /** The names of a matrix's two tensors: A (R, in) and B (out, R). */
    public record Pair(String a, String b) {}

    @Override
    public void save(Path folder, Map<String, NDArray> arrays) throws IOException {
        List<SafetensorsWriter.Entry> entries = new ArrayList<>();
        arrays.forEach(
                (name, array) ->
                        entries.add(SafetensorsWriter.of(PREFIX + name, array, TensorType.F32)));
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("format", "pt");
        baseSha256.ifPresent(hash -> metadata.put(BASE_SHA256, hash));
        SafetensorsWriter.write(folder.resolve(WEIGHTS), entries, metadata);
        ObjectNode node = JSON.createObjectNode();
        node.put("peft_type", TYPE);
        node.put("task_type", "CAUSAL_LM");
        node.put("base_model_name_or_path", baseModel);
        node.put("r", rank);
        node.put("lora_alpha", alpha);
        node.put("lora_dropout", 0.0);
        node.put("use_rslora", rankStabilized);
        node.putArray("target_modules").add("c_attn");
        node.put("fan_in_fan_out", true);
        node.put("bias", "none");
        node.put("inference_mode", true);
        AtomicFiles.writeString(folder.resolve(CONFIG), JSON.writeValueAsString(node));
    }
}
