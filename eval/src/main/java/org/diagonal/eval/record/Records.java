package org.diagonal.eval.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Records as JSON trees and back; see {@link Form} for whole files. */
public final class Records {

    private Records() {}

    /** A record as a tree; absent components are left out. */
    public static ObjectNode tree(Object value) {
        return Binding.ABSENT.tree(value);
    }

    /** A tree as the text of a file. */
    public static String text(JsonNode tree) {
        return Binding.ABSENT.text(tree, false);
    }

    /**
     * Binds a tree.
     *
     * @throws IllegalArgumentException in one line that names the key, if it does not fit
     */
    public static <T> T read(JsonNode tree, Class<T> type) {
        return Binding.ABSENT.read(tree, type);
    }

    /**
     * Binds a tree whose record has components of sealed types.
     *
     * @param chosen the record that each sealed type stands for in this file
     * @throws IllegalArgumentException in one line that names the key, if it does not fit
     */
    public static <T> T read(JsonNode tree, Class<T> type, Map<Class<?>, Class<?>> chosen) {
        return Binding.ABSENT.read(tree, type, chosen);
    }

    /** A flat record's keys and values as words, in its order. */
    public static Map<String, String> words(Object value) {
        Map<String, String> words = new LinkedHashMap<>();
        tree(value).properties().forEach(key -> words.put(key.getKey(), key.getValue().asText()));
        return Collections.unmodifiableMap(words);
    }

    /**
     * A key at which two records differ.
     *
     * @param key its whole path
     * @param first the value of the first record; {@code none} where it is absent
     * @param second that of the second
     */
    public record Difference(String key, String first, String second) {

        /** For messages: the first value is what was expected. */
        public String expected() {
            return "expected %s %s, found %s".formatted(key, first, second);
        }

        /** For messages: the second value is what is there, and the first what was asked for. */
        public String present() {
            return "%s %s, not %s".formatted(key, second, first);
        }
    }

    /** The first key, in the order of the first record, at which two records differ. */
    public static Optional<Difference> difference(Object first, Object second) {
        return difference("", tree(first), tree(second));
    }

    private static Optional<Difference> difference(String path, JsonNode first, JsonNode second) {
        if (!first.isObject() || !second.isObject()) {
            String ours = first.asText("none");
            String theirs = second.asText("none");
            return ours.equals(theirs)
                    ? Optional.empty()
                    : Optional.of(new Difference(path, ours, theirs));
        }
        Set<String> names = new LinkedHashSet<>();
        first.fieldNames().forEachRemaining(names::add);
        second.fieldNames().forEachRemaining(names::add);
        return names.stream()
                .flatMap(
                        name ->
                                difference(
                                        path.isEmpty() ? name : path + "." + name,
                                        first.path(name),
                                        second.path(name))
                                        .stream())
                .findFirst();
    }

    /** Puts the keys of an object that stands under a key in place of it. */
    public static ObjectNode spread(ObjectNode node, String key) {
        ObjectNode spread = node.objectNode();
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            if (entry.getKey().equals(key)) {
                spread.setAll((ObjectNode) entry.getValue());
            } else {
                spread.set(entry.getKey(), entry.getValue());
            }
        }
        return spread;
    }

    /**
     * Undoes {@link #spread}: gathers the keys of a record's components under a key.
     *
     * @param required whether the key is set even if none of them is there, so that the first is
     *     named as missing
     */
    public static void gather(
            ObjectNode node, String key, Class<? extends Record> type, boolean required) {
        ObjectNode gathered = node.objectNode();
        for (String name : Binding.ABSENT.keys(type)) {
            if (node.has(name)) {
                gathered.set(name, node.remove(name));
            }
        }
        if (required || !gathered.isEmpty()) {
            node.set(key, gathered);
        }
    }
}
