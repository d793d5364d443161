package org.diagonal.plugin.control;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.diagonal.plugin.identity.Control;
import org.diagonal.plugin.network.Network;
import org.diagonal.plugin.network.Weights;

/**
 * What a control trains: a network around another one, so that networks know nothing of controls.
 */
public final class Controls {

    /** What the names of all networks' scalings of QK circuits have in common. */
    private static final String QK = ".wkwq_id";

    private Controls() {}

    /**
     * The network that is trained.
     *
     * @param control of the arm; where there is none the network itself
     * @param network with the first values of all its parameters; {@link Control.Fixed} and {@link
     *     Control.Permuted} need scalings of the QK circuits in it
     * @param seed of new numbers, which do not change the others
     * @throws IllegalArgumentException if the network lacks what the control changes
     */
    public static Network on(Optional<Control> control, Network network, long seed) {
        if (control.isEmpty()) {
            return network;
        }
        Control one = control.get();
        if (one instanceof Control.Temperature) {
            requireHeads(network, "temperature");
            return new MadeNetwork(network, Temperatures.of(network));
        }
        if (one instanceof Control.Lora lora) {
            requireHeads(network, "LoRA");
            return new MadeNetwork(network, LoraMatrix.of(network, lora.rank(), seed));
        }
        if (one instanceof Control.Fixed fixed) {
            return fixed(network, fixed.a());
        }
        return one instanceof Control.Head ? head(network) : network;
    }

    private static void requireHeads(Network network, String what) {
        if (network.projections().isEmpty()) {
            throw new IllegalArgumentException("%s needs attention heads".formatted(what));
        }
    }

    private static Network fixed(Network network, double a) {
        Set<String> fixed = new LinkedHashSet<>(network.scalings());
        fixed.removeIf(name -> !name.contains(QK));
        if (fixed.isEmpty()) {
            throw new IllegalArgumentException("fixed scalings need a network that has them");
        }
        for (String name : fixed) {
            float[] values = network.parameters().get(name).getArray().toFloatArray();
            Arrays.fill(values, (float) a);
            Weights.overwrite(network.parameters().get(name).getArray(), values);
        }
        Set<String> others = new LinkedHashSet<>(network.scalings());
        others.removeAll(fixed);
        return new StillNetwork(network, fixed, others);
    }

    private static Network head(Network network) {
        Set<String> still = new LinkedHashSet<>(network.parameters().keySet());
        still.removeAll(network.readout());
        if (network.readout().isEmpty()) {
            throw new IllegalArgumentException(
                    "training the head alone needs a head, and this network reads out through its embedding");
        }
        return new StillNetwork(network, still, network.readout());
    }
}
