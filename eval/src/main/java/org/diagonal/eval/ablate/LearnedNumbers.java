package org.diagonal.eval.ablate;

import java.util.ArrayList;
import java.util.List;
import org.diagonal.plugin.identity.Circuit;
import org.diagonal.plugin.identity.Head;
import org.diagonal.plugin.identity.ScalingTensors;
import org.diagonal.plugin.network.Network;

/**
 * The scalings of a network, number by number.
 *
 * @param all by circuit, layer and head
 */
record LearnedNumbers(List<One> all) {

    /** One scaling. */
    record One(Circuit circuit, Head head, double value) {}

    /** Copies the list. */
    LearnedNumbers {
        all = List.copyOf(all);
    }

    /** Reads those of a network of any architecture. */
    static LearnedNumbers of(Network network) {
        List<One> all = new ArrayList<>();
        ScalingTensors tensors = ScalingTensors.of(network.scalings());
        for (Circuit circuit : Circuit.values()) {
            tensors.of(circuit)
                    .forEach(
                            (layer, name) -> {
                                float[] heads =
                                        network.parameters().get(name).getArray().toFloatArray();
                                for (int head = 0; head < heads.length; head++) {
                                    all.add(new One(circuit, new Head(layer, head), heads[head]));
                                }
                            });
        }
        return new LearnedNumbers(all);
    }

    /** Whether a circuit has scalings. */
    boolean has(Circuit circuit) {
        return all.stream().anyMatch(one -> one.circuit == circuit);
    }

    /** How many are not zero. */
    int moved() {
        return (int) all.stream().filter(one -> one.value != 0).count();
    }
}
