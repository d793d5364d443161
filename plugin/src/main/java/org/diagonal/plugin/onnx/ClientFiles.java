package org.diagonal.plugin.onnx;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.onnx.graph.CacheLayout;
import org.diagonal.plugin.onnx.graph.Dtype;
import org.diagonal.plugin.onnx.graph.ExportSettings;
import org.diagonal.plugin.onnx.graph.ScalingValues;

/**
 * What clients read beside the files: {@code config.json}, {@code generation_config.json}, {@code
 * genai_config.json}.
 *
 * @param external the forms whose weights lie beside their files
 */
record ClientFiles(
        Gpt2Config config, ScalingValues scalings, ExportSettings settings, List<Dtype> external) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Copies the list. */
    ClientFiles {
        external = List.copyOf(external);
    }

    /** Whether the files are language models that generate with a cache. */
    boolean generates() {
        return settings.cacheLayout() == CacheLayout.LAYERS;
    }

    /**
     * The form that clients are told to take: the most exact of those that they know by default.
     */
    Dtype usual() {
        return List.of(Dtype.FP32, Dtype.Q8, Dtype.FP16, Dtype.Q4).stream()
                .filter(settings.dtypes()::contains)
                .findFirst()
                .orElseThrow();
    }

    /** The pairs of keys and values in the cache, those that carry hidden states counted. */
    int cacheLayers() {
        return scalings.isNone() ? config.nLayer() : CacheLayout.layersWithHistory(config.nLayer());
    }

    /** Writes them. */
    void write(Path folder) throws IOException {
        String json =
                ExportedConfig.json(config, scalings, settings.cacheLayout(), transformersJs());
        Files.writeString(folder.resolve("config.json"), json);
        Files.writeString(
                folder.resolve("generation_config.json"), ExportedConfig.generation(config));
        if (generates()) {
            Files.writeString(folder.resolve(GenaiConfig.FILE), GenaiConfig.json(this));
        }
    }

    /**
     * What transformers.js cannot find by itself: where nothing is asked for it looks for fp32
     * under Node and for q8 in a browser, and it does not look for data beside a file.
     */
    private ObjectNode transformersJs() {
        ObjectNode node = JSON.createObjectNode();
        List<Dtype> written = settings.dtypes();
        if (!written.contains(Dtype.FP32) || !written.contains(Dtype.Q8)) {
            node.put("dtype", usual().word());
        }
        if (!external.isEmpty()) {
            ObjectNode files = node.putObject("use_external_data_format");
            external.forEach(dtype -> files.put(dtype.fileName(), 1));
        }
        return node;
    }
}
