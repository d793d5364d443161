package org.diagonal.plugin.control;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.diagonal.plugin.kernels.Arguments;
import org.diagonal.plugin.kernels.Kernel;
import org.diagonal.plugin.kernels.Kernels;
import org.diagonal.plugin.network.Network;
import org.diagonal.plugin.network.Projection;

/** {@link org.diagonal.plugin.identity.Control.Temperature} in one layer: queries times 1 + t. */
final class Temperatures implements Mixture {

    private final Projection projection;
    private final Parameter t; // (H)
    private final Map<String, Parameter> base = new LinkedHashMap<>();
    private final NDList made = new NDList();

    private Temperatures(Network network, Projection projection) {
        this.projection = projection;
        NDManager owner = network.owner();
        t =
                Numbers.of(
                        projection.beside("temperature"),
                        owner.zeros(new Shape(projection.heads())));
        add(network.parameters().get(projection.weight()));
        projection.bias().ifPresent(bias -> add(network.parameters().get(bias)));
    }

    private void add(Parameter parameter) {
        made.add(parameter.getArray());
        base.put(parameter.getName(), Numbers.copy(parameter));
    }

    /** Those of all layers. */
    static List<Mixture> of(Network network) {
        List<Mixture> all = new ArrayList<>();
        for (Projection projection : network.projections()) {
            if (projection.heads() > 0) {
                all.add(new Temperatures(network, projection));
            }
        }
        return all;
    }

    @Override
    public Map<String, Parameter> base() {
        return base;
    }

    @Override
    public Map<String, Parameter> numbers() {
        return Map.of(t.getName(), t);
    }

    @Override
    public void make() {
        update(Kernel.CONTROL_TEMPERATURE);
    }

    @Override
    public void backward() {
        update(Kernel.CONTROL_TEMPERATURE_BACKWARD);
    }

    private void update(Kernel kernel) {
        NDList bases = new NDList();
        base.values().forEach(parameter -> bases.add(parameter.getArray()));
        NDArray values = t.getArray();
        try (NDArray numbers =
                values.getManager()
                        .create(
                                new double[] {
                                    projection.headWidth(), projection.outputsFirst() ? 0 : 1
                                })) {
            Kernels.get().update(kernel, Arguments.of(values, numbers).list(made).list(bases));
        }
    }
}
