package org.diagonal.plugin.files;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads the JSON files of a model folder, strictly: no key twice, nothing behind the value. */
public final class JsonFile {

    private static final ObjectMapper JSON =
            JsonMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private JsonFile() {}

    /**
     * Reads a file that holds one JSON object.
     *
     * @throws FileSystemException if it is something else; the message is one line with the file
     */
    public static JsonNode read(Path file) throws IOException {
        return parse(file, Files.readAllBytes(file));
    }

    /** Parses the content of a file that was read already. */
    public static JsonNode parse(Path file, byte[] content) throws IOException {
        try {
            TextFile.requireGenuine(file, content);
            JsonNode root = JSON.readTree(TextFile.decode(file, content));
            if (root.isObject()) {
                return root;
            }
            if (root.isMissingNode()) {
                throw FileFault.of(file, "is empty, expected a JSON object");
            }
            throw FileFault.of(file, "must hold a JSON object, found " + root.getNodeType().name());
        } catch (JsonProcessingException e) {
            throw FileFault.of(file, "is not JSON: " + message(e) + line(e), e);
        }
    }

    /** Without Jackson's own account of where the text came from. */
    private static String message(JsonProcessingException e) {
        return e.getOriginalMessage().replaceFirst(" \\(start marker at .*", "");
    }

    private static String line(JsonProcessingException e) {
        return e.getLocation() == null ? "" : " at line " + e.getLocation().getLineNr();
    }
}
