package org.diagonal.plugin.gpt2;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.diagonal.plugin.checkpoint.TensorType;
import org.diagonal.plugin.identity.Circuit;
import org.diagonal.plugin.kernels.Kernel;
import org.diagonal.plugin.kernels.Kernels;
import org.diagonal.plugin.kernels.Precision;
import org.diagonal.plugin.network.Loss;
import org.diagonal.plugin.network.Network;
import org.diagonal.plugin.network.Projection;

/**
 * GPT-2 with identity scalings: ids (B, T) int64 to logits (B, T, V) float32, or to one real number
 * (B) read out of the last position where the configuration says regression.
 *
 * <p>Plain GPT-2 is this block without scalings, or with scalings that are zero: both give the same
 * bits outside training. Parameters are direct parameters of the block, named as in checkpoints.
 *
 * <p>B batch, T positions, D width, H heads, V vocabulary. Results belong to the ids' manager.
 */
public final class Gpt2 extends AbstractBlock implements Network {

    private final Gpt2Config config;
    private final Set<String> opened = new HashSet<>(); // parameters whose gradient has an array
    private final Operands operands = new Operands(parameters);
    private boolean fresh; // the next backward pass begins the sums of gradients

    /** A network without arrays; {@link #initialize} gives it Hugging Face's initial values. */
    public Gpt2(Gpt2Config config) {
        this.config = config;
        Gpt2Parameters.of(config).values().forEach(this::addParameter);
    }

    /** The configuration, with the scalings. */
    public Gpt2Config config() {
        return config;
    }

    @Override
    public Loss loss() {
        return config.regression() ? Loss.SQUARED_ERROR : Loss.NATS;
    }

    @Override
    public Map<String, Parameter> parameters() {
        return Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }

