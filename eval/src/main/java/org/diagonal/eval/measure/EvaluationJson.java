package org.diagonal.eval.measure;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.StringJoiner;

/** The JSON form of an {@link Evaluation}: one key a line, and every part on its own line. */
final class EvaluationJson {

    private static final ObjectMapper MAPPER =
            JsonMapper.builder()
                    .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private final JsonNode root;
    private final Set<String> read = new HashSet<>();

    private EvaluationJson(JsonNode root) {
        this.root = root;
    }

    static String write(Evaluation evaluation) {
        ObjectNode root = MAPPER.createObjectNode();
        root.put("version", Evaluation.VERSION);
        root.put("protocol", evaluation.protocol().toString());
        root.put("block_size", evaluation.blockSize());
        if (evaluation.stride().isPresent()) {
            root.put("stride", evaluation.stride().getAsInt());
        } else {
            root.putNull("stride");
        }
        root.put("documents", evaluation.documents());
        root.put("tokens", evaluation.tokens());
        root.put("targets", evaluation.targets());
        root.put("nats", evaluation.nats());
        root.put("perplexity", evaluation.perplexity());
        Provenance provenance = evaluation.provenance();
        root.put("data", provenance.data());
        root.put("data_sha256", provenance.dataSha256());
        root.put("tokenizer_sha256", provenance.tokenizerSha256());
        root.put("model", provenance.model());
        root.put("seconds", evaluation.seconds());
        evaluation.wordPerplexity().ifPresent(value -> root.put("word_perplexity", value));
        evaluation.bytePerplexity().ifPresent(value -> root.put("byte_perplexity", value));
        evaluation.bitsPerByte().ifPresent(value -> root.put("bits_per_byte", value));
        evaluation
                .huggingfacePagePerplexity()
                .ifPresent(value -> root.put("huggingface_page_perplexity", value));
        putParts(root, "articles", evaluation.articles());
        putParts(root, "segments", evaluation.segments());
        return lines(root);
    }

    private static void putParts(ObjectNode root, String key, List<Part> parts) {
        var array = root.putArray(key);
        for (Part part : parts) {
            array.addObject().put("nats", part.nats()).put("targets", part.targets());
        }
    }

    private static String lines(ObjectNode root) {
        StringJoiner keys = new StringJoiner(",\n", "{\n", "\n}\n");
        for (Map.Entry<String, JsonNode> entry : root.properties()) {
            String value = entry.getValue().toString();
            if (entry.getValue().isArray()) {
                StringJoiner elements = new StringJoiner(",\n    ", "[\n    ", "\n  ]");
                entry.getValue().forEach(element -> elements.add(element.toString()));
                value = elements.toString();
            }
            keys.add("  \"" + entry.getKey() + "\": " + value);
        }
        return keys.toString();
    }

    static Evaluation read(String json) {
        JsonNode root;
        try {
            root = MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            String where =
                    e.getLocation() == null
                            ? ""
                            : " at line %d, column %d"
                                    .formatted(
                                            e.getLocation().getLineNr(),
                                            e.getLocation().getColumnNr());
            String what = e.getOriginalMessage().lines().findFirst().orElse("").strip();
            throw new IllegalArgumentException(
                    "no whole evaluation%s: %s".formatted(where, what), e);
        }
        if (!root.isObject()) {
            throw new IllegalArgumentException("no evaluation: not a JSON object");
        }
        return new EvaluationJson(root).evaluation();
    }

    private Evaluation evaluation() {
        long version = integer("version");
        if (version != Evaluation.VERSION) {
            throw new IllegalArgumentException(
                    "key version: expected %d, found %d".formatted(Evaluation.VERSION, version));
        }
        read.add("stride");
        Evaluation evaluation =
                new Evaluation(
                        Protocol.parse(text("protocol")),
                        small("block_size"),
                        root.path("stride").isNull()
                                ? OptionalInt.empty()
                                : OptionalInt.of(small("stride")),
                        integer("tokens"),
                        new Provenance(
                                text("data"),
                                text("data_sha256"),
                                text("tokenizer_sha256"),
                                text("model")),
                        number("seconds"),
                        optional("word_perplexity"),
                        optional("byte_perplexity"),
                        optional("bits_per_byte"),
                        optional("huggingface_page_perplexity"),
                        parts("articles"),
                        parts("segments"));
        require("documents", number("documents"), evaluation.documents());
        require("targets", number("targets"), (double) evaluation.targets());
        require("nats", number("nats"), evaluation.nats());
        require("perplexity", number("perplexity"), evaluation.perplexity());
        for (Map.Entry<String, JsonNode> entry : root.properties()) {
            if (!read.contains(entry.getKey())) {
                throw new IllegalArgumentException("unknown key " + entry.getKey());
            }
        }
        return evaluation;
    }

    private static void require(String key, double stored, double computed) {
        if (Math.abs(stored - computed) > 1e-9 * Math.max(1, Math.abs(computed))) {
            throw new IllegalArgumentException(
                    "key %s: expected %s by the parts, found %s".formatted(key, computed, stored));
        }
    }

    private JsonNode value(String key) {
        read.add(key);
        return value(root, key);
    }

    private static JsonNode value(JsonNode object, String key) {
        JsonNode value = object.get(key);
        if (value == null) {
            throw new IllegalArgumentException("key " + key + " is missing");
        }
        return value;
    }

    private static IllegalArgumentException wrong(String key, String expected, JsonNode found) {
        String shown = found.toString();
        return new IllegalArgumentException(
                "key %s: expected %s, found %s"
                        .formatted(
                                key,
                                expected,
                                shown.length() > 60 ? shown.substring(0, 60) + "…" : shown));
    }

    private String text(String key) {
        JsonNode value = value(key);
        if (!value.isTextual()) {
            throw wrong(key, "a string", value);
        }
        return value.textValue();
    }

    private long integer(String key) {
        read.add(key);
        return integer(root, key);
    }

    private static long integer(JsonNode object, String key) {
        JsonNode value = value(object, key);
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw wrong(key, "an integer", value);
        }
        return value.longValue();
    }

    private int small(String key) {
        JsonNode value = value(key);
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw wrong(key, "an integer of 32 bits", value);
        }
        return value.intValue();
    }

    private double number(String key) {
        read.add(key);
        return number(root, key);
    }

    private static double number(JsonNode object, String key) {
        JsonNode value = value(object, key);
        if (!value.isNumber()) {
            throw wrong(key, "a number", value);
        }
        return value.doubleValue();
    }

    private OptionalDouble optional(String key) {
        return root.has(key) ? OptionalDouble.of(number(key)) : OptionalDouble.empty();
    }

    private List<Part> parts(String key) {
        JsonNode array = value(key);
        if (!array.isArray()) {
            throw wrong(key, "an array", array);
        }
        List<Part> parts = new ArrayList<>(array.size());
        for (JsonNode element : array) {
            if (!element.isObject() || element.size() != 2) {
                throw wrong(key, "objects of nats and targets", element);
            }
            parts.add(new Part(number(element, "nats"), integer(element, "targets")));
        }
        return parts;
    }
}
