package org.diagonal.plugin.small;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.commons.rng.UniformRandomProvider;
import org.diagonal.plugin.checkpoint.Checkpoint;
import org.diagonal.plugin.checkpoint.TensorType;
import org.diagonal.plugin.identity.Mimetic;
import org.diagonal.plugin.kernels.Arguments;
import org.diagonal.plugin.kernels.Kernel;
import org.diagonal.plugin.kernels.Kernels;
import org.diagonal.plugin.kernels.Precision;
import org.diagonal.plugin.network.Loss;
import org.diagonal.plugin.network.Network;
import org.diagonal.plugin.network.Projection;
import org.diagonal.plugin.network.Weights;
import org.diagonal.plugin.random.RandomStream;

/**
 * A network of a small architecture: ids (B, T) int64 to real numbers (B) or logits (B, V) float32,
 * in one kernel.
 *
 * <p>Nothing is random but the first values: there is no dropout.
 */
public final class SmallNetwork extends AbstractBlock implements Network {

    private final Architecture architecture;
    private final List<Tensor> tensors;
    private Precision precision = Precision.F32;
    private boolean hasGradients;

    private SmallNetwork(Architecture architecture, UniformRandomProvider random) {
        this.architecture = architecture;
        this.tensors = architecture.tensors();
        for (Tensor tensor : tensors) {
            if (tensor.isPresent()) {
                addParameter(tensor.parameter(random));
            }
        }
    }

    /**
     * A network with first values.
     *
     * @param seed of the values; scalings draw nothing, so that they do not change the others
     * @param manager owns the parameters, all float32
     */
    public static SmallNetwork fresh(Architecture architecture, long seed, NDManager manager) {
        SmallNetwork network =
                new SmallNetwork(architecture, RandomStream.INITIAL_WEIGHTS.generator(seed));
        network.initialize(manager, DataType.FLOAT32, new Shape(1, architecture.contextLength()));
        return network;
    }

    /**
     * Loads a folder that {@link #save} wrote.
     *
     * @param manager owns the parameters, all float32
     * @throws IOException if a tensor is missing, extra, misshapen or not finite, or the
     *     configuration is not of a small network; the message names the file
     */
    public static SmallNetwork load(Path folder, NDManager manager) throws IOException {
        Architecture architecture = Architecture.read(folder);
        Checkpoint checkpoint = Checkpoint.openAsNamed(folder);
        SmallNetwork network = fresh(architecture, 0, manager);
        Weights.restore(network.parameters(), checkpoint);
        return network;
    }

    /**
     * Gives the W_Q and W_K of every head mimetic values in place of those that were drawn.
     *
     * @throws IllegalArgumentException if the network has no heads
     */
    public void makeMimetic(Mimetic mimetic) {
        HeadWeights weights =
                architecture
                        .headWeights()
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                "mimetic initialisation needs heads: "
                                                        + architecture));
        for (int layer = 0; layer < weights.layers(); layer++) {
            NDArray array = parameters.get(weights.queriesAndKeys(layer)).getArray();
            float[] values = array.toFloatArray();
            for (int head = 0; head < weights.heads(); head++) {
                mimetic.apply(
                        values,
                        weights.queries(head),
                        weights.keys(head),
                        weights.dim(),
                        weights.dimHead());
            }
            Weights.overwrite(array, values);
        }
    }

    /** What the network is made of. */
    public Architecture architecture() {
        return architecture;
    }

    @Override
    public Loss loss() {
        return architecture.loss();
    }

    @Override
    public Map<String, Parameter> parameters() {
        return Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }

    @Override
    public Set<String> scalings() {
        return tensors.stream()
                .filter(Tensor::scaling)
                .map(Tensor::name)
                .collect(Collectors.toSet());
    }

    @Override
    public Set<String> head() {
        return parameters.keySet().stream()
                .filter(name -> name.startsWith(architecture.head()))
                .collect(Collectors.toSet());
    }

    @Override
    public Set<String> readout() {
        return head(); // the last LayerNorm has no parameters
    }

    @Override
    public List<Projection> projections() {
        return architecture.headWeights().map(HeadWeights::projections).orElse(List.of());
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore store,
            NDList inputs,
            boolean training,
            PairList<String, Object> params) {
        return new NDList(output(store, inputs.head(), training));
    }

    @Override
    public NDArray output(ParameterStore store, NDArray inputIds) {
        return output(store, inputIds, false);
    }

    private NDArray output(ParameterStore store, NDArray inputIds, boolean training) {
        Shape shape = inputIds.getShape();
        boolean fits =
                shape.dimension() == 2
                        && (shape.get(1) == architecture.contextLength()
                                || (architecture.readsAnyLength() && shape.get(1) > 0));
        if (!fits) {
            throw new IllegalArgumentException(
                    "input_ids must be (B, T) with T the context_length: shape=%s, context_length=%d"
                            .formatted(shape, architecture.contextLength()));
        }
        NDManager step = inputIds.getManager();
        NDArray absent = step.create(new Shape(0));
        NDList values = new NDList(tensors.size());
        for (Tensor tensor : tensors) {
            values.add(
                    tensor.isPresent()
                            ? store.getValue(
                                    parameters.get(tensor.name()), inputIds.getDevice(), training)
                            : absent);
        }
        double[] numbers =
                architecture.numbers().stream().mapToDouble(Double::doubleValue).toArray();
        return Kernels.get()
                .call(
                        architecture.kernel(),
                        training,
                        Arguments.of(
                                        inputIds,
                                        step.create(numbers),
                                        step.create(precision == Precision.BF16 ? 1 : 0))
                                .list(values));
    }

    @Override
    public NDArray losses(ParameterStore store, NDArray inputIds, NDArray targets) {
        return loss().each(output(store, inputIds, false), targets);
    }

    @Override
    public void prepare(Precision wanted) {
        precision = wanted;
    }

    @Override
    public void clearGradients() {
        if (!hasGradients) {
            return;
        }
        NDList gradients = new NDList();
        for (Parameter parameter : parameters.values()) {
            if (parameter.requiresGradient()) {
                gradients.add(parameter.getArray().getGradient());
            }
        }
        try (gradients;
                NDArray anchor = owner().create(0f)) {
            Kernels.get().update(Kernel.ZERO, Arguments.of(anchor).list(gradients));
        }
    }

    @Override
    public double backward(
            ParameterStore store,
            GradientCollector collector,
            NDArray inputIds,
            NDArray targets,
            double scale) {
        long examples = inputIds.getShape().get(0);
        // A GPU has no cache to stay in, and every pass costs it launches.
        long together = inputIds.getDevice().isGpu() ? examples : architecture.examplesTogether();
        double sum = 0;
        for (long from = 0; from < examples; from += together) {
            NDIndex some = new NDIndex("{}:{}", from, Math.min(from + together, examples));
            try (NDManager pass = inputIds.getManager().newSubManager()) {
                NDArray output = output(store, inputIds.get(pass, some), true);
                sum += loss().backward(collector, output, targets.get(pass, some), scale);
            }
        }
        hasGradients = true;
        return sum;
    }

    @Override
    public void save(Path folder, TensorType type) throws IOException {
        Weights.save(parameters(), architecture.json(), folder, type);
    }

    @Override
    public void restore(Path folder) throws IOException {
        Weights.restore(parameters(), Checkpoint.openAsNamed(folder));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        long batch = inputShapes[0].get(0);
        return new Shape[] {
            loss() == Loss.NATS ? new Shape(batch, architecture.numClasses()) : new Shape(batch)
        };
    }
}
