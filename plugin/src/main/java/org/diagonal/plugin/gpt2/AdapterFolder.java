package org.diagonal.plugin.gpt2;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.diagonal.plugin.checkpoint.Checkpoint;
import org.diagonal.plugin.checkpoint.SafetensorsFile;
import org.diagonal.plugin.files.Sha256;
import org.diagonal.plugin.identity.Adapter;
import org.diagonal.plugin.identity.Circuit;
import org.diagonal.plugin.identity.IdentityScalings;
import org.diagonal.plugin.identity.LoraAdapter;
import org.diagonal.plugin.identity.ScalingsAdapter;
import org.diagonal.plugin.network.Weights;

/**
 * An adapter folder whose configuration was read: loads base models with its scalings, or with its
 * LoRA merged into them.
 *
 * @param path the folder
 * @param settings what its configuration says
 */
public record AdapterFolder(Path path, Adapter settings) {

    /**
     * Reads a folder's configuration.
     *
     * @throws IOException if there is none or it is of another kind
     */
    public static AdapterFolder open(Path path) throws IOException {
        return new AdapterFolder(path, Adapter.read(path));
    }

    /** The configuration of a base with the adapter's scalings. */
    public Gpt2Config config(Gpt2Config base) {
        return base.withScalings(base.scalings().plus(scalings()));
    }

    /** The scalings that it adds; none where it is LoRA. */
    IdentityScalings scalings() {
        return settings instanceof ScalingsAdapter own ? own.scalings() : IdentityScalings.NONE;
    }

    /** What it adds to matrices; nothing where it is of scalings. */
    Optional<LoraWeights> lora() throws IOException {
        return settings instanceof LoraAdapter own
                ? Optional.of(LoraWeights.open(own, weights()))
                : Optional.empty();
    }

    /** The identity of the numbers: SHA-256 of their file, in hexadecimal. */
    public String sha256() throws IOException {
        return Sha256.of(weights());
    }

    /** The file of the numbers. */
    Path weights() {
        return path.resolve(Adapter.WEIGHTS);
    }

    /**
     * Loads the network.
     *
     * @param config {@link #config}, or the same with other dropout or more scalings
     * @param manager owns the parameters
     * @throws IllegalArgumentException if the adapter belongs to other weights
     * @throws IOException if a file is missing or damaged; the message names it
     */
    public Gpt2 load(Path base, Gpt2Config config, NDManager manager) throws IOException {
        settings.requireBase(base, Checkpoint.open(base).sha256());
        Gpt2 network = ModelFolder.load(base, config, manager);
        Optional<LoraWeights> lora = lora();
        if (lora.isPresent()) {
            merge(network, lora.get());
            return network;
        }
        SafetensorsFile saved = SafetensorsFile.open(weights());
        for (Circuit circuit : Circuit.values()) {
            if (scalings().has(circuit)) {
                for (int layer = 0; layer < config.nLayer(); layer++) {
                    String name = circuit.parameter(layer);
                    overwrite(network.parameters().get(name).getArray(), saved, name, manager);
                }
            }
        }
        return network;
    }

    private static void merge(Gpt2 network, LoraWeights lora) throws IOException {
        lora.require(network.parameters().keySet());
        for (String name : lora.names()) {
            NDArray matrix = network.parameters().get(name).getArray();
            int in = Math.toIntExact(matrix.getShape().get(0));
            int out = Math.toIntExact(matrix.getShape().get(1));
            float[] values = matrix.toFloatArray();
            lora.addTo(name, values, in, out);
            Weights.overwrite(matrix, values);
        }
    }

    private static void overwrite(
            NDArray scalings, SafetensorsFile saved, String name, NDManager manager)
            throws IOException {
        if (!saved.tensors().containsKey(name)) {
            throw new IOException(saved.path() + ": " + name + " is missing");
        }
        try (NDArray values = saved.read(name, manager)) {
            if (!values.getShape().equals(scalings.getShape())) {
                throw new IOException(
                        "%s: %s has shape %s instead of %s"
                                .formatted(
                                        saved.path(),
                                        name,
                                        values.getShape(),
                                        scalings.getShape()));
            }
            Weights.overwrite(scalings, values);
        }
    }
}
