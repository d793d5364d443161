package org.diagonal.eval.record;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleAbstractTypeResolver;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Binds result files to records, in snake case and strictly: a key too many, too few or of another
 * type is refused in one line with its whole path. A component that may be absent is an Optional.
 */
public final class Records {

    private static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .addModule(new Jdk8Module())
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .defaultPropertyInclusion(
                            JsonInclude.Value.construct(
                                    JsonInclude.Include.NON_ABSENT, JsonInclude.Include.NON_ABSENT))
                    .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
                    .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                    .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                    .withCoercionConfig(
                            LogicalType.Textual,
                            text ->
                                    text.setCoercion(
                                                    CoercionInputShape.Integer, CoercionAction.Fail)
                                            .setCoercion(
                                                    CoercionInputShape.Float, CoercionAction.Fail)
                                            .setCoercion(
                                                    CoercionInputShape.Boolean,
                                                    CoercionAction.Fail))
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .build();

    private Records() {}

    /** A record as a tree; absent components are left out. */
    public static ObjectNode tree(Object value) {
        return MAPPER.valueToTree(value);
    }

    /** A tree as the text of a file. */
    public static String text(JsonNode tree) {
        try {
            return MAPPER.writeValueAsString(tree) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Binds a tree whose record has components of sealed types.
     *
     * @param chosen the record that each sealed type stands for in this file
     * @throws IllegalArgumentException in one line that names the key, if it does not fit
     */
    public static <T> T read(JsonNode tree, Class<T> type, Map<Class<?>, Class<?>> chosen) {
        SimpleAbstractTypeResolver resolver = new SimpleAbstractTypeResolver();
        chosen.forEach((abstracted, record) -> map(resolver, abstracted, record));
        SimpleModule module = new SimpleModule();
        module.setAbstractTypes(resolver);
        try {
            return MAPPER.copy().registerModule(module).treeToValue(tree, type);
        } catch (UnrecognizedPropertyException e) {
            throw new IllegalArgumentException("key " + path(e) + ": is not known", e);
        } catch (JsonMappingException e) {
            throw new IllegalArgumentException("key " + path(e) + ": " + words(e), e);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e.getOriginalMessage(), e);
        }
    }

    private static <S> void map(
            SimpleAbstractTypeResolver resolver, Class<S> type, Class<?> record) {
        resolver.addMapping(type, record.asSubclass(type));
    }

    private static String words(JsonMappingException e) {
        String words = e.getOriginalMessage();
        boolean missing =
                words.startsWith("Cannot map `null`") || words.startsWith("Null value for creator");
        return missing ? "is missing" : words.replaceAll("\\s*\\(set Deserialization[^)]*\\)", "");
    }

    private static String path(JsonMappingException e) {
        StringBuilder path = new StringBuilder();
        for (JsonMappingException.Reference reference : e.getPath()) {
            if (reference.getFieldName() == null) {
                path.append('[').append(reference.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(reference.getFieldName());
            }
        }
        return path.toString();
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
