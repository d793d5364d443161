package org.diagonal.plugin.finetune;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.diagonal.plugin.checkpoint.SafetensorsFile;
import org.diagonal.plugin.checkpoint.SafetensorsWriter;
import org.diagonal.plugin.checkpoint.TensorType;
import org.diagonal.plugin.kernels.Arguments;
import org.diagonal.plugin.kernels.Kernel;
import org.diagonal.plugin.kernels.Kernels;
import org.diagonal.plugin.network.Weights;

/**
 * AdamW (Loshchilov and Hutter 2019) in three groups: matrices with decay, other parameters
 * without, and the identity scalings without and at their own learning rate.
 *
 * <p>β₁ = 0.9, β₂ = 0.999, ε = 1e-8 as in PyTorch. One fused pass a group; parameters stay leaves.
 * The moments belong to a manager of this object, which {@link #close} closes.
 */
public final class AdamW implements AutoCloseable {

    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.999;
    private static final double EPSILON = 1e-8;

    private enum Group {
        MATRICES,
        VECTORS,
        SCALINGS
    }

    private record Slot(String name, NDArray parameter, NDArray first, NDArray second) {}

    private final NDManager manager;
    private final double weightDecay;
    private final Map<Group, List<Slot>> groups = new EnumMap<>(Group.class);
    private long updates;

    /**
     * An optimizer with moments of zero.
     *
     * @param parameters what moves, by name
     * @param scalings which of them are identity scalings
     * @param weightDecay of parameters with two or more dimensions
     */
    AdamW(
            NDManager parent,
            Map<String, Parameter> parameters,
            Set<String> scalings,
            double weightDecay) {
        this.manager = parent.newSubManager();
        this.weightDecay = weightDecay;
        parameters.forEach(
                (name, parameter) ->
                        groups.computeIfAbsent(
                                        scalings.contains(name) ? Group.SCALINGS : group(parameter),
                                        g -> new ArrayList<>())
                                .add(slot(name, parameter.getArray())));
    }

    private Slot slot(String name, NDArray parameter) {
        return new Slot(
                name,
                parameter,
                manager.zeros(parameter.getShape()),
                manager.zeros(parameter.getShape()));
    }

    private static Group group(Parameter parameter) {
        return parameter.getShape().dimension() >= 2 ? Group.MATRICES : Group.VECTORS;
    }

    /** Updates done so far. */
    long updates() {
        return updates;
    }

    /** The gradients' global norm, √ of the sum of squares over all parameters. */
    double gradientNorm() {
        try (Gradients gradients = new Gradients();
                NDArray anchor = manager.create(0f);
                NDArray norm = norm(gradients.all(), anchor)) {
            return norm.getFloat();
        }
    }

    /** Whether every parameter that moves is a finite number. */
    public boolean isFinite() {
        NDList parameters = new NDList();
        groups.values().forEach(slots -> parameters.addAll(list(slots, Slot::parameter)));
        try (NDArray anchor = manager.create(0f);
                NDArray norm = norm(parameters, anchor)) {
            return Float.isFinite(norm.getFloat());
        }
    }

    private static NDArray norm(NDList arrays, NDArray anchor) {
        return Kernels.get().call(Kernel.GRAD_NORM, false, Arguments.of(anchor).list(arrays));
    }

    /**
     * Moves every parameter by its gradient.
     *
     * @param divisor of every gradient, for clipping
     */
    void update(double lr, double scalingsLr, double divisor) {
        updates++;
        try (Gradients gradients = new Gradients();
                NDManager step = manager.newSubManager()) {
            for (Map.Entry<Group, List<Slot>> group : groups.entrySet()) {
                List<Slot> slots = group.getValue();
                boolean decays = group.getKey() == Group.MATRICES;
                boolean scalings = group.getKey() == Group.SCALINGS;
                Kernels.get()
                        .update(
                                Kernel.ADAMW,
                                Arguments.of(
                                                step.create((float) updates),
                                                step.create(scalings ? scalingsLr : lr),
                                                step.create(BETA1),
                                                step.create(BETA2),
                                                step.create(EPSILON),
                                                step.create(decays ? weightDecay : 0.0),
                                                step.create((float) divisor))
                                        .list(list(slots, Slot::parameter))
                                        .list(gradients.of(group.getKey()))
                                        .list(list(slots, Slot::first))
                                        .list(list(slots, Slot::second)));
            }
        }
    }

    private static NDList list(List<Slot> slots, java.util.function.Function<Slot, NDArray> part) {
        return slots.stream().map(part).collect(Collectors.toCollection(NDList::new));
    }

    /**
     * Writes the moments under PyTorch's names, {@code exp_avg.NAME} and {@code exp_avg_sq.NAME}.
     */
    public void save(Path file) throws IOException {
        List<SafetensorsWriter.Entry> entries = new ArrayList<>();
        for (List<Slot> slots : groups.values()) {
            for (Slot slot : slots) {
                entries.add(
                        SafetensorsWriter.of("exp_avg." + slot.name, slot.first, TensorType.F32));
                entries.add(
                        SafetensorsWriter.of(
                                "exp_avg_sq." + slot.name, slot.second, TensorType.F32));
            }
        }
        SafetensorsWriter.write(file, entries, Map.of("format", "pt"));
    }

    /**
     * Takes up moments that {@link #save} wrote.
     *
     * @param updates updates done when they were written
     */
    public void load(Path file, long updates) throws IOException {
        SafetensorsFile saved = SafetensorsFile.open(file);
        for (List<Slot> slots : groups.values()) {
            for (Slot slot : slots) {
                restore(saved, "exp_avg." + slot.name, slot.first);
                restore(saved, "exp_avg_sq." + slot.name, slot.second);
            }
        }
        this.updates = updates;
    }

    private void restore(SafetensorsFile saved, String name, NDArray into) throws IOException {
        try (NDArray moment = saved.read(name, manager)) {
            if (!moment.getShape().equals(into.getShape())) {
                throw new IOException(
                        saved.path()
                                + ": "
                                + name
                                + " has shape "
                                + Arrays.toString(moment.getShape().getShape())
                                + " instead of "
                                + Arrays.toString(into.getShape().getShape()));
            }
            Weights.overwrite(into, moment);
        }
    }

    @Override
    public void close() {
        manager.close();
    }

    /** Handles of all gradients, to be closed after use; the gradients stay. */
    private final class Gradients implements AutoCloseable {

        private final Map<Group, NDList> lists = new EnumMap<>(Group.class);

        Gradients() {
            groups.forEach(
                    (group, slots) ->
                            lists.put(group, list(slots, slot -> slot.parameter.getGradient())));
        }

        NDList of(Group group) {
            return lists.get(group);
        }

        NDList all() {
            NDList all = new NDList();
            lists.values().forEach(all::addAll);
            return all;
        }

        @Override
        public void close() {
            lists.values().forEach(NDList::close);
        }
    }
}
