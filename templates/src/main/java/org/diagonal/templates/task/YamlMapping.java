package org.diagonal.templates.task;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A mapping of a YAML file; every fault that it finds names the file and the key. */
final class YamlMapping {

    private final String file;
    private final String prefix;
    private final JsonNode node;

    private YamlMapping(String file, String prefix, JsonNode node) {
        this.file = file;
        this.prefix = prefix;
        this.node = node;
    }

    /**
     * Takes a node that must be a mapping.
     *
     * @param path the node's own key; empty for the whole file
     * @param known the keys that it may have
     */
    static YamlMapping of(String file, String path, JsonNode node, List<String> known)
            throws FileSystemException {
        if (!node.isObject()) {
            String place = path.isEmpty() ? "" : path + ": ";
            throw faultOf(
                    file,
                    place
                            + "expected keys with values (%s), found %s"
                                    .formatted(String.join(", ", known), shown(node)));
        }
        for (String key : (Iterable<String>) node::fieldNames) {
            if (!known.contains(key)) {
                String place = path.isEmpty() ? "" : path + ": ";
                throw faultOf(file, place + Nearest.message("key", key, known));
            }
        }
        return new YamlMapping(file, path.isEmpty() ? "" : path + ".", node);
    }

    static FileSystemException faultOf(String file, String reason) {
        return new FileSystemException(file, null, reason);
    }

    FileSystemException fault(String key, String reason) {
        return faultOf(file, prefix + key + ": " + reason);
    }

    boolean has(String key) {
        return node.has(key);
    }

    private JsonNode required(String key, String meaning) throws FileSystemException {
        JsonNode value = node.get(key);
        if (value == null || value.isNull()) {
            throw fault(key, "is missing, expected " + meaning);
        }
        return value;
    }

    String text(String key, String meaning) throws FileSystemException {
        return text(key, required(key, meaning), meaning);
    }

    Optional<String> optionalText(String key, String meaning) throws FileSystemException {
        return has(key) ? Optional.of(text(key, meaning)) : Optional.empty();
    }

    private String text(String key, JsonNode value, String meaning) throws FileSystemException {
        if (!value.isTextual() || value.textValue().isEmpty()) {
            String hint = value.isNumber() || value.isBoolean() ? "; put it in quotes" : "";
            throw fault(key, "expected " + meaning + ", found " + shown(value) + hint);
        }
        return value.textValue();
    }

    /** A text, or a whole number as the text that it is. */
    String token(String key, String meaning) throws FileSystemException {
        JsonNode value = required(key, meaning);
        return value.isIntegralNumber() ? value.asText() : text(key, value, meaning);
    }

    double number(String key, String meaning) throws FileSystemException {
        JsonNode value = required(key, meaning);
        if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
            throw fault(key, "expected " + meaning + ", found " + shown(value));
        }
        return value.doubleValue();
    }

    int whole(String key, String meaning) throws FileSystemException {
        JsonNode value = required(key, meaning);
        if (!value.isInt()) {
            throw fault(key, "expected " + meaning + ", found " + shown(value));
        }
        return value.intValue();
    }

    <E extends Enum<E>> E choice(String key, E[] choices) throws FileSystemException {
        List<String> names = Arrays.stream(choices).map(E::toString).toList();
        String name = text(key, String.join(" or ", names));
        int index = names.indexOf(name);
        if (index < 0) {
            throw fault(key, Nearest.message("value", name, names));
        }
        return choices[index];
    }

    List<String> texts(String key, String meaning) throws FileSystemException {
        List<String> texts = new ArrayList<>();
        List<JsonNode> items = items(key, meaning);
        for (int i = 0; i < items.size(); i++) {
            texts.add(text(key + "[" + i + "]", items.get(i), "a text"));
        }
        return texts;
    }

    List<YamlMapping> mappings(String key, String meaning, List<String> known)
            throws FileSystemException {
        List<YamlMapping> mappings = new ArrayList<>();
        List<JsonNode> items = items(key, meaning);
        for (int i = 0; i < items.size(); i++) {
            mappings.add(of(file, prefix + key + "[" + i + "]", items.get(i), known));
        }
        return mappings;
    }

    private List<JsonNode> items(String key, String meaning) throws FileSystemException {
        JsonNode list = required(key, meaning);
        if (!list.isArray()) {
            throw fault(key, "expected " + meaning + ", found " + shown(list));
        }
        List<JsonNode> items = new ArrayList<>();
        list.forEach(items::add);
        return items;
    }

    private static String shown(JsonNode node) {
        return node.isTextual() ? Quoted.of(node.textValue()) : Quoted.of(node.toString());
    }
}
