package org.diagonal.eval.evaluate;

import java.util.LinkedHashMap;
import java.util.Map;
import org.diagonal.plugin.identity.Circuit;
import org.diagonal.plugin.identity.ScalingFactors;
import org.diagonal.plugin.identity.ScalingTensors;
import org.diagonal.plugin.network.Network;
import org.diagonal.plugin.network.Weights;

/**
 * A network whose scalings are multiplied until they are restored; then they have their own bits.
 */
public final class ChangedNetwork {

    private final Network network;
    private final Map<String, float[]> trained = new LinkedHashMap<>();

    private ChangedNetwork(Network network) {
        this.network = network;
    }

    /**
     * Multiplies the scalings of a network of any architecture.
     *
     * @throws IllegalArgumentException if a product is not finite; nothing is changed then
     */
    public static ChangedNetwork of(Network network, ScalingFactors factors) {
        ChangedNetwork before = new ChangedNetwork(network);
        Map<String, float[]> changed = new LinkedHashMap<>();
        ScalingTensors tensors = ScalingTensors.of(network.scalings());
        for (Circuit circuit : Circuit.values()) {
            tensors.of(circuit)
                    .forEach(
                            (layer, name) -> {
                                float[] values = values(network, name);
                                before.trained.put(name, values);
                                changed.put(name, factors.times(circuit, layer, values));
                            });
        }
        changed.forEach((name, values) -> overwrite(network, name, values));
        return before;
    }

    private static float[] values(Network network, String name) {
        return network.parameters().get(name).getArray().toFloatArray();
    }

    private static void overwrite(Network network, String name, float[] values) {
        Weights.overwrite(network.parameters().get(name).getArray(), values);
    }

    /** Gives the network its scalings back. */
    public void restore() {
        trained.forEach((name, values) -> overwrite(network, name, values));
    }
}
