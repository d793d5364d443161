package org.diagonal.plugin.identity;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.diagonal.plugin.checkpoint.SafetensorsWriter;
import org.diagonal.plugin.checkpoint.TensorType;
import org.diagonal.plugin.files.AtomicFiles;
import org.diagonal.plugin.files.JsonFile;

/**
 * An adapter: scalings alone, for a base that did not change. {@code adapter_config.json} says
 * which base; {@code adapter_model.safetensors} holds the scalings under the names of the paper's
 * code.
 *
 * @param baseModel where the base came from: a name or a folder
 * @param baseSha256 the base weights' hash, {@link
 *     org.diagonal.plugin.checkpoint.Checkpoint#sha256()}
 * @param scalings the settings
 */
public record Adapter(String baseModel, String baseSha256, IdentityScalings scalings) {

    /** The configuration's file name. */
    public static final String CONFIG = "adapter_config.json";

    /** The scalings' file name. */
    public static final String WEIGHTS = "adapter_model.safetensors";

    private static final String TYPE = "IDENTITY_SCALINGS";

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /** Whether a folder holds an adapter. */
    public static boolean isIn(Path folder) {
        return Files.isRegularFile(folder.resolve(CONFIG));
    }

    /**
     * Reads a folder's adapter configuration.
     *
     * @throws IOException if there is none or it is not of an adapter of identity scalings
     */
    public static Adapter read(Path folder) throws IOException {
        Path file = folder.resolve(CONFIG);
        if (!isIn(folder)) {
            String why =
                    Files.isDirectory(folder)
                            ? "is not an adapter folder: it holds no " + CONFIG
                            : "no such adapter folder";
            throw new NoSuchFileException(folder.toString(), null, why);
        }
        JsonNode node = JsonFile.read(file);
        if (!node.path("peft_type").asText().equals(TYPE)) {
            throw new IOException(
                    "%s: peft_type must be %s, which an adapter of identity scalings has: %s"
                            .formatted(file, TYPE, node.path("peft_type")));
        }
        return new Adapter(
                text(file, node, "base_model_name_or_path"),
                text(file, node, "base_model_sha256"),
                IdentityScalings.of(node));
    }

    private static String text(Path file, JsonNode node, String key) throws IOException {
        if (!node.path(key).isTextual()) {
            throw new IOException(file + ": " + key + " is missing");
        }
        return node.path(key).asText();
    }

    /**
     * Writes the adapter into an existing folder.
     *
     * @param arrays the network's scalings by name, each of shape (n_head)
     */
    public void save(Path folder, Map<String, NDArray> arrays) throws IOException {
        List<SafetensorsWriter.Entry> entries = new ArrayList<>();
        arrays.forEach(
                (name, array) -> entries.add(SafetensorsWriter.of(name, array, TensorType.F32)));
        SafetensorsWriter.write(folder.resolve(WEIGHTS), entries, Map.of("format", "pt"));
        ObjectNode node = JSON.createObjectNode();
        node.put("peft_type", TYPE);
        node.put("task_type", "CAUSAL_LM");
        node.put("base_model_name_or_path", baseModel);
        node.put("base_model_sha256", baseSha256);
        scalings.into(node);
        AtomicFiles.writeString(folder.resolve(CONFIG), JSON.writeValueAsString(node));
    }

    /**
     * Refuses a base that is not the one the scalings were trained on.
     *
     * @param base where the base lies
     * @param sha256 its weights' hash
     * @throws IllegalArgumentException naming both
     */
    public void requireBase(Path base, String sha256) {
        if (!baseSha256.equals(sha256)) {
            throw new IllegalArgumentException(
                    "the adapter belongs to "
                            + baseModel
                            + " (sha256 "
                            + brief(baseSha256)
                            + "…), not to "
                            + base
                            + " (sha256 "
                            + brief(sha256)
                            + "…)");
        }
    }

    private static String brief(String hash) {
        return hash.substring(0, Math.min(12, hash.length()));
    }
}
