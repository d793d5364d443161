package org.diagonal.plugin.gpt2;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.diagonal.plugin.files.JsonFile;
import org.diagonal.plugin.files.TextFile;
import org.diagonal.plugin.identity.IdentityScalings;

/**
 * A GPT-2's configuration, with the names and defaults of Hugging Face's {@code GPT2Config}.
 *
 * <p>Letters: V {@code vocab_size}, P {@code n_positions}, D {@code n_embd}, L {@code n_layer}, H
 * {@code n_head}, d = D / H.
 *
 * @param vocabSize V
 * @param nPositions P, the longest context
 * @param nEmbd D
 * @param nLayer L
 * @param nHead H, a divisor of D
 * @param nInner width of the MLP, 4 D by default
 * @param activation of the MLP
 * @param layerNormEpsilon of every LayerNorm
 * @param initializerRange standard deviation of fresh weights
 * @param embdPdrop dropout after the embeddings
 * @param attnPdrop dropout of attention weights
 * @param residPdrop dropout before each residual sum
 * @param tieWordEmbeddings whether {@code lm_head.weight} is {@code wte.weight}
 * @param scaleAttnWeights whether attention logits are divided by √d
 * @param scaleAttnByInverseLayerIdx whether layer n's attention logits are also divided by n + 1
 * @param regression whether a real number is read out of the last position, by the head {@code
 *     score} of Hugging Face's {@code GPT2ForSequenceClassification}, instead of logits
 * @param eosTokenIds the tokens that end a text, the first of which begins one, too; empty where
 *     the configuration says none
 * @param scalings the identity scalings
 * @param json the whole {@code config.json}, with keys that mean nothing here
 */
