package org.diagonal.eval.measure.perplexity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.diagonal.eval.measure.MeasuredModel;
import org.diagonal.eval.record.JsonKeys;

/** The JSON form of an {@link Evaluation}: one key a line, and every part on its own line. */
final class EvaluationJson {

    private EvaluationJson() {}

    static String write(Evaluation evaluation) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
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
        provenance.model().write(root);
        root.put("seconds", evaluation.seconds());
        put(root, "word_perplexity", evaluation.wordPerplexity(), evaluation.hasWords());
        put(root, "byte_perplexity", evaluation.bytePerplexity(), evaluation.hasBytes());
        evaluation.bitsPerByte().ifPresent(value -> root.put("bits_per_byte", value));
        put(
                root,
                "huggingface_page_perplexity",
                evaluation.huggingfacePagePerplexity(),
                evaluation.hasPagePerplexity());
        putParts(root, "articles", evaluation.articles());
        putParts(root, "segments", evaluation.segments());
        return JsonKeys.lines(root);
    }

    /** A figure that is defined but beyond a double is null, so that it is not missed. */
    private static void put(ObjectNode root, String key, OptionalDouble value, boolean defined) {
        if (value.isPresent()) {
            root.put(key, value.getAsDouble());
        } else if (defined) {
            root.putNull(key);
        }
    }

    private static OptionalDouble optional(JsonKeys keys, String key) {
        boolean absent = !keys.has(key) || keys.value(key).isNull();
        return absent ? OptionalDouble.empty() : keys.optional(key);
    }

    private static void putParts(ObjectNode root, String key, List<Part> parts) {
        var array = root.putArray(key);
        for (Part part : parts) {
            array.addObject().put("nats", part.nats()).put("targets", part.targets());
        }
    }

    static Evaluation read(String json) {
        JsonKeys keys = new JsonKeys(JsonKeys.parse(json, "evaluation"), "evaluation");
        keys.require("version", Evaluation.VERSION);
        Evaluation evaluation =
                new Evaluation(
                        Protocol.parse(keys.text("protocol")),
                        keys.small("block_size"),
                        stride(keys),
                        keys.integer("tokens"),
                        new Provenance(
                                keys.text("data"),
                                keys.text("data_sha256"),
                                keys.text("tokenizer_sha256"),
                                MeasuredModel.read(keys)),
                        keys.number("seconds"),
                        optional(keys, "word_perplexity"),
                        optional(keys, "byte_perplexity"),
                        keys.optional("bits_per_byte"),
                        optional(keys, "huggingface_page_perplexity"),
                        parts(keys, "articles"),
                        parts(keys, "segments"));
        require(keys, "documents", evaluation.documents());
        require(keys, "targets", (double) evaluation.targets());
        require(keys, "nats", evaluation.nats());
        require(keys, "perplexity", evaluation.perplexity());
        keys.requireNoOthers();
        return evaluation;
    }

    private static OptionalInt stride(JsonKeys keys) {
        return keys.value("stride").isNull()
                ? OptionalInt.empty()
                : OptionalInt.of(keys.small("stride"));
    }

    private static void require(JsonKeys keys, String key, double computed) {
        double stored = keys.number(key);
        if (Math.abs(stored - computed) > 1e-9 * Math.max(1, Math.abs(computed))) {
            throw new IllegalArgumentException(
                    "key %s: expected %s by the parts, found %s".formatted(key, computed, stored));
        }
    }

    private static List<Part> parts(JsonKeys keys, String key) {
        JsonNode array = keys.value(key);
        if (!array.isArray()) {
            throw JsonKeys.wrong(key, "an array", array);
        }
        List<Part> parts = new ArrayList<>(array.size());
        for (JsonNode element : array) {
            if (!element.isObject() || element.size() != 2) {
                throw JsonKeys.wrong(key, "objects of nats and targets", element);
            }
            parts.add(
                    new Part(
                            JsonKeys.number(element, "nats"),
                            JsonKeys.integer(element, "targets")));
        }
        return parts;
    }
}
