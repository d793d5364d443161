package org.diagonal.eval.record;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.diagonal.plugin.files.JsonFile;

/** Reads the JSON files of results. */
public final class ResultFile {

    private ResultFile() {}

    /**
     * Reads a file.
     *
     * @param version the version of its form that is known
     * @throws FileSystemException in one line, if it is of another version, is not whole, or is
     *     refused by the reader with an IllegalArgumentException
     */
    public static <T> T read(Path file, String what, long version, Function<JsonKeys, T> reader)
            throws IOException {
        return read(file, what, version, version, reader);
    }

    /**
     * Reads a file that may have one of several versions.
     *
     * @param oldest the oldest version of its form that is read
     * @param newest the newest
     */
    public static <T> T read(
            Path file, String what, long oldest, long newest, Function<JsonKeys, T> reader)
            throws IOException {
        try {
            JsonKeys keys = new JsonKeys(JsonFile.read(file), what);
            long found = keys.integer("version");
            if (found > newest) {
                throw new IllegalArgumentException(
                        "key version: expected %d, found %d: a newer version of this program wrote it"
                                .formatted(newest, found));
            }
            keys.require("version", Math.max(oldest, found));
            return reader.apply(keys);
        } catch (IllegalArgumentException e) {
            FileSystemException named =
                    new FileSystemException(file.toString(), null, e.getMessage());
            named.initCause(e);
            throw named;
        }
    }

    /** An object's values as words, in its order. */
    public static Map<String, String> words(JsonNode object) {
        Map<String, String> words = new LinkedHashMap<>();
        object.properties().forEach(entry -> words.put(entry.getKey(), entry.getValue().asText()));
        return Collections.unmodifiableMap(words);
    }
}
