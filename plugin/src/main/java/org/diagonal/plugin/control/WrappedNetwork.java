package org.diagonal.plugin.control;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.diagonal.plugin.checkpoint.TensorType;
import org.diagonal.plugin.kernels.Precision;
import org.diagonal.plugin.network.Loss;
import org.diagonal.plugin.network.Network;
import org.diagonal.plugin.network.Projection;

/** A network that does what another one does. */
abstract sealed class WrappedNetwork implements Network permits MadeNetwork, StillNetwork {

    private final Network inner;

    WrappedNetwork(Network inner) {
        this.inner = inner;
    }

    /** The other one. */
    final Network inner() {
        return inner;
    }

    @Override
    public Loss loss() {
        return inner.loss();
    }

    @Override
    public Map<String, Parameter> parameters() {
        return inner.parameters();
    }

    @Override
    public Set<String> scalings() {
        return inner.scalings();
    }

    @Override
    public Set<String> head() {
        return inner.head();
    }

    @Override
    public Set<String> readout() {
        return inner.readout();
    }

    @Override
    public List<Projection> projections() {
        return inner.projections();
    }

    @Override
    public void prepare(Precision precision) {
        inner.prepare(precision);
    }

    @Override
    public void clearGradients() {
        inner.clearGradients();
    }

    @Override
    public double backward(
            ParameterStore store,
            GradientCollector collector,
            NDArray inputIds,
            NDArray targets,
            double scale) {
        return inner.backward(store, collector, inputIds, targets, scale);
    }

    @Override
    public NDArray losses(ParameterStore store, NDArray inputIds, NDArray targets) {
        return inner.losses(store, inputIds, targets);
    }

    @Override
    public NDArray output(ParameterStore store, NDArray inputIds) {
        return inner.output(store, inputIds);
    }

    @Override
    public void save(Path folder, TensorType type) throws IOException {
        inner.save(folder, type);
    }

    @Override
    public void restore(Path folder) throws IOException {
        inner.restore(folder);
    }
}
