package org.diagonal.plugin.small;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;
import org.diagonal.plugin.identity.Circuit;
import org.diagonal.plugin.identity.IdentityScalings;

/**
 * A parameter that a network has, or the place of one that it could have but has not.
 *
 * @param name in checkpoints; empty for one that is absent
 * @param shape its sizes
 * @param start how its first values come about
 * @param size the constant, the standard deviation or the bound of what is drawn
 * @param scaling whether it is of identity scalings
 */
public record Tensor(String name, List<Long> shape, Start start, double size, boolean scaling) {

    /** How first values come about. */
    public enum Start {
        /** All are the same. */
        CONSTANT,
        /** Each is drawn from a normal distribution around 0. */
        NORMAL,
        /** Each is drawn uniformly around 0. */
        UNIFORM
    }

    /** The place of a parameter that a network does not have. */
    static final Tensor ABSENT = new Tensor("", List.of(0L), Start.CONSTANT, 0, false);

    /** Copies the shape. */
    public Tensor {
        shape = List.copyOf(shape);
    }

    static Tensor constant(String name, double value, long... shape) {
        return new Tensor(name, list(shape), Start.CONSTANT, value, false);
    }

    /** Drawn from N(0, 1), as PyTorch's embeddings are. */
    static Tensor normal(String name, long... shape) {
        return new Tensor(name, list(shape), Start.NORMAL, 1, false);
    }

    /** Drawn uniformly up to ±1/√{@code fanIn}, as weights and biases of PyTorch's layers are. */
    static Tensor uniform(String name, int fanIn, long... shape) {
        return new Tensor(name, list(shape), Start.UNIFORM, 1 / Math.sqrt(fanIn), false);
    }

    /** Adds an attention layer's five: its LayerNorm, then W_Q and W_K, W_V, W_O of its heads. */
    static void addAttention(List<Tensor> all, String name, int dim, int inner) {
        all.add(constant(name + "norm.weight", 1, dim));
        all.add(constant(name + "norm.bias", 0, dim));
        all.add(uniform(name + "fn.to_qk.weight", dim, 2L * inner, dim));
        all.add(uniform(name + "fn.to_v.weight", dim, inner, dim));
        all.add(uniform(name + "fn.to_out.0.weight", inner, dim, inner));
    }

    /** Adds its identity scalings, zero at first; {@link #ABSENT} where a circuit has none. */
    static void addScalings(List<Tensor> all, String name, IdentityScalings has, long heads) {
        all.add(scalings(has.has(Circuit.QK), name + "fn.wkwq_identity_scalings", heads));
        all.add(scalings(has.has(Circuit.OV), name + "fn.wvwo_identity_scalings", heads));
    }

    private static Tensor scalings(boolean present, String name, long heads) {
        return present ? new Tensor(name, List.of(heads), Start.CONSTANT, 0, true) : ABSENT;
    }

    private static List<Long> list(long... shape) {
        return LongStream.of(shape).boxed().toList();
    }

    boolean isPresent() {
        return !name.isEmpty();
    }

    /** A parameter of this name and shape that draws its first values from a source. */
    Parameter parameter(UniformRandomProvider random) {
        long[] sizes = shape.stream().mapToLong(Long::longValue).toArray();
        return Parameter.builder()
                .setName(name)
                .setType(Parameter.Type.OTHER)
                .optShape(new Shape(sizes))
                .optInitializer((owner, wanted, type) -> owner.create(values(random), wanted))
                .build();
    }

    private float[] values(UniformRandomProvider random) {
        long count = shape.stream().reduce(1L, Math::multiplyExact);
        float[] values = new float[Math.toIntExact(count)];
        ZigguratSampler.NormalizedGaussian gaussian = ZigguratSampler.NormalizedGaussian.of(random);
        for (int i = 0; i < values.length; i++) {
            values[i] =
                    (float)
                            switch (start) {
                                case CONSTANT -> size;
                                case NORMAL -> size * gaussian.sample();
                                case UNIFORM -> size * (2 * random.nextDouble() - 1);
                            };
        }
        return values;
    }
}
