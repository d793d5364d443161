package org.diagonal.plugin.identity;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.diagonal.plugin.files.JsonFile;

/**
 * A few trained numbers for a base that did not change, in the layout of Hugging Face's PEFT:
 * {@code adapter_config.json} says which base, and {@code adapter_model.safetensors} holds the
 * numbers.
 */
public sealed interface Adapter permits ScalingsAdapter, LoraAdapter {

    /** The configuration's file name. */
    String CONFIG = "adapter_config.json";

    /** The numbers' file name. */
    String WEIGHTS = "adapter_model.safetensors";

    /** Where the base came from: a name or a folder. */
    String baseModel();

    /** The base weights' hash, if the adapter knows it. */
    Optional<String> baseSha256();

    /**
     * Writes the adapter into an existing folder.
     *
     * @param arrays the trained numbers by their names in the network
     */
    void save(Path folder, Map<String, NDArray> arrays) throws IOException;

    /** Whether a folder holds an adapter. */
    static boolean isIn(Path folder) {
        return Files.isRegularFile(folder.resolve(CONFIG));
    }

    /**
     * Reads a folder's adapter configuration.
     *
     * @throws IOException if there is none or it is of another kind
     */
    static Adapter read(Path folder) throws IOException {
        Path file = folder.resolve(CONFIG);
        if (!isIn(folder)) {
            String why =
                    Files.isDirectory(folder)
                            ? "is not an adapter folder: it holds no " + CONFIG
                            : "no such adapter folder";
            throw new NoSuchFileException(folder.toString(), null, why);
        }
        JsonNode node = JsonFile.read(file);
        return switch (node.path("peft_type").asText()) {
            case ScalingsAdapter.TYPE -> ScalingsAdapter.of(file, node);
            case LoraAdapter.TYPE -> LoraAdapter.of(folder, node);
            default ->
                    throw new IOException(
                            "%s: peft_type must be %s or %s, found %s"
                                    .formatted(
                                            file,
                                            ScalingsAdapter.TYPE,
                                            LoraAdapter.TYPE,
                                            node.path("peft_type")));
        };
    }

    /**
     * Refuses a base that is not the one that the numbers were trained on, where that is known.
     *
     * @param base where the base lies
     * @param sha256 its weights' hash
     * @throws IllegalArgumentException naming both
     */
    default void requireBase(Path base, String sha256) {
        Optional<String> own = baseSha256();
        if (own.isPresent() && !own.get().equals(sha256)) {
            throw new IllegalArgumentException(
                    "the adapter belongs to %s (sha256 %s…), not to %s (sha256 %s…)"
                            .formatted(baseModel(), brief(own.get()), base, brief(sha256)));
        }
    }

    private static String brief(String hash) {
        return hash.substring(0, Math.min(12, hash.length()));
    }
}
