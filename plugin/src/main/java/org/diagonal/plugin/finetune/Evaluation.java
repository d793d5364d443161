package org.diagonal.plugin.finetune;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import java.util.OptionalDouble;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.diagonal.plugin.network.Network;

/** The loss per target of a network over all examples, without dropout. */
public final class Evaluation {

    private Evaluation() {}

    /**
     * Measures.
     *
     * @param batchSize examples in a forward pass
     * @param stop asked before each batch; true ends the evaluation
     * @return the mean over all scored targets, in nats or squared; empty if it was stopped
     */
    public static OptionalDouble loss(
            Network network, Examples examples, int batchSize, BooleanSupplier stop) {
        NDManager owner = network.owner();
        ParameterStore store = new ParameterStore(owner, false);
        double sum = 0;
        long targets = 0;
        for (int from = 0; from < examples.count(); from += batchSize) {
            if (stop.getAsBoolean()) {
                return OptionalDouble.empty();
            }
            int to = Math.min(from + batchSize, examples.count());
            int[] batch = IntStream.range(from, to).toArray();
            try (NDManager step = owner.newSubManager()) {
                NDList arrays = examples.batch(step, batch);
                for (float value :
                        network.losses(store, arrays.get(0), arrays.get(1)).toFloatArray()) {
                    sum += value;
                    targets++;
                }
            }
        }
        return OptionalDouble.of(sum / targets);
    }
}
