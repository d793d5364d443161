package org.diagonal.plugin.gpt2;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.diagonal.plugin.checkpoint.AtomicFiles;
import org.diagonal.plugin.checkpoint.Checkpoint;
import org.diagonal.plugin.checkpoint.SafetensorsWriter;
import org.diagonal.plugin.checkpoint.TensorType;
import org.diagonal.plugin.identity.Circuit;
import org.diagonal.plugin.identity.IdentityScalings;

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
     * Loads a folder's weights into a network whose configuration may differ in dropout and may
     * have more scalings than the folder; scalings that the folder lacks are zero.
     *
     * @param config the network's configuration, made from the folder's
     * @param manager owns the parameters, all float32
     */
    public static Gpt2 load(Path folder, Gpt2Config config, NDManager manager) throws IOException {
        Checkpoint checkpoint = Checkpoint.open(folder);
        Gpt2 network = new Gpt2(config);
        Set<String> expected = new LinkedHashSet<>(network.parameters().keySet());
        IdentityScalings present = Gpt2Config.read(folder).scalings();
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
        checkpoint.requireExactly(
                expected, config.tieWordEmbeddings() ? Set.of(Gpt2Parameters.LM_HEAD) : Set.of());
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

    /**
     * Overwrites a network's values with those of a folder that holds the very same tensors; the
     * parameters' arrays stay the same arrays.
     */
    public static void restore(Gpt2 network, Path folder) throws IOException {
        Checkpoint checkpoint = Checkpoint.open(folder);
        checkpoint.requireExactly(network.parameters().keySet(), Set.of());
        for (Parameter parameter : network.parameters().values()) {
            NDArray array = parameter.getArray();
            boolean moves = array.hasGradient();
            array.setRequiresGradient(false); // a leaf that collects gradients takes no copy
            try (NDArray saved =
                    checkpoint.read(parameter.getName(), shape(parameter), array.getManager())) {
                saved.copyTo(array);
            }
            array.setRequiresGradient(moves);
        }
    }

    private static NDArray read(Checkpoint checkpoint, Parameter parameter, NDManager owner) {
        try {
            return checkpoint.read(parameter.getName(), shape(parameter), owner);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Long> shape(Parameter parameter) {
        return Arrays.stream(parameter.getShape().getShape()).boxed().toList();
    }

    /**
     * Writes {@code config.json} and {@code model.safetensors} into an existing folder, each beside
     * and moved; a tied head is not stored twice.
     *
     * @param type F32 or F16
     */
    public static void save(Gpt2 network, Path folder, TensorType type) throws IOException {
        Files.createDirectories(folder);
        List<SafetensorsWriter.Entry> entries = new ArrayList<>();
        for (Map.Entry<String, Parameter> parameter : network.parameters().entrySet()) {
            entries.add(
                    SafetensorsWriter.of(
                            parameter.getKey(), parameter.getValue().getArray(), type));
        }
        SafetensorsWriter.write(
                folder.resolve("model.safetensors"), entries, Map.of("format", "pt"));
        AtomicFiles.writeString(folder.resolve("config.json"), network.config().json());
    }
}
