package org.diagonal.eval.job;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.diagonal.eval.measure.Scorer;
import org.diagonal.eval.measure.Window;
import org.diagonal.plugin.onnx.OnnxModel;

/**
 * Scores targets with an exported model in ONNX Runtime.
 *
 * <p>A window goes through in pieces, each after the cache of those before: what a piece's
 * positions may not see, the later ones, is then not computed at all.
 */
final class OnnxScorer implements Scorer {

    /** Positions of a row in one call, where the model has a cache. */
    private static final int PIECE = 256;

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
            for (int b = from; b < to; b++) {
                nats[b] = new double[targets[b].length];
            }
            score(
                    Arrays.copyOfRange(inputIds, from, to),
                    Arrays.copyOfRange(targets, from, to),
                    Arrays.copyOfRange(nats, from, to));
        }
        return nats;
    }

    private void score(int[][] inputIds, int[][] targets, double[][] nats) {
        int length = inputIds[0].length;
        int piece = model.hasCache() ? PIECE : length;
        OnnxModel.Step past = null;
        for (int from = 0; from < length; from += piece) {
            int to = Math.min(from + piece, length);
            OnnxModel.Step step = step(inputIds, from, to, past);
            if (past != null) {
                past.close();
            }
            past = step;
            for (int b = 0; b < nats.length; b++) {
                score(step.logits(), b * (to - from) - from, from, to, targets[b], nats[b]);
            }
        }
        if (past != null) {
            past.close();
        }
    }

    private OnnxModel.Step step(int[][] inputIds, int from, int to, OnnxModel.Step past) {
        long[][] ids =
                Arrays.stream(inputIds)
                        .map(row -> Arrays.stream(row, from, to).asLongStream().toArray())
                        .toArray(long[][]::new);
        if (past == null) {
            return model.run(ids);
        }
        long[][] mask = new long[ids.length][];
        Arrays.fill(mask, LongStream.range(0, to).map(i -> 1).toArray());
        long[][] positions = new long[ids.length][];
        Arrays.fill(positions, LongStream.range(from, to).toArray());
        return model.run(ids, mask, positions, past);
    }

    /** Scores positions of a row, whose logits lie at the position and an offset. */
    private void score(
            FloatBuffer logits, int offset, int from, int to, int[] targets, double[] nats) {
        IntStream scored = IntStream.range(from, to).filter(t -> targets[t] != Window.NOT_SCORED);
        (parallel ? scored.parallel() : scored)
                .forEach(t -> nats[t] = nats(logits, offset + t, targets[t]));
    }

    private double nats(FloatBuffer logits, int position, int target) {
        float[] row = new float[model.outputs()];
        logits.get(position * row.length, row);
        return LogSumExp.of(row) - row[target];
    }
}
