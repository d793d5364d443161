package org.diagonal.plugin.identity;

import java.util.Collection;
import java.util.Set;

/**
 * An ablation: what the scaling of each circuit of each head is multiplied with. A factor of 1
 * keeps its bits, one of 0 takes the scaling away.
 */
@FunctionalInterface
public interface ScalingFactors {

    /** All as trained. */
    ScalingFactors TRAINED = (circuit, head) -> 1;

    /** None at all: the plain network. */
    ScalingFactors PLAIN = (circuit, head) -> 0;

    /** The factor of one scaling; any finite number. */
    double of(Circuit circuit, Head head);

    /** All scalings of a circuit times the same. */
    static ScalingFactors of(double qk, double ov) {
        return (circuit, head) ->
                switch (circuit) {
                    case QK -> qk;
                    case OV -> ov;
                };
    }

    /** All as trained but for one scaling, which is taken away. */
    static ScalingFactors without(Circuit circuit, Head head) {
        return (other, any) -> other == circuit && any.equals(head) ? 0 : 1;
    }

    /** One scaling as trained, all others of both circuits taken away. */
    static ScalingFactors only(Circuit circuit, Head head) {
        return (other, any) -> other == circuit && any.equals(head) ? 1 : 0;
    }

    /** The same factors, but for some heads, whose scalings of both circuits are taken away. */
    default ScalingFactors without(Collection<Head> heads) {
        Set<Head> gone = Set.copyOf(heads);
        return (circuit, head) -> gone.contains(head) ? 0 : of(circuit, head);
    }

    /**
     * The scalings of a layer, multiplied.
     *
     * @param scalings of the layer's heads, in their order
     * @return as many; a factor of 0 gives +0
     * @throws IllegalArgumentException if a product is not finite although its scaling is
     */
    default float[] times(Circuit circuit, int layer, float... scalings) {
        float[] products = scalings.clone();
        for (int i = 0; i < products.length; i++) {
            Head head = new Head(layer, i);
            double factor = of(circuit, head);
            if (factor == 1) {
                continue;
            }
            products[i] = factor == 0 ? 0 : (float) (scalings[i] * factor);
            if (Float.isFinite(scalings[i]) && !Float.isFinite(products[i])) {
                throw new IllegalArgumentException(
                        "%s of head %s is beyond float32 when multiplied: %s times %s"
                                .formatted(circuit.letter(), head, scalings[i], factor));
            }
        }
        return products;
    }
}
