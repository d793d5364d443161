package org.diagonal.eval.evaluate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.diagonal.eval.measure.perplexity.Scorer;
import org.diagonal.eval.measure.perplexity.Window;
import org.diagonal.plugin.onnx.run.OnnxModel;
import org.diagonal.plugin.onnx.run.OnnxStep;

/**
 * Scores targets with an exported model in ONNX Runtime.
 *
 * <p>A window goes through in pieces, each after the cache of those before: what a piece's
 * positions may not see, the later ones, is then not computed at all.
 *
 * @param model stays open
 * @param contextLength its n_positions
 * @param manager on the CPU, lives as long as the model; each call has a manager of its own
 */
public record OnnxScorer(OnnxModel model, int contextLength, NDManager manager) implements Scorer {

    /** Positions of a row in one call, where the model has a cache. */
    private static final int PIECE = 256;

    /** Positions in one call: a vocabulary as large as GPT-2's makes 200 KB of logits for each. */
    private static final int AT_ONCE = 1024;

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
        OnnxStep past = null;
        for (int from = 0; from < length; from += piece) {
            int to = Math.min(from + piece, length);
            OnnxStep step = step(inputIds, from, to, past);
            if (past != null) {
                past.close();
            }
            past = step;
            for (int b = 0; b < nats.length; b++) {
                score(step.logitBytes(), b * (to - from), from, to, targets[b], nats[b]);
            }
        }
        if (past != null) {
            past.close();
        }
    }

    private OnnxStep step(int[][] inputIds, int from, int to, OnnxStep past) {
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

    /**
     * Scores positions of a row; PyTorch's log-softmax takes a fraction of the time of a loop here.
     *
     * @param first where the logits of {@code from} lie among all (·, V)
     */
    private void score(
            ByteBuffer logits, int first, int from, int to, int[] targets, double[] nats) {
        int[] scored =
                IntStream.range(from, to).filter(t -> targets[t] != Window.NOT_SCORED).toArray();
        if (scored.length == 0) {
            return;
        }
        int begin = scored[0];
        int rows = scored[scored.length - 1] + 1 - begin;
        int size = model.outputs() * Float.BYTES;
        ByteBuffer some = logits.slice((first + begin - from) * size, rows * size);
        long[] ids = new long[rows];
        for (int t : scored) {
            ids[t - begin] = targets[t];
        }
        try (NDManager scope = manager.newSubManager()) {
            NDArray all =
                    scope.create(
                            some.order(ByteOrder.nativeOrder()),
                            new Shape(rows, model.outputs()),
                            DataType.FLOAT32);
            NDArray index = scope.create(ids, new Shape(rows, 1));
            float[] said = all.logSoftmax(1).gather(index, 1).toFloatArray();
            for (int t : scored) {
                nats[t] = -said[t - begin];
            }
        }
    }
}
