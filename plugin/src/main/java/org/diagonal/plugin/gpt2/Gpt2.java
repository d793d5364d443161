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
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.diagonal.plugin.checkpoint.TensorType;
import org.diagonal.plugin.identity.Circuit;
import org.diagonal.plugin.identity.IdentityScalings;
import org.diagonal.plugin.kernels.Kernels;
import org.diagonal.plugin.network.Loss;
import org.diagonal.plugin.network.Network;

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
        NDArray h = hidden(store, inputs.head(), training);
        if (config.regression()) {
            return new NDList(last(store, h, training));
        }
        NDArray logits =
                Kernels.get()
                        .call("gpt2_head", training, withHead(store, h, h.getManager(), training));
        return new NDList(logits);
    }

    @Override
    public NDArray output(ParameterStore store, NDArray inputIds) {
        return last(store, hidden(store, inputIds, false), false);
    }

    /** What the head says of the last position: logits (B, V), or real numbers (B). */
    private NDArray last(ParameterStore store, NDArray h, boolean training) {
        NDArray said =
                Kernels.get()
                        .call("gpt2_last", training, withHead(store, h, h.getManager(), training));
        return config.regression() ? said.squeeze(1) : said;
    }

    @Override
    public NDArray losses(ParameterStore store, NDArray inputIds, NDArray targets) {
        loss().require(targets);
        NDArray h = hidden(store, inputIds, false);
        if (config.regression()) {
            return loss().each(last(store, h, false), targets);
        }
        return Kernels.get()
                .call("gpt2_nats", false, withHead(store, h, h.getManager(), false, targets));
    }

    @Override
    public double backward(
            ParameterStore store,
            GradientCollector collector,
            NDArray inputIds,
            NDArray targets,
            double scale) {
        loss().require(targets);
        openGradients(collector);
        NDArray h = hidden(store, inputIds, true);
        if (config.regression()) {
            return loss().backward(collector, last(store, h, true), targets, scale);
        }
        NDManager step = h.getManager();
        NDArray nats =
                Kernels.get()
                        .call(
                                "gpt2_loss",
                                true,
                                withHead(store, h, step, true, targets, step.create(scale)));
        collector.backward(nats);
        return nats.getFloat();
    }

    /** Gives every gradient its array, which the kernels add to in place. */
    private void openGradients(GradientCollector collector) {
        for (Parameter parameter : parameters.values()) {
            if (parameter.requiresGradient() && opened.add(parameter.getName())) {
                try (NDArray zero = Kernels.get().call("gpt2_open", true, parameter.getArray())) {
                    collector.backward(zero);
                }
            }
        }
    }

    private NDArray[] withHead(
            ParameterStore store, NDArray h, NDManager step, boolean training, NDArray... more) {
        NDArray[] fixed = {
            h,
            value(store, Gpt2Parameters.LN_F_WEIGHT, h, training),
            value(store, Gpt2Parameters.LN_F_BIAS, h, training),
            value(store, Gpt2Parameters.head(config), h, training),
            step.create(config.layerNormEpsilon())
        };
        NDArray[] all = Arrays.copyOf(fixed, fixed.length + more.length);
        System.arraycopy(more, 0, all, fixed.length, more.length);
        return all;
    }

    /** The hidden states after the last layer, before {@code ln_f}: (B, T, D). */
    private NDArray hidden(ParameterStore store, NDArray inputIds, boolean training) {
        Shape shape = inputIds.getShape();
        if (shape.dimension() != 2 || shape.get(1) > config.nPositions()) {
            throw new IllegalArgumentException(
                    "input_ids must be (B, T) with T at most n_positions: shape="
                            + shape
                            + ", n_positions="
                            + config.nPositions());
        }
        NDManager step = inputIds.getManager();
        NDArray h =
                Kernels.get()
                        .call(
                                "gpt2_embed",
                                training,
                                inputIds,
                                value(store, Gpt2Parameters.WTE, inputIds, training),
                                value(store, Gpt2Parameters.WPE, inputIds, training),
                                step.create(training ? config.embdPdrop() : 0.0));
        NDArray[] constants = constants(step, training);
        for (int layer = 0; layer < config.nLayer(); layer++) {
            h = layer(store, h, layer, constants, training);
        }
        return h;
    }

    private NDArray layer(
            ParameterStore store, NDArray h, int layer, NDArray[] constants, boolean training) {
        int names = Gpt2Parameters.LAYER.length;
        NDArray[] arguments = new NDArray[1 + names + 2 + constants.length + 1];
        arguments[0] = h;
        for (int i = 0; i < names; i++) {
            arguments[1 + i] =
                    value(
                            store,
                            "transformer.h." + layer + "." + Gpt2Parameters.LAYER[i],
                            h,
                            training);
        }
        arguments[1 + names] = scalings(store, Circuit.QK, layer, h, training);
        arguments[2 + names] = scalings(store, Circuit.OV, layer, h, training);
        System.arraycopy(constants, 0, arguments, 3 + names, constants.length);
        arguments[arguments.length - 1] = h.getManager().create(config.attentionScale(layer));
        return Kernels.get().call("gpt2_block", training, arguments);
    }

    /** What the kernel needs and does not change from layer to layer. */
    private NDArray[] constants(NDManager step, boolean training) {
        IdentityScalings scalings = config.scalings();
        return new NDArray[] {
            step.create(scalings.wkwqIdMult()),
            step.create(scalings.wvwoIdMult()),
            step.create(config.nHead()),
            step.create(scalings.maskDiagWkwq() ? 1 : 0),
            step.create(config.activation().kernel()),
            step.create(config.layerNormEpsilon()),
            step.create(training ? config.attnPdrop() : 0.0),
            step.create(training ? config.residPdrop() : 0.0),
        };
    }

    /**
     * A layer's scalings (H), or an empty array where the circuit has none. Outside training,
     * scalings that are all zero count as none: the layer is then plain GPT-2's to the bit.
     */
    private NDArray scalings(
            ParameterStore store, Circuit circuit, int layer, NDArray h, boolean training) {
        if (!config.scalings().has(circuit)) {
            return h.getManager().create(new Shape(0));
        }
        NDArray values = value(store, circuit.parameter(layer), h, training);
        if (!training && isZero(values)) {
            return h.getManager().create(new Shape(0));
        }
        return values;
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
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        if (config.regression()) {
            return new Shape[] {new Shape(inputShapes[0].get(0))};
        }
        return new Shape[] {inputShapes[0].add(config.vocabSize())};
    }
}
