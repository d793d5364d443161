package org.diagonal.plugin.gpt2;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.diagonal.plugin.checkpoint.Checkpoint;
import org.diagonal.plugin.checkpoint.TensorType;
import org.diagonal.plugin.files.JsonFile;
import org.diagonal.plugin.identity.Circuit;
import org.diagonal.plugin.identity.IdentityScalings;
import org.diagonal.plugin.network.Weights;

/** Reads a GPT-2 from a Hugging Face model folder, and writes one. */
public final class ModelFolder {

    private ModelFolder() {}

    /**
     * Loads a folder's network as it is.
     *
     * @param manager owns the parameters, all float32
     * @throws IOException if a tensor is missing, extra, misshapen or not finite, or the
     *     configuration is not supported; the message names the file
     */
    public static Gpt2 load(Path folder, NDManager manager) throws IOException {
        return load(folder, Gpt2Config.read(folder), manager);
    }

    /**
     * Loads a folder's weights into a network whose configuration may differ in dropout, may have
     * more scalings than the folder, and a head for real labels instead of the folder's own.
     * Scalings that the folder lacks are zero; a head that it lacks is drawn.
     *
     * @param config the network's configuration, made from the folder's
     * @param manager owns the parameters, all float32
     */
    public static Gpt2 load(Path folder, Gpt2Config config, NDManager manager) throws IOException {
        Checkpoint checkpoint = Checkpoint.open(folder);
        requireLayers(checkpoint, config);
        Gpt2 network = new Gpt2(config);
        Set<String> expected = new LinkedHashSet<>(network.parameters().keySet());
        Gpt2Config saved = Gpt2Config.read(folder);
        IdentityScalings present = saved.scalings();
        if (!config.scalings().plus(present).equals(config.scalings())) {
            throw new IllegalArgumentException(
                    folder + " has scalings (" + present.arm() + ") that would be dropped");
        }
        for (Circuit circuit : Circuit.values()) {
            if (!present.has(circuit)) {
                for (int layer = 0; layer < config.nLayer(); layer++) {
                    expected.remove(circuit.parameter(layer));
                }
            }
        }
        if (!saved.regression()) {
            expected.remove(Gpt2Parameters.SCORE);
        }
        boolean headIsNotNeeded = config.tieWordEmbeddings() || config.regression();
        if (config.tieWordEmbeddings() && !config.regression()) {
            requireTied(checkpoint);
        }
        checkpoint.requireExactly(
                expected, headIsNotNeeded ? Set.of(Gpt2Parameters.LM_HEAD) : Set.of());
        for (Parameter parameter : network.parameters().values()) {
            if (expected.contains(parameter.getName())) {
                parameter.setInitializer(
                        (owner, shape, type) -> read(checkpoint, parameter, owner));
            }
        }
        try {
            network.initialize(manager);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return network;
    }

    /** Before as many layers are made as the configuration says: a layer has many tensors. */
    private static void requireLayers(Checkpoint checkpoint, Gpt2Config config)
            throws FileSystemException {
        if (config.nLayer() > checkpoint.names().size()) {
            throw new FileSystemException(
                    checkpoint.fileOf(checkpoint.names().iterator().next()).toString(),
                    null,
                    "has %d tensors, too few for the %d layers (n_layer) of config.json"
                            .formatted(checkpoint.names().size(), config.nLayer()));
        }
    }

    /** A head of its own would be dropped without a word. */
    private static void requireTied(Checkpoint checkpoint) throws IOException {
        if (checkpoint.names().contains(Gpt2Parameters.LM_HEAD)
                && !checkpoint.isSame(Gpt2Parameters.LM_HEAD, Gpt2Parameters.WTE)) {
            throw new FileSystemException(
                    checkpoint.fileOf(Gpt2Parameters.LM_HEAD).toString(),
                    null,
                    "lm_head.weight differs from wte.weight, but config.json ties them:"
                            + " \"tie_word_embeddings\": false keeps both");
        }
    }

    /**
     * The ids that end a text of a folder's model: those of {@code generation_config.json}, which
     * Hugging Face's tools ask first, else those of the configuration.
     *
     * @throws IOException if the file is not JSON, or has something else in their place
     */
    public static List<Integer> endsOfText(Path folder, Gpt2Config config) throws IOException {
        Path file = folder.resolve("generation_config.json");
        if (!Files.exists(file)) {
            return config.eosTokenIds();
        }
        JsonNode eos = JsonFile.read(file).path("eos_token_id");
        try {
            return eos.isMissingNode() ? config.eosTokenIds() : Gpt2Config.tokens(eos);
        } catch (IllegalArgumentException e) {
            throw new FileSystemException(file.toString(), null, e.getMessage());
        }
    }

    /**
     * Overwrites a network's values with those of a folder that holds the very same tensors; the
     * parameters' arrays stay the same arrays.
     */
    public static void restore(Gpt2 network, Path folder) throws IOException {
        Weights.restore(network.parameters(), Checkpoint.open(folder));
    }

    private static NDArray read(Checkpoint checkpoint, Parameter parameter, NDManager owner) {
        try {
            return Weights.read(checkpoint, parameter, owner);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Writes {@code config.json} and {@code model.safetensors} into an existing folder, each beside
     * and moved; a tied head is not stored twice.
     *
     * @param type F32 or F16
     */
    public static void save(Gpt2 network, Path folder, TensorType type) throws IOException {
        Weights.save(network.parameters(), network.config().json(), folder, type);
    }
}
