package org.diagonal.plugin.finetune;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import java.util.stream.Collectors;
import org.diagonal.plugin.kernels.Arguments;
import org.diagonal.plugin.kernels.Kernel;
import org.diagonal.plugin.kernels.Kernels;
import org.diagonal.plugin.network.Network;

/** Keeps a training's best values in native memory. */
final class MemoryCheckpointer implements Checkpointer {

    private final Network network;
    private final NDList values;
    private final NDManager manager;
    private NDList best = new NDList();

    MemoryCheckpointer(Network network) {
        this.network = network;
        this.values =
                network.parameters().values().stream()
                        .map(Parameter::getArray)
                        .collect(Collectors.toCollection(NDList::new));
        this.manager = values.head().getManager().newSubManager();
    }

    @Override
    public Network network() {
        return network;
    }

    @Override
    public TrainingState begin(
            TrainingSettings settings, AdamW optimizer, TrainingListener listener) {
        return TrainingState.START;
    }

    @Override
    public void began(double validLoss) {}

    @Override
    public void stepped(TrainingStep step) {}

    @Override
    public void keep(
            TrainingState state, boolean interrupted, AdamW optimizer, TrainingListener listener) {
        if (state.bestStep() != state.step()) {
            return;
        }
        if (best.isEmpty()) {
            for (NDArray value : values) {
                best.add(manager.create(value.getShape()));
            }
        }
        copy(values, best);
    }

    private void copy(NDList from, NDList to) {
        try (NDArray anchor = manager.create(0f)) {
            Kernels.get().update(Kernel.COPY, Arguments.of(anchor).list(to).list(from));
        }
    }

    @Override
    public String remains() {
        return "nothing of it was to be saved";
    }

    @Override
    public void finish(TrainingState state) {
        if (state.bestStep() > 0 && state.bestStep() < state.step()) {
            copy(best, values);
        }
    }

    @Override
    public void close() {
        manager.close();
    }
}
