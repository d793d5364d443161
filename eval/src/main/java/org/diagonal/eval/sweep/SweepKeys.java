package org.diagonal.eval.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.diagonal.templates.task.Nearest;
import org.diagonal.templates.task.YamlTree;

/** The keys of a sweep file; whatever is wrong with one is one line with file and key. */
final class SweepKeys {

    private static final int MOST_SEEDS = 10_000;
    private static final int LONGEST = 120; // letters of the file in a message
    private static final Pattern RANGE = Pattern.compile("(-?[0-9]{1,18})\\.\\.(-?[0-9]{1,18})");

    private final String file;

    SweepKeys(String file) {
        this.file = file;
    }

    /** What is wrong with a key; of the whole file where it is empty. */
    FileSystemException fault(String key, String why) {
        return new FileSystemException(file, null, key.isEmpty() ? why : key + ": " + why);
    }

    /** The whole file. */
    ObjectNode tree(String text, List<String> known) throws FileSystemException {
        JsonNode root = YamlTree.read(file, text);
        if (!(root instanceof ObjectNode object)) {
            throw fault("", "is no sweep: expected the keys " + String.join(", ", known));
        }
        require("", object, known);
        return object;
    }

    /** Refuses keys that are not known, with the nearest. */
    void require(String place, JsonNode node, List<String> known) throws FileSystemException {
        for (String key : (Iterable<String>) node::fieldNames) {
            if (!known.contains(key)) {
                throw fault(place, Nearest.message("key", key, known));
            }
        }
    }

    /** A key's mapping; an empty one where the key is absent. */
    ObjectNode object(JsonNode root, String key) throws FileSystemException {
        JsonNode node = root.path(key);
        boolean empty = node.isMissingNode() || node.isNull() || node.asText("x").isEmpty();
        if (empty && !node.isContainerNode()) {
            return JsonNodeFactory.instance.objectNode();
        }
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw fault(key, "expected keys with values, found " + shown(node));
    }

    /** One value, of any type, as its words. */
    String text(String key, JsonNode node) throws FileSystemException {
        if (!node.isValueNode() || node.isNull() || node.asText().isBlank()) {
            throw fault(key, "expected one value, found " + shown(node));
        }
        return node.asText();
    }

    /** One value, or a list of values. */
    List<String> texts(String key, JsonNode node) throws FileSystemException {
        if (!node.isArray()) {
            return List.of(text(key, node));
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode one : node) {
            texts.add(text(key, one));
        }
        if (texts.isEmpty()) {
            throw fault(key, "has no values; expected one or more");
        }
        return texts;
    }

    long whole(String key, JsonNode node, long least, long most) throws FileSystemException {
        if (!node.isIntegralNumber() || !node.canConvertToLong()) {
            throw fault(key, "expected a whole number, found " + shown(node));
        }
        if (node.longValue() < least || node.longValue() > most) {
            throw fault(
                    key,
                    "must be from %d to %d, found %d".formatted(least, most, node.longValue()));
        }
        return node.longValue();
    }

    /** A list of seeds, or a range such as {@code 2000..2002}. */
    List<Long> seeds(String key, JsonNode node) throws FileSystemException {
        Matcher range = RANGE.matcher(node.isTextual() ? node.asText() : "");
        if (range.matches()) {
            long from = Long.parseLong(range.group(1));
            long to = Long.parseLong(range.group(2));
            if (to < from || to - from >= MOST_SEEDS) {
                throw fault(
                        key,
                        "a range goes up, by at most %d seeds: found %s"
                                .formatted(MOST_SEEDS, node.asText()));
            }
            return LongStream.rangeClosed(from, to).boxed().toList();
        }
        List<Long> seeds = new ArrayList<>();
        for (JsonNode seed :
                node.isArray() ? node : JsonNodeFactory.instance.arrayNode().add(node)) {
            if (!seed.isIntegralNumber() || !seed.canConvertToLong()) {
                throw fault(
                        key,
                        "expected seeds as in [2000, 2001] or 2000..2002, found " + shown(node));
            }
            seeds.add(seed.longValue());
        }
        if (seeds.isEmpty() || seeds.stream().distinct().count() < seeds.size()) {
            throw fault(key, "expected one or more seeds, each once, found " + shown(node));
        }
        return seeds;
    }

    private static String shown(JsonNode node) {
        String text = node.isMissingNode() || node.isNull() ? "nothing" : node.toString();
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }
}
