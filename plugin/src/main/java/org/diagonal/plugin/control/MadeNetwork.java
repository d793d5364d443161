package org.diagonal.plugin.control;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.diagonal.plugin.checkpoint.SafetensorsFile;
import org.diagonal.plugin.checkpoint.SafetensorsWriter;
import org.diagonal.plugin.checkpoint.TensorType;
import org.diagonal.plugin.files.FileFault;
import org.diagonal.plugin.kernels.Kernel;
import org.diagonal.plugin.kernels.Kernels;
import org.diagonal.plugin.kernels.Precision;
import org.diagonal.plugin.network.Network;
import org.diagonal.plugin.network.Weights;

/**
 * A network that computes with weights made of others. What was made is saved as the other network
 * saves it, so that a folder holds a plain network that every program reads; beside it {@value
 * #FILE} keeps what it was made of, for a training that goes on.
 */
final class MadeNetwork extends WrappedNetwork {

    /** The file of what the weights are made of. */
    static final String FILE = "control.safetensors";

    private final List<Mixture> mixtures;
    private final Map<String, Parameter> parameters = new LinkedHashMap<>();
    private final Map<String, Parameter> own = new LinkedHashMap<>();
    private final Set<String> numbers = new LinkedHashSet<>();
    private final Set<String> opened = new HashSet<>(); // whose gradient has an array

    MadeNetwork(Network inner, List<Mixture> mixtures) {
        super(inner);
        this.mixtures = List.copyOf(mixtures);
        parameters.putAll(inner.parameters());
        for (Mixture mixture : mixtures) {
            parameters.putAll(mixture.base());
            own.putAll(mixture.base());
        }
        for (Mixture mixture : mixtures) {
            parameters.putAll(mixture.numbers());
            own.putAll(mixture.numbers());
            numbers.addAll(mixture.numbers().keySet());
        }
        make();
    }

    /** The other network's, with what the weights are made of in their place, and the numbers. */
    @Override
    public Map<String, Parameter> parameters() {
        return Collections.unmodifiableMap(parameters);
    }

    /** The numbers: they take the place of the scalings, in whatever knows these. */
    @Override
    public Set<String> scalings() {
        Set<String> all = new LinkedHashSet<>(inner().scalings());
        all.addAll(numbers);
        return all;
    }

    private void make() {
        mixtures.forEach(Mixture::make);
    }

    @Override
    public void prepare(Precision precision) {
        make();
        inner().prepare(precision);
    }

    @Override
    public double backward(
            ParameterStore store,
            GradientCollector collector,
            NDArray inputIds,
            NDArray targets,
            double scale) {
        open(collector);
        double sum = super.backward(store, collector, inputIds, targets, scale);
        mixtures.forEach(Mixture::backward); // of all passes since gradients were cleared
        return sum;
    }

    /** Gives every gradient its array, and lets the weights that are made have one. */
    private void open(GradientCollector collector) {
        if (opened.isEmpty()) {
            mixtures.forEach(
                    mixture ->
                            mixture.base()
                                    .keySet()
                                    .forEach(name -> inner().parameters().get(name).freeze(false)));
        }
        for (Parameter parameter : own.values()) {
            if (parameter.requiresGradient() && opened.add(parameter.getName())) {
                NDArray array = parameter.getArray();
                array.setRequiresGradient(true);
                try (NDArray zero = Kernels.get().call(Kernel.OPEN_GRADIENT, true, array)) {
                    collector.backward(zero);
                }
            }
        }
    }

    @Override
    public void save(Path folder, TensorType type) throws IOException {
        List<SafetensorsWriter.Entry> entries = new ArrayList<>();
        own.forEach(
                (name, parameter) ->
                        entries.add(
                                SafetensorsWriter.of(name, parameter.getArray(), TensorType.F32)));
        Files.createDirectories(folder);
        SafetensorsWriter.write(folder.resolve(FILE), entries, Map.of("format", "pt"));
        make();
        super.save(folder, type);
    }

    @Override
    public void restore(Path folder) throws IOException {
        super.restore(folder);
        SafetensorsFile saved = SafetensorsFile.open(folder.resolve(FILE));
        NDManager owner = owner();
        for (Parameter parameter : own.values()) {
            if (!saved.tensors().containsKey(parameter.getName())) {
                throw FileFault.of(saved.path(), "has no tensor " + parameter.getName());
            }
            try (NDArray values = saved.read(parameter.getName(), owner)) {
                if (!values.getShape().equals(parameter.getArray().getShape())) {
                    throw FileFault.of(
                            saved.path(),
                            "tensor %s must have shape %s, found %s"
                                    .formatted(
                                            parameter.getName(),
                                            parameter.getArray().getShape(),
                                            values.getShape()));
                }
                Weights.overwrite(parameter.getArray(), values);
            }
        }
        make();
    }
}
