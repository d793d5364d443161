package org.diagonal.plugin.onnx.graph;

import ai.djl.nn.Parameter;
import java.util.ArrayList;
import java.util.List;
import org.diagonal.plugin.gpt2.Gpt2;
import org.diagonal.plugin.identity.Circuit;
import org.diagonal.plugin.identity.IdentityScalings;

/**
 * The scalings of a network as numbers.
 *
 * @param settings how they enter; none where all are zero
 * @param a of every layer and head, without the multiplier; empty where the circuit has none
 * @param b the same of the other circuit
 */
public record ScalingValues(IdentityScalings settings, List<List<Float>> a, List<List<Float>> b) {

    /** Copies the lists. */
    public ScalingValues {
        a = a.stream().map(List::copyOf).toList();
        b = b.stream().map(List::copyOf).toList();
    }

    /** Reads a network's scalings; a circuit whose scalings are all zero has none. */
    public static ScalingValues of(Gpt2 network) {
        List<List<Float>> a = values(network, Circuit.QK);
        List<List<Float>> b = values(network, Circuit.OV);
        IdentityScalings all = network.config().scalings();
        IdentityScalings settings =
                new IdentityScalings(
                        a.isEmpty() ? 0 : all.wkwqIdMult(),
                        b.isEmpty() ? 0 : all.wvwoIdMult(),
                        all.maskDiagWkwq(),
                        all.permuteWkwq());
        return new ScalingValues(settings, a, b);
    }

    private static List<List<Float>> values(Gpt2 network, Circuit circuit) {
        List<List<Float>> layers = new ArrayList<>();
        for (int layer = 0; layer < network.config().nLayer(); layer++) {
            Parameter parameter = network.parameters().get(circuit.parameter(layer));
            if (parameter == null) {
                return List.of();
            }
            List<Float> heads = new ArrayList<>();
            for (float value : parameter.getArray().toFloatArray()) {
                heads.add(value);
            }
            layers.add(heads);
        }
        return layers.stream().allMatch(ScalingValues::isZero) ? List.of() : layers;
    }

    private static boolean isZero(List<Float> heads) {
        return heads.stream().allMatch(value -> value == 0);
    }

    /** Whether the network computes plain GPT-2. */
    public boolean isNone() {
        return settings.isNone();
    }

    /** A circuit's values; empty where it has none. */
    public List<List<Float>> of(Circuit circuit) {
        return switch (circuit) {
            case QK -> a;
            case OV -> b;
        };
    }

    /** Whether a layer's heads have a scaling of a circuit that is not zero. */
    boolean has(Circuit circuit, int layer) {
        return !of(circuit).isEmpty() && !isZero(of(circuit).get(layer));
    }
}
