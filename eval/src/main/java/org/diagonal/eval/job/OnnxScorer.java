package org.diagonal.eval.job;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.diagonal.eval.measure.Scorer;
import org.diagonal.eval.measure.Window;
import org.diagonal.plugin.onnx.OnnxModel;

/** Scores targets with an exported model in ONNX Runtime. */
final class OnnxScorer implements Scorer {

    /** Positions in one call: a vocabulary as large as GPT-2's makes 200 KB of logits for each. */
    private static final int AT_ONCE = 1024;

    private final OnnxModel model;
    private final int context;
    private final boolean parallel;

    /**
     * A scorer for a model that stays open.
     *
     * @param context its n_positions
     * @param threads above one, rows of logits are summed on all of Java's common threads
     */
    OnnxScorer(OnnxModel model, int context, int threads) {
        this.model = model;
        this.context = context;
        this.parallel = threads > 1;
    }

    @Override
    public int contextLength() {
        return context;
    }

    @Override
    public double[][] nats(int[][] inputIds, int[][] targets) {
        double[][] nats = new double[targets.length][];
        int rows = Math.max(1, AT_ONCE / inputIds[0].length);
        for (int from = 0; from < inputIds.length; from += rows) {
            int to = Math.min(from + rows, inputIds.length);
            long[][] ids =
                    Arrays.stream(inputIds, from, to)
                            .map(row -> Arrays.stream(row).asLongStream().toArray())
                            .toArray(long[][]::new);
            try (OnnxModel.Step step = model.run(ids)) {
                for (int b = from; b < to; b++) {
                    nats[b] = nats(step.logits(), (b - from) * ids[0].length, targets[b]);
                }
            }
        }
        return nats;
    }

    /** The nats of a row whose logits begin at a position. */
    private double[] nats(FloatBuffer logits, int first, int... targets) {
        double[] nats = new double[targets.length];
        IntStream scored =
                IntStream.range(0, targets.length).filter(t -> targets[t] != Window.NOT_SCORED);
        (parallel ? scored.parallel() : scored)
                .forEach(t -> nats[t] = nats(logits, first + t, targets[t]));
        return nats;
    }

    private double nats(FloatBuffer logits, int position, int target) {
        float[] row = new float[model.outputs()];
        logits.get(position * row.length, row);
        float largest = Float.NEGATIVE_INFINITY;
        for (float logit : row) {
            largest = Math.max(largest, logit);
        }
        double sum = 0;
        for (float logit : row) {
            sum += Math.exp(logit - largest);
        }
        return Math.log(sum) + largest - row[target];
    }
}