public record Gpt2Config(
        int vocabSize,
        int nPositions,
        int nEmbd,
        int nLayer,
        int nHead,
        int nInner,
        Activation activation,
        double layerNormEpsilon,
        double initializerRange,
        double embdPdrop,
        double attnPdrop,
        double residPdrop,
        boolean tieWordEmbeddings,
        boolean scaleAttnWeights,
        boolean scaleAttnByInverseLayerIdx,
        boolean regression,
        List<Integer> eosTokenIds,
        IdentityScalings scalings,
        String json) {

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /** GPT-2's end-of-text token, which {@code GPT2Config} takes where a file names none. */
    private static final int GPT2_EOS = 50256;

    private static final String EOS = "eos_token_id";

    /**
     * Checks the sizes.
     *
     * @throws IllegalArgumentException if a size is not positive, the heads do not divide the
     *     width, or a dropout lies outside 0 to 1
     */
    public Gpt2Config {
        positive("vocab_size", vocabSize);
        positive("n_positions", nPositions);
        positive("n_embd", nEmbd);
        positive("n_layer", nLayer);
        positive("n_head", nHead);
        positive("n_inner", nInner);
        if (nEmbd % nHead != 0) {
            throw new IllegalArgumentException(
                    "n_embd must be a multiple of n_head: n_embd=" + nEmbd + ", n_head=" + nHead);
        }
        probability("embd_pdrop", embdPdrop);
        probability("attn_pdrop", attnPdrop);
        probability("resid_pdrop", residPdrop);
        eosTokenIds = List.copyOf(eosTokenIds);
        if (!(layerNormEpsilon > 0)) {
            throw new IllegalArgumentException(
                    "layer_norm_epsilon must be positive: " + layerNormEpsilon);
        }
    }

    private static void positive(String key, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(key + " must be at least 1: " + value);
        }
    }

    private static void probability(String key, double value) {
        if (!(value >= 0 && value < 1)) {
            throw new IllegalArgumentException(key + " must be at least 0 and below 1: " + value);
        }
    }

    /** The MLP's width, by default four times that of the model. */
    private static int inner(ObjectNode object, int width) {
        if (object.path("n_inner").isMissingNode() || object.path("n_inner").isNull()) {
            if (width > Integer.MAX_VALUE / 4) {
                throw new IllegalArgumentException("n_embd is too large: " + width);
            }
            return 4 * width;
        }
        return integer(object, "n_inner", 0);
    }

    /**
     * Reads {@code config.json} of a model folder.
     *
     * @throws IOException if there is none, or it is not JSON, or not a GPT-2 that is supported;
     *     the message names the file and the key
     */
    public static Gpt2Config read(Path folder) throws IOException {
        Path file = folder.resolve("config.json");
        try {
            JsonFile.read(file); // says in its own words, and where, what is no JSON
            return parse(TextFile.read(file));
        } catch (NoSuchFileException e) {
            throw new NoSuchFileException(
                    folder.toString(), null, "is not a model folder: it holds no config.json");
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    /**
     * Parses the text of a {@code config.json}.
     *
     * @throws IllegalArgumentException if it is not JSON or not a supported GPT-2
     */
    public static Gpt2Config parse(String json) {
        JsonNode node;
        try {
            node = JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
        }
        if (!(node instanceof ObjectNode object)) {
            throw new IllegalArgumentException("not a JSON object");
        }
        refuseUnsupported(object);
        int width = integer(object, "n_embd", 768);
        return new Gpt2Config(
                integer(object, "vocab_size", 50257),
                integer(object, "n_positions", 1024),
                width,
                integer(object, "n_layer", 12),
                integer(object, "n_head", 12),
                inner(object, width),
                Activation.of(object.path("activation_function").asText("gelu_new")),
                number(object, "layer_norm_epsilon", 1e-5),
                number(object, "initializer_range", 0.02),
                number(object, "embd_pdrop", 0.1),
                number(object, "attn_pdrop", 0.1),
                number(object, "resid_pdrop", 0.1),
                flag(object, "tie_word_embeddings", true),
                flag(object, "scale_attn_weights", true),
                flag(object, "scale_attn_by_inverse_layer_idx", false),
                regression(object),
                endOfText(object),
                IdentityScalings.of(object),
                json);
    }

    /** A new architecture with GPT-2's defaults; its last id ends a text. */
    public static Gpt2Config fresh(
            int vocabSize, int nPositions, int nEmbd, int nLayer, int nHead) {
        ObjectNode node = JSON.createObjectNode();
        node.put("model_type", "gpt2");
        node.putArray("architectures").add("GPT2LMHeadModel");
        node.put("activation_function", Activation.GELU_NEW.key());
        node.put("vocab_size", vocabSize);
        node.put("n_positions", nPositions);
        node.put("n_ctx", nPositions);
        node.put("n_embd", nEmbd);
        node.put("n_layer", nLayer);
        node.put("n_head", nHead);
        node.put("layer_norm_epsilon", 1e-5);
        node.put("initializer_range", 0.02);
        node.put("embd_pdrop", 0.1);
        node.put("attn_pdrop", 0.1);
        node.put("resid_pdrop", 0.1);
        node.put("bos_token_id", vocabSize - 1);
        node.put("eos_token_id", vocabSize - 1);
        return parse(text(node));
    }

    /** Hugging Face's way to say that the label is one real number. */
    private static boolean regression(ObjectNode config) {
        boolean regression = config.path("problem_type").asText().equals("regression");
        if (regression && config.path("num_labels").asInt(2) != 1) {
            throw new IllegalArgumentException(
                    "num_labels must be 1 where problem_type is regression: "
                            + config.path("num_labels"));
        }
        return regression;
    }

    private static List<Integer> endOfText(ObjectNode config) {
        if (!config.has(EOS)) {
            boolean known = integer(config, "vocab_size", 50257) > GPT2_EOS;
            return known ? List.of(GPT2_EOS) : List.of();
        }
        return tokens(config.path(EOS));
    }

    /**
     * The tokens of an {@code eos_token_id}: none, one, or a list.
     *
     * @throws IllegalArgumentException if it is something else
     */
    public static List<Integer> tokens(JsonNode eos) {
        if (eos.isNull()) {
            return List.of();
        }
        List<Integer> ids = new ArrayList<>();
        for (JsonNode id : eos.isArray() ? eos : List.of(eos)) {
            if (!id.isInt()) {
                throw new IllegalArgumentException(
                        EOS + " must be an integer or a list of integers: " + eos);
            }
            ids.add(id.intValue());
        }
        return List.copyOf(ids);
    }

    /** The first of {@link #eosTokenIds}. */
    public OptionalInt eosTokenId() {
        return eosTokenIds.isEmpty() ? OptionalInt.empty() : OptionalInt.of(eosTokenIds.get(0));
    }

    private static void refuseUnsupported(ObjectNode config) {
        String type = config.path("model_type").asText("gpt2");
        if (!type.equals("gpt2")) {
            throw new IllegalArgumentException("model_type must be gpt2: \"" + type + "\"");
        }
        if (config.path("add_cross_attention").asBoolean(false)) {
            throw new IllegalArgumentException("add_cross_attention is not supported");
        }
        if (config.hasNonNull("quantization_config")) {
            throw new IllegalArgumentException("quantization_config is not supported");
        }
        if (config.path("pruned_heads").size() > 0) {
            throw new IllegalArgumentException("pruned_heads is not supported");
        }
    }

    private static int integer(ObjectNode config, String key, int otherwise) {
        JsonNode value = config.path(key);
        if (value.isMissingNode()) {
            return otherwise;
        }
        if (!value.isInt()) {
            throw new IllegalArgumentException(key + " must be an integer: " + value);
        }
        return value.intValue();
    }

    private static double number(ObjectNode config, String key, double otherwise) {
        JsonNode value = config.path(key);
        if (value.isMissingNode()) {
            return otherwise;
        }
        if (!value.isNumber()) {
            throw new IllegalArgumentException(key + " must be a number: " + value);
        }
        return value.doubleValue();
    }

    private static boolean flag(ObjectNode config, String key, boolean otherwise) {
        JsonNode value = config.path(key);
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        if (!value.isBoolean()) {
            throw new IllegalArgumentException(key + " must be true or false: " + value);
        }
        return value.booleanValue();
    }

    /** The same network with other scalings; only the scalings' keys of the JSON change. */
    public Gpt2Config withScalings(IdentityScalings other) {
        ObjectNode node = object();
        other.into(node);
        return parse(text(node));
    }

    /** The same network with one dropout everywhere. */
    public Gpt2Config withDropout(double dropout) {
        ObjectNode node = object();
        node.put("embd_pdrop", dropout);
        node.put("attn_pdrop", dropout);
        node.put("resid_pdrop", dropout);
        return parse(text(node));
    }

    /** The same network with a head for real labels instead of its own. */
    public Gpt2Config withRegression() {
        ObjectNode node = object();
        node.putArray("architectures").add("GPT2ForSequenceClassification");
        node.put("problem_type", "regression");
        node.put("num_labels", 1);
        return parse(text(node));
    }

    private ObjectNode object() {
        try {
            return (ObjectNode) JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e); // the constructor's caller parsed it
        }
    }

    private static String text(ObjectNode node) {
        try {
            return JSON.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** d, the width of a head. */
    public int headWidth() {
        return nEmbd / nHead;
    }

    /** The factor of a layer's attention logits q kᵀ. */
    public double attentionScale(int layer) {
        double scale = scaleAttnWeights ? 1 / Math.sqrt(headWidth()) : 1;
        return scaleAttnByInverseLayerIdx ? scale / (layer + 1) : scale;
    }
}
