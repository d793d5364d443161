package org.diagonal.eval.evaluate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import java.util.Arrays;
import org.diagonal.eval.measure.perplexity.Scorer;
import org.diagonal.plugin.gpt2.Gpt2;

/** Scores targets with a network in DJL, in inference mode. */
public final class DjlScorer implements Scorer {

    private final Gpt2 network;
    private final NDManager manager;
    private final ParameterStore store;

    /**
     * A scorer for a network.
     *
     * @param manager lives as long as the network; each call has a manager of its own
     */
    public DjlScorer(Gpt2 network, NDManager manager) {
        this.network = network;
        this.manager = manager;
        this.store = new ParameterStore(manager, false);
    }

    @Override
    public int contextLength() {
        return network.config().nPositions();
    }

    @Override
    public double[][] nats(int[][] inputIds, int[][] targets) {
        double[][] nats = new double[targets.length][];
        try (NDManager step = manager.newSubManager()) {
            NDArray scored = network.losses(store, array(step, inputIds), array(step, targets));
            float[] values = scored.toFloatArray();
            int next = 0;
            for (int b = 0; b < targets.length; b++) {
                nats[b] = new double[targets[b].length];
                for (int t = 0; t < targets[b].length; t++) {
                    nats[b][t] = targets[b][t] == -100 ? 0 : values[next++];
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
