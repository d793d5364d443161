package org.diagonal.plugin.gpt2;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Path;
import org.diagonal.plugin.checkpoint.Checkpoint;
import org.diagonal.plugin.checkpoint.SafetensorsFile;
import org.diagonal.plugin.identity.Adapter;
import org.diagonal.plugin.identity.Circuit;
import org.diagonal.plugin.network.Weights;

/** Loads a base model with the scalings of an adapter folder. */
public final class AdapterFolder {

    private AdapterFolder() {}

    /** The configuration of a base with an adapter's scalings. */
    public static Gpt2Config config(Gpt2Config base, Path adapter) throws IOException {
        return base.withScalings(base.scalings().plus(Adapter.read(adapter).scalings()));
    }

    /**
     * Loads the network.
     *
     * @param config {@link #config}, or the same with other dropout or more scalings
     * @param manager owns the parameters
     * @throws IllegalArgumentException if the adapter belongs to other weights
     * @throws IOException if a file is missing or damaged; the message names it
     */
    public static Gpt2 load(Path base, Path adapter, Gpt2Config config, NDManager manager)
            throws IOException {
        Adapter settings = Adapter.read(adapter);
        settings.requireBase(base, Checkpoint.open(base).sha256());
        Gpt2 network = ModelFolder.load(base, config, manager);
        SafetensorsFile saved = SafetensorsFile.open(adapter.resolve(Adapter.WEIGHTS));
        for (Circuit circuit : Circuit.values()) {
            if (settings.scalings().has(circuit)) {
                for (int layer = 0; layer < config.nLayer(); layer++) {
                    String name = circuit.parameter(layer);
                    overwrite(network.parameters().get(name).getArray(), saved, name, manager);
                }
            }
        }
        return network;
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
