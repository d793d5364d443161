package org.diagonal.eval.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Records as JSON trees and back; see {@link Form} for whole files. */
public final class Records {

    private Records() {}

    /** A record as a tree; absent components are left out. */
    public static ObjectNode tree(Object value) {
        return Binding.ABSENT.tree(value);
    }

    /** A tree as the text of a file. */
    public static String text(JsonNode tree) {
        return Binding.ABSENT.text(tree);
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
        for (String name : names(type)) {
            if (node.has(name)) {
                gathered.set(name, node.remove(name));
            }
        }
        if (required || !gathered.isEmpty()) {
            node.set(key, gathered);
        }
    }

    private static List<String> names(Class<? extends Record> type) {
        return Arrays.stream(type.getRecordComponents())
                .map(
                        component ->
                                PropertyNamingStrategies.SnakeCaseStrategy.INSTANCE.translate(
                                        component.getName()))
                .collect(Collectors.toList());
    }
}
