package org.diagonal.plugin.onnx;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.diagonal.plugin.files.JsonFile;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.identity.Circuit;
import org.diagonal.plugin.identity.IdentityScalings;
import org.diagonal.plugin.onnx.graph.CacheLayout;
import org.diagonal.plugin.onnx.graph.ScalingValues;

/**
 * The {@code config.json} of an exported folder. Clients read from it the layers of the cache as
 * {@code n_layer}; what the network really is stands in an object of its own.
 */
public final class ExportedConfig {

    private static final String TRUTH = "identity_scalings";
    private static final String EOS = "eos_token_id";
    private static final String LAYERS = "n_layer";

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private ExportedConfig() {}

    /**
     * The configuration of the network that a folder was exported from.
     *
     * @throws IOException if there is no {@code config.json}, or it is not one of a GPT-2
     */
    public static Gpt2Config read(Path folder) throws IOException {
        Gpt2Config seen = Gpt2Config.read(folder); // says what is wrong with it
        JsonNode root = JsonFile.read(folder.resolve("config.json"));
        JsonNode truth = root.path(TRUTH);
        if (!truth.isObject()) {
            return seen;
        }
        ObjectNode config = (ObjectNode) root;
        config.remove(TRUTH);
        for (Circuit circuit : Circuit.values()) {
            ((ObjectNode) truth).remove(key(circuit));
        }
        config.setAll((ObjectNode) truth);
        try {
            return Gpt2Config.parse(config.toString());
        } catch (IllegalArgumentException e) {
            throw new IOException(folder.resolve("config.json") + ": " + e.getMessage(), e);
        }
    }

    /**
     * The text of {@code config.json} beside exported files.
     *
     * @param clients what programs in JavaScript are told; empty where they find all by themselves
     */
    static String json(
            Gpt2Config config, ScalingValues scalings, CacheLayout layout, ObjectNode clients) {
        Gpt2Config plain = config.withScalings(IdentityScalings.NONE);
        ObjectNode node = JSON.createObjectNode();
        usual(config).forEach(node::set);
        node.setAll(object(plain.json()));
        node.put("use_cache", layout == CacheLayout.LAYERS);
        if (!scalings.isNone()) {
            if (layout == CacheLayout.LAYERS) {
                node.put(LAYERS, CacheLayout.layersWithHistory(config.nLayer()));
            }
            ObjectNode truth = node.putObject(TRUTH);
            truth.put(LAYERS, config.nLayer());
            scalings.settings().into(truth);
            for (Circuit circuit : Circuit.values()) {
                if (scalings.settings().has(circuit)) {
                    truth.set(key(circuit), values(scalings.of(circuit)));
                }
            }
        }
        if (!clients.isEmpty()) {
            node.set("transformers.js_config", clients);
        }
        return text(node);
    }

    /** What clients expect even where the original says nothing, since it is the default. */
    private static Map<String, JsonNode> usual(Gpt2Config config) {
        ObjectNode node = JSON.createObjectNode();
        node.put("model_type", "gpt2");
        node.putArray("architectures")
                .add(config.regression() ? "GPT2ForSequenceClassification" : "GPT2LMHeadModel");
        node.put("activation_function", "gelu_new");
        node.put("vocab_size", config.vocabSize());
        node.put("n_positions", config.nPositions());
        node.put("n_ctx", config.nPositions());
        node.put("n_embd", config.nEmbd());
        node.put(LAYERS, config.nLayer());
        node.put("n_head", config.nHead());
        node.put("layer_norm_epsilon", config.layerNormEpsilon());
        config.eosTokenId()
                .ifPresent(
                        eos -> {
                            node.put("bos_token_id", eos);
                            node.put(EOS, eos);
                        });
        Map<String, JsonNode> fields = new LinkedHashMap<>();
        node.properties().forEach(field -> fields.put(field.getKey(), field.getValue()));
        return fields;
    }

    /** The text of {@code generation_config.json}. */
    public static String generation(Gpt2Config config) {
        JsonNode original = object(config.json());
        ObjectNode node = JSON.createObjectNode();
        node.put("_from_model_config", true);
        config.eosTokenId()
                .ifPresent(
                        eos -> {
                            JsonNode bos = original.path("bos_token_id");
                            node.put("bos_token_id", bos.isInt() ? bos.intValue() : eos);
                            if (config.eosTokenIds().size() == 1) {
                                node.put(EOS, eos);
                            } else {
                                config.eosTokenIds().forEach(node.withArray(EOS)::add);
                            }
                        });
        return text(node);
    }

    /** What the file says of the network, by key. */
    static Map<String, String> metadata(
            Gpt2Config config, ScalingValues scalings, CacheLayout layout) {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("model_type", "gpt2");
        metadata.put(LAYERS, Integer.toString(config.nLayer()));
        metadata.put("n_positions", Integer.toString(config.nPositions()));
        metadata.put("cache_layout", layout.name().toLowerCase(Locale.ROOT));
        metadata.put("scalings", scalings.settings().arm().toString());
        if (!scalings.isNone()) {
            ObjectNode settings = JSON.createObjectNode();
            scalings.settings().into(settings);
            settings.properties()
                    .forEach(entry -> metadata.put(entry.getKey(), entry.getValue().asText()));
            for (Circuit circuit : Circuit.values()) {
                if (scalings.settings().has(circuit)) {
                    metadata.put(key(circuit), values(scalings.of(circuit)).toString());
                }
            }
        }
        return metadata;
    }

    /** The key of a circuit's values, those of the paper's code without a layer. */
    private static String key(Circuit circuit) {
        String name = circuit.parameter(0);
        return name.substring(name.lastIndexOf('.') + 1);
    }

    private static ArrayNode values(List<List<Float>> layers) {
        ArrayNode all = JSON.createArrayNode();
        for (List<Float> heads : layers) {
            ArrayNode layer = all.addArray();
            heads.forEach(layer::add);
        }
        return all;
    }

    private static ObjectNode object(String json) {
        try {
            return (ObjectNode) JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e); // a configuration holds what was parsed before
        }
    }

    static String text(ObjectNode node) {
        try {
            return JSON.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
