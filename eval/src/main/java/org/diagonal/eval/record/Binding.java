package org.diagonal.eval.record;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.cfg.EnumFeature;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleAbstractTypeResolver;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Binds JSON to records, in snake case and strictly: an unknown key, a missing one or one of
 * another type is refused in one line with its whole path. What may be absent is an Optional.
 */
final class Binding {

    /** Leaves out what is absent. */
    static final Binding ABSENT = new Binding(JsonInclude.Include.NON_ABSENT);

    /** Writes null for what is absent. */
    static final Binding NULL = new Binding(JsonInclude.Include.ALWAYS);

    private static final DefaultIndenter INDENTER = new DefaultIndenter("  ", "\n");
    private static final DefaultPrettyPrinter PRINTER =
            new DefaultPrettyPrinter().withObjectIndenter(INDENTER);

    /** Jackson's own words for a value of another type. */
    private static final Pattern FOUND =
            Pattern.compile(
                    "(?:from|coerce) (Array|Object|String|Integer|Floating-point|Boolean)(?: value)?"
                            + "(?: (\".*?\")| \\((?!token)([^)]*)\\))?");

    private final JsonMapper mapper;

    private Binding(JsonInclude.Include inclusion) {
        List<CoercionInputShape> notText =
                List.of(
                        CoercionInputShape.Integer,
                        CoercionInputShape.Float,
                        CoercionInputShape.Boolean);
        mapper =
                JsonMapper.builder()
                        .addModule(new Jdk8Module())
                        .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                        .defaultPropertyInclusion(JsonInclude.Value.construct(inclusion, inclusion))
                        .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                        .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                        .configure(
                                DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
                                inclusion != JsonInclude.Include.ALWAYS)
                        .configure(
                                DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
                                inclusion == JsonInclude.Include.ALWAYS)
                        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                        .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
                        .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
                        .withCoercionConfig(
                                LogicalType.Textual,
                                text ->
                                        notText.forEach(
                                                shape ->
                                                        text.setCoercion(
                                                                shape, CoercionAction.Fail)))
                        .build();
    }

    /** A record as a tree. */
    ObjectNode tree(Object value) {
        return mapper.valueToTree(value);
    }

    /** The keys of a record's components, in their order. */
    List<String> keys(Class<? extends Record> type) {
        return mapper
                .getSerializationConfig()
                .introspect(mapper.constructType(type))
                .findProperties()
                .stream()
                .map(BeanPropertyDefinition::getName)
                .toList();
    }

    /**
     * A tree as the text of a file.
     *
     * @param listsInLines whether each element of a list begins a line of its own
     */
    String text(JsonNode tree, boolean listsInLines) {
        try {
            DefaultPrettyPrinter printer =
                    listsInLines ? PRINTER.withArrayIndenter(INDENTER) : PRINTER;
            return mapper.writer(printer).writeValueAsString(tree) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Binds a tree.
     *
     * @throws IllegalArgumentException in one line that names the key, if it does not fit
     */
    <T> T read(JsonNode tree, Class<T> type) {
        return read(mapper, tree, type);
    }

    /**
     * Binds a tree whose record has components of sealed types.
     *
     * @param chosen the record that each sealed type stands for in this file
     */
    <T> T read(JsonNode tree, Class<T> type, Map<Class<?>, Class<?>> chosen) {
        SimpleAbstractTypeResolver resolver = new SimpleAbstractTypeResolver();
        chosen.forEach((abstraction, record) -> map(resolver, abstraction, record));
        SimpleModule module = new SimpleModule();
        module.setAbstractTypes(resolver);
        return read((JsonMapper) mapper.copy().registerModule(module), tree, type);
    }

    private static <S> void map(
            SimpleAbstractTypeResolver resolver, Class<S> type, Class<?> record) {
        resolver.addMapping(type, record.asSubclass(type));
    }

    private static <T> T read(JsonMapper mapper, JsonNode tree, Class<T> type) {
        try {
            return mapper.treeToValue(tree, type);
        } catch (UnrecognizedPropertyException e) {
            throw new IllegalArgumentException(key(e) + "is not known", e);
        } catch (ValueInstantiationException e) { // what a record's constructor refuses
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IllegalArgumentException(key(e) + firstLine(cause.getMessage()), e);
        } catch (JsonMappingException e) {
            throw new IllegalArgumentException(key(e) + words(e), e);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(firstLine(e.getOriginalMessage()), e);
        }
    }

    private static String words(JsonMappingException e) {
        String words = firstLine(e.getOriginalMessage());
        boolean missing =
                words.startsWith("Cannot map `null`")
                        || words.startsWith("Null value for creator")
                        || words.startsWith("Missing required creator property");
        if (missing) {
            return "is missing";
        }
        Matcher found = FOUND.matcher(words);
        return e instanceof MismatchedInputException mismatch && found.find()
                ? "expected %s, found %s"
                        .formatted(expected(mismatch.getTargetType()), found(found))
                : words.replaceAll("\\s*\\(set Deserialization[^)]*\\)", "");
    }

    private static String found(Matcher words) {
        for (int group = 2; group <= words.groupCount(); group++) {
            if (words.group(group) != null) {
                return words.group(group);
            }
        }
        String type = words.group(1).toLowerCase(Locale.ROOT);
        return (type.startsWith("a") || type.startsWith("o") ? "an " : "a ") + type;
    }

    private static String expected(Class<?> type) {
        if (type == null
                || type.isRecord()
                || Map.class.isAssignableFrom(type)
                || type == ObjectNode.class) {
            return "an object";
        }
        if (type.isEnum()) {
            return "one of "
                    + Arrays.stream(type.getEnumConstants())
                            .map(one -> ((Enum<?>) one).name().toLowerCase(Locale.ROOT))
                            .collect(Collectors.joining(", "));
        }
        if (Collection.class.isAssignableFrom(type)) {
            return "an array";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        if (type == String.class) {
            return "a string";
        }
        return List.of(double.class, Double.class, OptionalDouble.class).contains(type)
                ? "a number"
                : "a whole number";
    }

    private static String firstLine(String words) {
        return words == null ? "is not valid" : words.lines().findFirst().orElse("");
    }

    private static String key(JsonMappingException e) {
        StringBuilder path = new StringBuilder();
        for (JsonMappingException.Reference reference : e.getPath()) {
            if (reference.getFieldName() == null) {
                path.append('[').append(reference.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(reference.getFieldName());
            }
        }
        return path.isEmpty() ? "" : "key " + path + ": ";
    }
}
