package org.diagonal.eval.evaluate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import java.util.Arrays;
import org.diagonal.eval.measure.perplexity.Scorer;
import org.diagonal.eval.measure.perplexity.Window;
import org.diagonal.plugin.gpt2.Gpt2;

/**
 * Scores targets with a network in DJL, in inference mode.
 *
 * @param manager lives as long as the network; each call has a manager of its own
 */
public record DjlScorer(Gpt2 network, NDManager manager) implements Scorer {

    @Override
    public int contextLength() {
        return network.config().nPositions();
    }

    @Override
    public double[][] nats(int[][] inputIds, int[][] targets) {
        double[][] nats = new double[targets.length][];
        ParameterStore store = new ParameterStore(manager, false);
        try (NDManager step = manager.newSubManager()) {
            NDArray scored = network.losses(store, array(step, inputIds), array(step, targets));
            float[] values = scored.toFloatArray();
            int next = 0;
            for (int b = 0; b < targets.length; b++) {
                nats[b] = new double[targets[b].length];
                for (int t = 0; t < targets[b].length; t++) {
                    nats[b][t] = targets[b][t] == Window.NOT_SCORED ? 0 : values[next++];
                }
            }
        }
        return nats;
    }

    private static NDArray array(NDManager manager, int[][] rows) {
        return manager.create(
                Arrays.stream(rows)
                        .map(row -> Arrays.stream(row).asLongStream().toArray())
                        .toArray(long[][]::new));
    }
}
