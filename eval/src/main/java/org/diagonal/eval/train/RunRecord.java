package org.diagonal.eval.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.diagonal.eval.source.Setting;
import org.diagonal.eval.source.SettingException;
import org.diagonal.plugin.files.JsonFile;
import org.diagonal.plugin.kernels.Precision;
import org.diagonal.plugin.kernels.Products;
import org.diagonal.plugin.run.RunFolder;

/** {@code run.json}: what decides a run's bits under "settings", and what it ran with beside it. */
final class RunRecord {

    /** Stands for the hash of weights that are drawn. */
    static final String RANDOM = "random";

    /** 2: batches and dropout are drawn otherwise than in 1. */
    private static final int VERSION = 2;

    private static final String PRECISION = "precision";

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private RunRecord() {}

    static ObjectNode settings() {
        return JSON.createObjectNode();
    }

    static ObjectNode tree(Object settings) {
        return JSON.valueToTree(settings);
    }

    /** The text of a new run's record. */
    static String json(ObjectNode settings, Origin origin, Map<String, String> versions)
            throws JsonProcessingException {
        ObjectNode node = JSON.createObjectNode();
        node.put("version", VERSION);
        node.put("started", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        node.set("settings", settings);
        node.set("origin", origin.json());
        node.set("versions", JSON.valueToTree(new java.util.TreeMap<>(versions)));
        return JSON.writeValueAsString(node);
    }

    /**
     * When a run was begun.
     *
     * @throws IOException if its record does not say it
     */
    static Instant started(Path folder) throws IOException {
        Path file = folder.resolve(RunFolder.RUN);
        String text = JsonFile.read(file).path("started").asText();
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new IOException(file + ": started must be a time, found '" + text + "'", e);
        }
    }

    /**
     * Refuses to go on with a run under other settings.
     *
     * @throws IllegalArgumentException naming the first setting that differs and both values
     */
    static void requireSame(Path folder, String json, ObjectNode settings) throws IOException {
        JsonNode begun;
        ObjectNode wanted;
        try {
            JsonNode record = JSON.readTree(json);
            if (record.path("version").asInt() == 1) {
                throw new SettingException(
                        folder
                                + " holds a run of version 0.1.0, which drew its batches in another"
                                + " way; choose another folder",
                        Setting.OUT);
            }
            if (record.path("version").asInt() != VERSION) {
                throw new IOException(
                        "%s: version must be %d, found %s"
                                .formatted(
                                        folder.resolve(RunFolder.RUN),
                                        VERSION,
                                        record.path("version")));
            }
            begun = record.path("settings");
            wanted = (ObjectNode) JSON.readTree(JSON.writeValueAsString(settings));
        } catch (JsonProcessingException e) {
            throw new IOException(
                    folder.resolve(RunFolder.RUN) + ": not JSON: " + e.getOriginalMessage(), e);
        }
        Set<String> keys = new LinkedHashSet<>();
        wanted.fieldNames().forEachRemaining(keys::add);
        begun.fieldNames().forEachRemaining(keys::add);
        for (String key : keys) {
            JsonNode before = key.equals(PRECISION) ? precision(begun) : begun.path(key);
            JsonNode now = wanted.path(key);
            if (!before.equals(now) && !isSameByHash(key, begun, wanted)) {
                throw new SettingException(
                        "%s was begun with %s %s, not %s; choose another folder"
                                .formatted(folder, key, value(before), value(now)),
                        Setting.OUT);
            }
        }
    }

    /** Runs begun before there was a choice are in float32. */
    private static JsonNode precision(JsonNode settings) {
        return settings.has(PRECISION)
                ? settings.path(PRECISION)
                : JSON.getNodeFactory().textNode(Precision.F32.toString());
    }

    /**
     * What makes float32 products in a run that was begun: another library would give other last
     * bits. Runs begun before there was a choice took MKL.
     *
     * @throws IOException if its record names something else
     */
    static Products products(Path folder, String json) throws IOException {
        try {
            String name = JSON.readTree(json).path("versions").path("products").asText("mkl");
            return Products.of(name);
        } catch (IllegalArgumentException e) {
            throw new IOException(folder.resolve(RunFolder.RUN) + ": " + e.getMessage(), e);
        }
    }

    /** A run's record with another value of one setting; what is no record stays as it is. */
    static String with(String json, String setting, JsonNode value) throws IOException {
        try {
            JsonNode record = JSON.readTree(json);
            if (record.path("settings") instanceof ObjectNode settings
                    && settings.has(setting)
                    && !settings.path(setting).equals(value)) {
                settings.set(setting, value);
                return JSON.writeValueAsString(record);
            }
            return json;
        } catch (JsonProcessingException e) {
            return json; // what is wrong with it is said where it is compared
        }
    }

    /** A model or a text may be reached by another name or path. */
    private static boolean isSameByHash(String key, JsonNode begun, JsonNode wanted) {
        JsonNode hash = begun.path(key + "_sha256");
        return hash.isTextual()
                && !hash.asText().equals(RANDOM)
                && hash.equals(wanted.path(key + "_sha256"));
    }

    private static String value(JsonNode value) {
        return value.isMissingNode() ? "unset" : value.toString();
    }
}
