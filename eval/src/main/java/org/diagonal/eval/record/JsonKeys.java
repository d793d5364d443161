package org.diagonal.eval.record;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.Function;
import java.util.function.Predicate;
import org.diagonal.plugin.files.TextFile;

/**
 * A JSON object that is read strictly: every key has the type that is asked for, and none is left.
 *
 * <p>All methods throw an IllegalArgumentException with one line that names the key, what was
 * expected, and what was found.
 */
public final class JsonKeys {

    private static final int LONGEST = 60;

    private static final ObjectMapper MAPPER =
            JsonMapper.builder()
                    .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private final JsonNode root;
    private final Set<String> read = new HashSet<>();

    /**
     * An object whose keys are still to be read.
     *
     * @param what the noun for it in messages
     */
    public JsonKeys(JsonNode root, String what) {
        if (!root.isObject()) {
            throw new IllegalArgumentException("no %s: not a JSON object".formatted(what));
        }
        this.root = root;
    }

    /** Parses a text: no key twice, nothing behind the value. */
    public static JsonNode parse(String json, String what) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            String where =
                    e.getLocation() == null
                            ? ""
                            : " at line %d, column %d"
                                    .formatted(
                                            e.getLocation().getLineNr(),
                                            e.getLocation().getColumnNr());
            String why = e.getOriginalMessage().lines().findFirst().orElse("").strip();
            throw new IllegalArgumentException("no whole %s%s: %s".formatted(what, where, why), e);
        }
    }

    /**
     * Reads a file whose content is refused with an IllegalArgumentException.
     *
     * @throws FileSystemException that names the file, if it is refused or not UTF-8
     */
    public static <T> T read(Path file, Function<String, T> reader) throws IOException {
        try {
            return reader.apply(TextFile.read(file));
        } catch (IllegalArgumentException e) {
            FileSystemException named =
                    new FileSystemException(file.toString(), null, e.getMessage());
            named.initCause(e);
            throw named;
        }
    }

    /** The text of an object: one key a line, and every element of a list of objects on its own. */
    public static String lines(ObjectNode root) {
        StringJoiner keys = new StringJoiner(",\n", "{\n", "\n}\n");
        for (Map.Entry<String, JsonNode> entry : root.properties()) {
            String value = entry.getValue().toString();
            if (entry.getValue().isArray() && entry.getValue().path(0).isObject()) {
                StringJoiner elements = new StringJoiner(",\n    ", "[\n    ", "\n  ]");
                entry.getValue().forEach(element -> elements.add(element.toString()));
                value = elements.toString();
            }
            keys.add("  \"" + entry.getKey() + "\": " + value);
        }
        return keys.toString();
    }

    /** Whether the object has the key. */
    public boolean has(String key) {
        return root.has(key);
    }

    /** The key's value, of any type. */
    public JsonNode value(String key) {
        read.add(key);
        return value(root, key);
    }

    /** The key's value, which is text. */
    public String text(String key) {
        JsonNode value = value(key);
        if (!value.isTextual()) {
            throw wrong(key, "a string", value);
        }
        return value.textValue();
    }

    /** The key's value, which is a whole number of 64 bits. */
    public long integer(String key) {
        read.add(key);
        return integer(root, key);
    }

    public static long integer(JsonNode object, String key) {
        JsonNode value = value(object, key);
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw wrong(key, "an integer", value);
        }
        return value.longValue();
    }

    /** The key's value, which is a whole number of 32 bits. */
    public int small(String key) {
        JsonNode value = value(key);
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw wrong(key, "an integer of 32 bits", value);
        }
        return value.intValue();
    }

    /** The key's value, which is a number. */
    public double number(String key) {
        read.add(key);
        return number(root, key);
    }

    public static double number(JsonNode object, String key) {
        JsonNode value = value(object, key);
        if (!value.isNumber()) {
            throw wrong(key, "a number", value);
        }
        return value.doubleValue();
    }

    /** The key's value, which is a number; empty without the key. */
    public OptionalDouble optional(String key) {
        return has(key) ? OptionalDouble.of(number(key)) : OptionalDouble.empty();
    }

    /** The key's value, which is an object. */
    public JsonKeys object(String key) {
        JsonNode value = value(key);
        if (!value.isObject()) {
            throw wrong(key, "an object", value);
        }
        return new JsonKeys(value, key);
    }

    /** The key's value, which is a list of objects. */
    public List<JsonKeys> objects(String key) {
        return list(key, "an array of objects", JsonNode::isObject).stream()
                .map(element -> new JsonKeys(element, key))
                .toList();
    }

    /** The key's value, which is a list of strings. */
    public List<String> texts(String key) {
        return list(key, "an array of strings", JsonNode::isTextual).stream()
                .map(JsonNode::textValue)
                .toList();
    }

    /** The key's value, which is a list of numbers. */
    public List<Double> numbers(String key) {
        return list(key, "an array of numbers", JsonNode::isNumber).stream()
                .map(JsonNode::doubleValue)
                .toList();
    }

    /** The key's value, which is a list of so many numbers. */
    public List<Double> numbers(String key, int count) {
        List<Double> numbers = numbers(key);
        if (numbers.size() != count) {
            throw wrong(key, count + " numbers", value(key));
        }
        return numbers;
    }

    /** The key's value, which is a list of lists of numbers. */
    public List<List<Double>> rows(String key) {
        List<List<Double>> rows = new ArrayList<>();
        for (JsonNode row : list(key, "an array of arrays of numbers", JsonNode::isArray)) {
            List<Double> numbers = new ArrayList<>();
            for (JsonNode number : row) {
                if (!number.isNumber()) {
                    throw wrong(key, "numbers", number);
                }
                numbers.add(number.doubleValue());
            }
            rows.add(numbers);
        }
        return rows;
    }

    private List<JsonNode> list(String key, String expected, Predicate<JsonNode> is) {
        JsonNode value = value(key);
        List<JsonNode> elements = new ArrayList<>();
        value.forEach(elements::add);
        if (!value.isArray() || !elements.stream().allMatch(is)) {
            throw wrong(key, expected, value);
        }
        return elements;
    }

    /** Refuses any other whole number. */
    public void require(String key, long expected) {
        long found = integer(key);
        if (found != expected) {
            throw new IllegalArgumentException(
                    "key %s: expected %d, found %d".formatted(key, expected, found));
        }
    }

    /** Refuses keys that nobody has asked for. */
    public void requireNoOthers() {
        for (Map.Entry<String, JsonNode> entry : root.properties()) {
            if (!read.contains(entry.getKey())) {
                throw new IllegalArgumentException("unknown key " + entry.getKey());
            }
        }
    }

    public static IllegalArgumentException wrong(String key, String expected, JsonNode found) {
        String shown = found.toString();
        return new IllegalArgumentException(
                "key %s: expected %s, found %s"
                        .formatted(
                                key,
                                expected,
                                shown.length() > LONGEST
                                        ? shown.substring(0, LONGEST) + "…"
                                        : shown));
    }

    private static JsonNode value(JsonNode object, String key) {
        JsonNode value = object.get(key);
        if (value == null) {
            throw new IllegalArgumentException("key " + key + " is missing");
        }
        return value;
    }
}
