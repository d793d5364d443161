package org.diagonal.plugin.control;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.rng.UniformRandomProvider;
import org.diagonal.plugin.kernels.Arguments;
import org.diagonal.plugin.kernels.Kernel;
import org.diagonal.plugin.kernels.Kernels;
import org.diagonal.plugin.network.Network;
import org.diagonal.plugin.network.Projection;
import org.diagonal.plugin.random.RandomStream;

/**
 * {@link org.diagonal.plugin.identity.Control.Lora} on one matrix, with PEFT's names, shapes and
 * first values: A (R, in) uniform up to 1/√in, B (out, R) zero, scale α/R = 1.
 */
final class LoraMatrix implements Mixture {

    private final Parameter made;
    private final Parameter base;
    private final Parameter a;
    private final Parameter b;
    private final boolean outputsFirst;

    private LoraMatrix(
            Network network, Projection projection, int rank, UniformRandomProvider random) {
        made = network.parameters().get(projection.weight());
        base = Numbers.copy(made);
        outputsFirst = projection.outputsFirst();
        long in = made.getShape().get(outputsFirst ? 1 : 0);
        long out = made.getShape().get(outputsFirst ? 0 : 1);
        float[] values = new float[Math.toIntExact(rank * in)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) ((2 * random.nextDouble() - 1) / Math.sqrt((double) in));
        }
        NDManager owner = network.owner();
        a =
                Numbers.of(
                        projection.module() + ".lora_A.weight",
                        owner.create(values, new Shape(rank, in)));
        b = Numbers.of(projection.module() + ".lora_B.weight", owner.zeros(new Shape(out, rank)));
    }

    /** Those of all layers. */
    static List<Mixture> of(Network network, int rank, long seed) {
        List<Mixture> all = new ArrayList<>();
        for (Projection projection : network.projections()) {
            Shape matrix = network.parameters().get(projection.weight()).getShape();
            long most = Math.min(matrix.get(0), matrix.get(1));
            if (rank > most) {
                throw new IllegalArgumentException(
                        "LoRA's rank must be at most %d, the width of %s: %d"
                                .formatted(most, projection.module(), rank));
            }
            UniformRandomProvider random = RandomStream.LORA.generator(seed, all.size());
            all.add(new LoraMatrix(network, projection, rank, random));
        }
        return all;
    }

    @Override
    public Map<String, Parameter> base() {
        return Map.of(base.getName(), base);
    }

    @Override
    public Map<String, Parameter> numbers() {
        Map<String, Parameter> numbers = new LinkedHashMap<>();
        numbers.put(a.getName(), a);
        numbers.put(b.getName(), b);
        return numbers;
    }

    @Override
    public void make() {
        update(Kernel.CONTROL_LORA);
    }

    @Override
    public void backward() {
        update(Kernel.CONTROL_LORA_BACKWARD);
    }

    private void update(Kernel kernel) {
        try (NDArray numbers =
                made.getArray().getManager().create(new double[] {1, outputsFirst ? 0 : 1})) {
            Kernels.get()
                    .update(
                            kernel,
                            Arguments.of(
                                    a.getArray(),
                                    b.getArray(),
                                    numbers,
                                    made.getArray(),
                                    base.getArray()));
        }
    }
}
