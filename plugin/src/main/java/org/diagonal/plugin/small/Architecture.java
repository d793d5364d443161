package org.diagonal.plugin.small;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.diagonal.plugin.files.TextFile;
import org.diagonal.plugin.kernels.Kernel;
import org.diagonal.plugin.network.Loss;

/**
 * What a small network is made of; also its {@code config.json}, whose {@code model_type} says
 * which.
 *
 * <p>With one class a network reads out a real number; otherwise it has as many classes as token
 * types, and reads out logits of symbols.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "model_type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = TemplateTransformer.class, name = "template_transformer"),
    @JsonSubTypes.Type(value = TemplateAttention.class, name = "template_attention"),
    @JsonSubTypes.Type(value = Mlp.class, name = "template_mlp"),
    @JsonSubTypes.Type(value = Rnn.class, name = "template_rnn"),
    @JsonSubTypes.Type(value = Lstm.class, name = "template_lstm"),
})
public sealed interface Architecture
        permits TemplateTransformer, TemplateAttention, Mlp, Rnn, Lstm {

    /** T, the ids in every string. */
    int contextLength();

    /** V, the ids that a string may hold. */
    int numTokenTypes();

    /** 1 for real labels, V for symbols. */
    int numClasses();

    /** The loss that fits the classes. */
    default Loss loss() {
        return numClasses() == 1 ? Loss.SQUARED_ERROR : Loss.NATS;
    }

    /** All tensors in the kernel's order, absent ones in their places. */
    List<Tensor> tensors();

    /** What the names of tensors begin with that only read out; the embedding may do it instead. */
    String head();

    /** The kernel that computes outputs from ids. */
    Kernel kernel();

    /** What the kernel is told beside the tensors. */
    List<Double> numbers();

    /** Whether no tensor belongs to a position, so that strings may have any length. */
    default boolean readsAnyLength() {
        return false;
    }

    /** Where its heads' W_Q and W_K lie, if it has heads. */
    default Optional<HeadWeights> headWeights() {
        return Optional.empty();
    }

    /** The examples of a batch that go forward and backward together; gradients add up. */
    default int examplesTogether() {
        return Integer.MAX_VALUE;
    }

    /**
     * Reads {@code config.json} of a model folder.
     *
     * @throws IOException if there is none or it is not of a small network; one line with the file
     */
    static Architecture read(Path folder) throws IOException {
        Path file = folder.resolve("config.json");
        try {
            return Json.MAPPER.treeToValue(
                    Json.whole(Json.MAPPER.readTree(TextFile.read(file))), Architecture.class);
        } catch (NoSuchFileException e) {
            throw new NoSuchFileException(
                    folder.toString(), null, "is not a model folder: it holds no config.json");
        } catch (JsonProcessingException e) {
            FileSystemException fault =
                    new FileSystemException(file.toString(), null, Json.reason(e));
            fault.initCause(e);
            throw fault;
        }
    }

    /** The text of {@code config.json}. */
    default String json() {
        try {
            JsonNode node =
                    Json.MAPPER.readTree(
                            Json.MAPPER.writerFor(Architecture.class).writeValueAsString(this));
            return Json.MAPPER.writeValueAsString(Json.brief(node));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Checks what all architectures have.
     *
     * @throws IllegalArgumentException naming the key and its value
     */
    static void requireSizes(int contextLength, int numTokenTypes, int numClasses) {
        requirePositive("context_length", contextLength);
        if (numTokenTypes < 2) {
            throw new IllegalArgumentException(
                    "num_token_types must be at least 2: " + numTokenTypes);
        }
        if (numClasses != 1 && numClasses != numTokenTypes) {
            throw new IllegalArgumentException(
                    "num_classes must be 1 for real labels or num_token_types for symbols:"
                            + " num_classes=%d, num_token_types=%d"
                                    .formatted(numClasses, numTokenTypes));
        }
    }

    /** Checks a size. */
    static void requirePositive(String key, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(key + " must be at least 1: " + value);
        }
    }

    /** How configurations are written. */
    final class Json {

        private static final ObjectMapper MAPPER =
                JsonMapper.builder()
                        .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                        .enable(SerializationFeature.INDENT_OUTPUT)
                        .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                        .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                        .build();

        /** A control that came later than the files of networks without it. */
        private static final String PERMUTED = "permute_wkwq";

        private Json() {}

        private static JsonNode whole(JsonNode config) {
            if (config instanceof ObjectNode keys
                    && keys.has("wkwq_id_mult")
                    && !keys.has(PERMUTED)) {
                keys.put(PERMUTED, false);
            }
            return config;
        }

        private static JsonNode brief(JsonNode config) {
            if (config instanceof ObjectNode keys && !keys.path(PERMUTED).asBoolean()) {
                keys.remove(PERMUTED);
            }
            return config;
        }

        /** One line about the key that is wrong; Jackson's words end with its own settings. */
        private static String reason(JsonProcessingException e) {
            if (e.getCause() instanceof IllegalArgumentException refused) {
                return refused.getMessage();
            }
            if (e instanceof UnrecognizedPropertyException unknown) {
                return "unknown key %s; known are %s"
                        .formatted(unknown.getPropertyName(), unknown.getKnownPropertyIds());
            }
            String key = "";
            if (e instanceof JsonMappingException mapping && !mapping.getPath().isEmpty()) {
                key = mapping.getPath().get(0).getFieldName() + ": ";
            }
            String words = e.getOriginalMessage().lines().findFirst().orElse("");
            return key + words.replaceFirst("( \\(but could|; `Deserialization).*", "");
        }
    }
}
