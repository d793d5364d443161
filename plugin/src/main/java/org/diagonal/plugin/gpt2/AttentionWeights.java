package org.diagonal.plugin.gpt2;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.diagonal.plugin.checkpoint.Checkpoint;
import org.diagonal.plugin.identity.Adapter;
import org.diagonal.plugin.identity.Circuit;

/**
 * The attention of a GPT-2 in a model folder, read one layer at a time straight from the file:
 * {@code c_attn.weight}, {@code c_proj.weight}, {@code ln_1.weight} and the scalings where there
 * are some. A folder may hold nothing else; no engine is loaded.
 *
 * <p>D width, H heads, L layers.
 */
public final class AttentionWeights {

    private final Gpt2Config config;
    private final Checkpoint checkpoint;
    private final Map<Circuit, Checkpoint> scalings;
    private final Optional<LoraWeights> lora;

    private AttentionWeights(
            Gpt2Config config,
            Checkpoint checkpoint,
            Map<Circuit, Checkpoint> scalings,
            Optional<LoraWeights> lora) {
        this.config = config;
        this.checkpoint = checkpoint;
        this.scalings = scalings;
        this.lora = lora;
    }

    /**
     * Reads headers and checks that every tensor is there in its shape.
     *
     * @param adapter a folder of scalings or of LoRA for exactly these weights
     * @throws FileSystemException if a tensor is missing or misshapen; one line with the file
     * @throws IOException if the configuration is not of a supported GPT-2, or a file is malformed
     * @throws IllegalArgumentException if the adapter belongs to other weights
     */
    public static AttentionWeights open(Path folder, Optional<AdapterFolder> adapter)
            throws IOException {
        Gpt2Config config = Gpt2Config.read(folder);
        Checkpoint checkpoint = Checkpoint.open(folder);
        Map<Circuit, Checkpoint> scalings = new LinkedHashMap<>();
        for (Circuit circuit : Circuit.values()) {
            if (config.scalings().has(circuit)) {
                scalings.put(circuit, checkpoint);
            }
        }
        if (adapter.isPresent()) {
            Adapter added = adapter.get().settings();
            added.requireBase(folder, checkpoint.sha256());
            config = adapter.get().config(config);
            for (Circuit circuit : Circuit.values()) {
                if (adapter.get().scalings().has(circuit)) {
                    scalings.put(circuit, Checkpoint.openFile(adapter.get().weights()));
                }
            }
        }
        Optional<LoraWeights> lora = adapter.isPresent() ? adapter.get().lora() : Optional.empty();
        if (lora.isPresent()) {
            lora.get().require(checkpoint.names());
        }
        AttentionWeights weights = new AttentionWeights(config, checkpoint, scalings, lora);
        weights.check();
        return weights;
    }

    private void check() throws IOException {
        for (int layer = 0; layer < config.nLayer(); layer++) {
            for (Map.Entry<String, List<Long>> tensor : tensors(layer).entrySet()) {
                checkpoint.requireShape(tensor.getKey(), tensor.getValue());
            }
            for (Map.Entry<Circuit, Checkpoint> values : scalings.entrySet()) {
                values.getValue().requireShape(values.getKey().parameter(layer), perHead());
            }
        }
    }

    /** The configuration, with the adapter's scalings. */
    public Gpt2Config config() {
        return config;
    }

    /**
     * The identity of the tensors that are read, the adapter's not counted: {@link
     * Checkpoint#sha256} of nothing else.
     */
    public String sha256() throws IOException {
        Map<String, List<Long>> all = new LinkedHashMap<>();
        for (int layer = 0; layer < config.nLayer(); layer++) {
            all.putAll(tensors(layer));
            for (Map.Entry<Circuit, Checkpoint> values : scalings.entrySet()) {
                if (values.getValue().equals(checkpoint)) {
                    all.put(values.getKey().parameter(layer), perHead());
                }
            }
        }
        return checkpoint.sha256(all.keySet());
    }

    /**
     * Reads a layer.
     *
     * @param layer from 0 on
     * @throws FileSystemException if a tensor holds NaN or infinity, naming it
     */
    public AttentionLayer layer(int layer) throws IOException {
        Map<String, float[]> values = new LinkedHashMap<>();
        for (Map.Entry<String, List<Long>> tensor : tensors(layer).entrySet()) {
            float[] read = checkpoint.floats(tensor.getKey(), tensor.getValue());
            if (lora.isPresent() && tensor.getValue().size() == 2) {
                int in = Math.toIntExact(tensor.getValue().get(0));
                int out = Math.toIntExact(tensor.getValue().get(1));
                lora.get().addTo(tensor.getKey(), read, in, out);
            }
            values.put(tensor.getKey(), read);
        }
        Map<Circuit, float[]> learned = new LinkedHashMap<>();
        for (Map.Entry<Circuit, Checkpoint> each : scalings.entrySet()) {
            String name = each.getKey().parameter(layer);
            learned.put(each.getKey(), each.getValue().floats(name, perHead()));
        }
        return new AttentionLayer(
                config,
                layer,
                values.get(name(layer, "attn.c_attn.weight")),
                values.get(name(layer, "attn.c_proj.weight")),
                values.get(name(layer, "ln_1.weight")),
                learned);
    }

    private Map<String, List<Long>> tensors(int layer) {
        long width = config.nEmbd();
        Map<String, List<Long>> tensors = new LinkedHashMap<>();
        tensors.put(name(layer, "attn.c_attn.weight"), List.of(width, 3 * width));
        tensors.put(name(layer, "attn.c_proj.weight"), List.of(width, width));
        tensors.put(name(layer, "ln_1.weight"), List.of(width));
        return tensors;
    }

    private List<Long> perHead() {
        return List.of((long) config.nHead());
    }

    private static String name(int layer, String rest) {
        return "transformer.h." + layer + "." + rest;
    }
}
