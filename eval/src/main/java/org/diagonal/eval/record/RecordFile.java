package org.diagonal.eval.record;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.cfg.EnumFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.diagonal.plugin.files.AtomicFiles;

/**
 * JSON files that are records: keys are the components' names in snake case, every key must be
 * there and no other, and what is optional is null.
 */
public final class RecordFile {

    private static final String VERSION = "version";

    private static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .addModule(new Jdk8Module())
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                    .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
                    .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
                    .build();

    private static final DefaultPrettyPrinter PRINTER =
            new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n"));

    private RecordFile() {}

    /** A record as JSON, with a line break at its end. */
    public static String json(Record value) {
        try {
            return MAPPER.writer(PRINTER).writeValueAsString(value) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e.getOriginalMessage(), e);
        }
    }

    /** Writes a record, replacing an old file. */
    public static void write(Path file, Record value) throws IOException {
        AtomicFiles.writeString(file, json(value));
    }

    /**
     * The file as a tree, for those who tell kinds of records apart or read some keys of a file
     * that is not theirs.
     *
     * @throws FileSystemException in one line, if it is not JSON
     */
    public static JsonNode tree(Path file) throws IOException {
        try {
            return MAPPER.readTree(Files.readString(file));
        } catch (JsonProcessingException e) {
            throw damaged(file, e);
        }
    }

    /**
     * Reads a record.
     *
     * @param version of its form that is known
     * @throws FileSystemException in one line, if it is of another version or not such a record
     */
    public static <R extends Record> R read(Path file, Class<R> type, int version)
            throws IOException {
        JsonNode tree = tree(file);
        int found = tree.path(VERSION).asInt();
        if (found != version) {
            throw new FileSystemException(
                    file.toString(),
                    null,
                    "key version: expected %d, found %s%s"
                            .formatted(
                                    version,
                                    tree.path(VERSION),
                                    found > version
                                            ? ": a newer version of this program wrote it"
                                            : ""));
        }
        try {
            return MAPPER.treeToValue(tree, type);
        } catch (JsonProcessingException e) {
            throw damaged(file, e);
        }
    }

    private static FileSystemException damaged(Path file, JsonProcessingException e) {
        StringBuilder place = new StringBuilder();
        if (e instanceof JsonMappingException mapping) {
            for (JsonMappingException.Reference step : mapping.getPath()) {
                place.append(place.isEmpty() ? "key " : ".");
                place.append(step.getFieldName() == null ? step.getIndex() : step.getFieldName());
            }
            place.append(place.isEmpty() ? "" : ": ");
        }
        String words = e.getOriginalMessage().lines().findFirst().orElse("is not JSON");
        FileSystemException named = new FileSystemException(file.toString(), null, place + words);
        named.initCause(e);
        return named;
    }
}