    @Override
    public Set<String> scalings() {
        return parameters.keySet().stream()
                .filter(Circuit::isScaling)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    @Override
    public Set<String> head() {
        String head = Gpt2Parameters.head(config);
        return head.equals(Gpt2Parameters.WTE) ? Set.of() : Set.of(head);
    }

    @Override
    public Set<String> readout() {
        Set<String> names = new LinkedHashSet<>(head());
        names.add(Gpt2Parameters.LN_F_WEIGHT);
        names.add(Gpt2Parameters.LN_F_BIAS);
        return names;
    }

    @Override
    public List<Projection> projections() {
        List<Projection> all = new ArrayList<>();
        for (int layer = 0; layer < config.nLayer(); layer++) {
            String module = Gpt2Pass.name(layer, "attn.c_attn");
            all.add(new Projection(module, false, true, config.nHead(), config.headWidth()));
        }
        return all;
    }

    /** Gives every parameter its array, of type float32, owned by a manager. */
    public void initialize(NDManager manager) {
        initialize(manager, DataType.FLOAT32, new Shape(1, config.nPositions()));
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore store,
            NDList inputs,
            boolean training,
            PairList<String, Object> params) {
        // Gradients flow through the parameters alone, so a pass for them is in float32.
        Operands products = training ? new Operands(parameters) : operands;
        NDArray h = hidden(store, inputs.head(), products, training);
        if (config.regression()) {
            return new NDList(last(store, h, training));
        }
        NDArray head = products.of(Gpt2Parameters.head(config));
        return new NDList(
                Kernels.get()
                        .call(
                                Kernel.GPT2_HEAD,
                                training,
                                h,
                                value(store, Gpt2Parameters.LN_F_WEIGHT, h, training),
                                value(store, Gpt2Parameters.LN_F_BIAS, h, training),
                                head,
                                epsilon(h)));
    }

    @Override
    public NDArray output(ParameterStore store, NDArray inputIds) {
        return last(store, hidden(store, inputIds, operands, false), false);
    }

    /** What the head says of the last position: logits (B, V), or real numbers (B). */
    private NDArray last(ParameterStore store, NDArray h, boolean training) {
        NDArray said =
                Kernels.get()
                        .call(
                                Kernel.GPT2_LAST,
                                training,
                                h,
                                value(store, Gpt2Parameters.LN_F_WEIGHT, h, training),
                                value(store, Gpt2Parameters.LN_F_BIAS, h, training),
                                value(store, Gpt2Parameters.head(config), h, training),
                                epsilon(h));
        return config.regression() ? said.squeeze(1) : said;
    }

    @Override
    public NDArray losses(ParameterStore store, NDArray inputIds, NDArray targets) {
        loss().require(targets);
        NDArray h = hidden(store, inputIds, operands, false);
        if (config.regression()) {
            return loss().each(last(store, h, false), targets);
        }
        return Kernels.get()
                .call(
                        Kernel.GPT2_NATS,
                        false,
                        h,
                        targets,
                        value(store, Gpt2Parameters.LN_F_WEIGHT, h, false),
                        value(store, Gpt2Parameters.LN_F_BIAS, h, false),
                        operands.of(Gpt2Parameters.head(config)),
                        epsilon(h));
    }

    @Override
    public void prepare(Precision precision) {
        List<String> names = new ArrayList<>();
        for (int layer = 0; layer < config.nLayer(); layer++) {
            for (int i = 0; i < Gpt2Parameters.LAYER.length; i++) {
                if (Gpt2Pass.isMatrix(i)) {
                    names.add(Gpt2Pass.name(layer, Gpt2Parameters.LAYER[i]));
                }
            }
        }
        if (!config.regression()) {
            names.add(Gpt2Parameters.head(config));
        }
        operands.take(precision, names);
    }

    @Override
    public void clearGradients() {
        fresh = true;
    }

    @Override
    public double backward(
            ParameterStore store,
            GradientCollector collector,
            NDArray inputIds,
            NDArray targets,
            double scale) {
        loss().require(targets);
        requireIds(inputIds);
        if (opened.isEmpty()) {
            new Rehearsal(config, operands.precision()).run(collector, inputIds);
        }
        return pass(store, collector, inputIds, targets, scale);
    }

    /** The same, without the rehearsal before the first pass. */
    double pass(
            ParameterStore store,
            GradientCollector collector,
            NDArray inputIds,
            NDArray targets,
            double scale) {
        openGradients(collector);
        NDManager step = inputIds.getManager();
        if (fresh) {
            Gpt2Backward.zeroOthers(config, parameters(), step);
        }
        Gpt2Pass pass = new Gpt2Pass(this, operands, store, step, true);
        Gpt2Backward backward = new Gpt2Backward(config, pass, operands, step, fresh);
        fresh = false;
        return config.regression()
                ? backward.regression(collector, inputIds, targets, scale)
                : backward.nats(inputIds, targets, scale);
    }

    /** Gives every gradient its array, which the kernels add to in place. */
    private void openGradients(GradientCollector collector) {
        for (Parameter parameter : parameters.values()) {
            if (parameter.requiresGradient() && opened.add(parameter.getName())) {
                try (NDArray zero =
                        Kernels.get().call(Kernel.OPEN_GRADIENT, true, parameter.getArray())) {
                    collector.backward(zero);
                }
            }
        }
    }

    /** The hidden states after the last layer, before {@code ln_f}: (B, T, D). */
    private NDArray hidden(
            ParameterStore store, NDArray inputIds, Operands products, boolean training) {
        requireIds(inputIds);
        return new Gpt2Pass(this, products, store, inputIds.getManager(), training)
                .hidden(inputIds);
    }

    private void requireIds(NDArray inputIds) {
        Shape shape = inputIds.getShape();
        if (shape.dimension() != 2 || shape.get(1) > config.nPositions()) {
            throw new IllegalArgumentException(
                    "input_ids must be (B, T) with T at most n_positions: shape="
                            + shape
                            + ", n_positions="
                            + config.nPositions());
        }
    }

    private NDArray epsilon(NDArray h) {
        return h.getManager().create(config.layerNormEpsilon());
    }

    /** Whether it computes plain GPT-2: it has no scalings, or all are zero. */
    public boolean isPlain() {
        return scalings().stream().allMatch(name -> isZero(parameters.get(name).getArray()));
    }

    static boolean isZero(NDArray values) {
        for (float value : values.toFloatArray()) {
            if (value != 0) {
                return false;
            }
        }
        return true;
    }

    private NDArray value(ParameterStore store, String name, NDArray like, boolean training) {
        return store.getValue(parameters.get(name), like.getDevice(), training);
    }

    @Override
    public void save(Path folder, TensorType type) throws IOException {
        ModelFolder.save(this, folder, type);
    }

    @Override
    public void restore(Path folder) throws IOException {
        ModelFolder.restore(this, folder);
        prepare(operands.precision());
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        if (config.regression()) {
            return new Shape[] {new Shape(inputShapes[0].get(0))};
        }
        return new Shape[] {inputShapes[0].add(config.vocabSize())};
    }
}
