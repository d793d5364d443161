package org.diagonal.plugin.identity;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.diagonal.plugin.checkpoint.SafetensorsWriter;
import org.diagonal.plugin.checkpoint.TensorType;
import org.diagonal.plugin.files.AtomicFiles;

/**
 * Identity scalings alone, under the names of the paper's code.
 *
 * @param baseModel where the base came from: a name or a folder
 * @param base the base weights' hash, {@link org.diagonal.plugin.checkpoint.Checkpoint#sha256()}
 * @param scalings the settings
 */
public record ScalingsAdapter(String baseModel, String base, IdentityScalings scalings)
        implements Adapter {

    static final String TYPE = "IDENTITY_SCALINGS";

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /** From a configuration of this type. */
    static ScalingsAdapter of(Path file, JsonNode node) throws IOException {
        return new ScalingsAdapter(
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

    @Override
    public Optional<String> baseSha256() {
        return Optional.of(base);
    }

    @Override
    public void save(Path folder, Map<String, NDArray> arrays) throws IOException {
        List<SafetensorsWriter.Entry> entries = new ArrayList<>();
        arrays.forEach(
                (name, array) -> entries.add(SafetensorsWriter.of(name, array, TensorType.F32)));
        SafetensorsWriter.write(folder.resolve(WEIGHTS), entries, Map.of("format", "pt"));
        ObjectNode node = JSON.createObjectNode();
        node.put("peft_type", TYPE);
        node.put("task_type", "CAUSAL_LM");
        node.put("base_model_name_or_path", baseModel);
        node.put("base_model_sha256", base);
        scalings.into(node);
        AtomicFiles.writeString(folder.resolve(CONFIG), JSON.writeValueAsString(node));
    }
}
