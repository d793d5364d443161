package org.diagonal.plugin.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.nn.Parameter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.diagonal.plugin.checkpoint.Checkpoint;
import org.diagonal.plugin.checkpoint.SafetensorsWriter;
import org.diagonal.plugin.checkpoint.TensorType;
import org.diagonal.plugin.files.AtomicFiles;

/** The files of a model folder that every network has: its tensors and its configuration. */
public final class Weights {

    private Weights() {}

    /**
     * Writes {@code model.safetensors}, then {@code config.json}.
     *
     * @param type F32 or F16
     */
    public static void save(
            Map<String, Parameter> parameters, String config, Path folder, TensorType type)
            throws IOException {
        Files.createDirectories(folder);
        List<SafetensorsWriter.Entry> entries = new ArrayList<>();
        parameters.forEach(
                (name, parameter) ->
                        entries.add(SafetensorsWriter.of(name, parameter.getArray(), type)));
        SafetensorsWriter.write(
                folder.resolve("model.safetensors"), entries, Map.of("format", "pt"));
        AtomicFiles.writeString(folder.resolve("config.json"), config);
    }

    /** Reads the array of a parameter that has none yet. */
    public static NDArray read(Checkpoint checkpoint, Parameter parameter, NDManager owner)
            throws IOException {
        List<Long> shape = Arrays.stream(parameter.getShape().getShape()).boxed().toList();
        return checkpoint.read(parameter.getName(), shape, owner);
    }

    /** Overwrites parameters with the values of a checkpoint that holds the very same tensors. */
    public static void restore(Map<String, Parameter> parameters, Checkpoint checkpoint)
            throws IOException {
        checkpoint.requireExactly(parameters.keySet(), Set.of());
        for (Parameter parameter : parameters.values()) {
            NDArray array = parameter.getArray();
            try (NDArray saved = read(checkpoint, parameter, array.getManager())) {
                overwrite(array, saved);
            }
        }
    }

    /**
     * Overwrites the values of an array, which stays the same array. DJL's own ways, {@code copyTo}
     * and {@code set}, make LibTorch warn on stderr.
     *
     * @param values of the same shape
     */
    public static void overwrite(NDArray array, NDArray values) {
        if (!values.getShape().equals(array.getShape())) { // it would be broadcast
            throw new IllegalArgumentException(
                    "values must have the array's shape: values=%s, array=%s"
                            .formatted(values.getShape(), array.getShape()));
        }
        boolean moves = array.hasGradient();
        array.setRequiresGradient(false); // a leaf that collects gradients takes no copy
        array.set(new NDIndex("..."), values);
        array.setRequiresGradient(moves);
    }

    /** The same with values in row-major order. */
    public static void overwrite(NDArray array, float... values) {
        try (NDArray made = array.getManager().create(values, array.getShape())) {
            overwrite(array, made);
        }
    }
}
