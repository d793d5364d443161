package org.diagonal.eval.measure.perplexity;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.diagonal.eval.measure.NotFiniteException;

/**
 * Scores the windows of a text and adds up. Windows of equal length share a batch; sums run in the
 * order of the text in double, whatever the batch size.
 */
public final class Perplexity {

    private static final int BATCHES_AT_ONCE = 16; // among which windows of equal length are found

    private final Scorer scorer;
    private final Windows windows;
    private final int batchSize;
    private final Consumer<Progress> listener;
    private final long count;
    private final Tally tally;
    private long scoredWindows;
    private long scoredTargets;
    private double scoredNats;

    private Perplexity(Scorer scorer, Windows windows, int batchSize, Consumer<Progress> listener) {
        this.scorer = scorer;
        this.windows = windows;
        this.batchSize = batchSize;
        this.listener = listener;
        this.count = windows.count();
        this.tally = new Tally(count, windows.documents());
    }

    /**
     * Measures a model on a text.
     *
     * @param provenance names and hashes to keep with the figures
     * @param bytewise whether every id is one byte of the text, so that figures per byte are
     *     defined for every protocol
     * @param batchSize the most windows in one call of the scorer, at least 1
     * @param listener called after every batch, on this thread; what it throws ends the measurement
     * @throws IllegalArgumentException if the block size exceeds the model's context or the batch
     *     size is below 1; before anything is scored
     * @throws NotFiniteException if the model gives nats that are not finite, naming the window, or
     *     if the perplexity is beyond double
     */
    public static Evaluation measure(
            Scorer scorer,
            Windows windows,
            Provenance provenance,
            boolean bytewise,
            int batchSize,
            Consumer<Progress> listener) {
        Protocol.requireBlockSize(windows.blockSize(), scorer.contextLength());
        if (batchSize < 1) {
            throw new IllegalArgumentException("batch size must be at least 1: " + batchSize);
        }
        long begin = System.nanoTime();
        Perplexity measurement = new Perplexity(scorer, windows, batchSize, listener);
        measurement.run();
        double seconds = (System.nanoTime() - begin) / 1e9;
        return measurement.evaluation(provenance, bytewise, seconds);
    }

    private void run() {
        Iterator<Window> source = windows.iterator();
        while (source.hasNext()) {
            List<Window> chunk = new ArrayList<>();
            for (long i = 0; i < (long) BATCHES_AT_ONCE * batchSize && source.hasNext(); i++) {
                chunk.add(source.next());
            }
            double[][] nats = score(chunk);
            for (int i = 0; i < nats.length; i++) {
                tally.add(chunk.get(i), nats[i]);
            }
        }
    }

    /** The nats (T) of every window of a chunk, in the chunk's order. */
    private double[][] score(List<Window> chunk) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < chunk.size(); i++) {
            order.add(i);
        }
        // Longest first: what does not fit into memory fails at once.
        order.sort(Comparator.comparing(i -> -chunk.get(i).length()));
        double[][] nats = new double[chunk.size()][];
        for (int begin = 0, end; begin < order.size(); begin = end) {
            int length = chunk.get(order.get(begin)).length();
            end = begin + 1;
            while (end < order.size()
                    && end - begin < batchSize
                    && chunk.get(order.get(end)).length() == length) {
                end++;
            }
            score(chunk, order.subList(begin, end), nats);
        }
        return nats;
    }

    private void score(List<Window> chunk, List<Integer> batch, double[][] nats) {
        int[][] inputIds = new int[batch.size()][]; // (B, T)
        int[][] targets = new int[batch.size()][]; // (B, T)
        for (int b = 0; b < inputIds.length; b++) {
            inputIds[b] = chunk.get(batch.get(b)).inputIds();
            targets[b] = chunk.get(batch.get(b)).targets();
        }
        double[][] scored = scorer.nats(inputIds, targets); // (B, T)
        if (scored.length != inputIds.length) {
            throw new IllegalStateException(
                    "the scorer must give a row for every window: windows=%d, rows=%d"
                            .formatted(inputIds.length, scored.length));
        }
        for (int b = 0; b < scored.length; b++) {
            int index = batch.get(b);
            check(chunk.get(index), tally.windows() + index, scored[b]);
            nats[index] = scored[b];
        }
        scoredWindows += batch.size();
        listener.accept(new Progress(scoredWindows, count, scoredTargets, scoredNats));
    }

    private void check(Window window, long index, double[] nats) {
        if (nats.length != window.length()) {
            throw new IllegalStateException(
                    "the scorer must give nats for every position: window=%d, positions=%d, nats=%d"
                            .formatted(index, window.length(), nats.length));
        }
        for (int t = 0; t < nats.length; t++) {
            if (!window.scores(t)) {
                continue;
            }
            if (!Double.isFinite(nats[t])) {
                throw new NotFiniteException(
                        ("the model gives nats of %s: %s window %d of %d (from 0), position %d,"
                                        + " article %d")
                                .formatted(
                                        nats[t],
                                        windows.protocol(),
                                        index,
                                        count,
                                        t,
                                        window.article(t)));
            }
            scoredTargets++;
            scoredNats += nats[t];
        }
    }

    private Evaluation evaluation(Provenance provenance, boolean bytewise, double seconds) {
        double nats = tally.nats();
        if (!Double.isFinite(StrictMath.exp(nats / scoredTargets))) {
            throw new NotFiniteException(
                    "the perplexity is beyond double: nats=%s, targets=%d"
                            .formatted(nats, scoredTargets));
        }
        OptionalLong bytes = windows.bytes();
        if (bytes.isEmpty() && bytewise) {
            bytes = OptionalLong.of(scoredTargets);
        }
        OptionalDouble natsPerByte = ratio(nats, bytes);
        return new Evaluation(
                windows.protocol(),
                windows.blockSize(),
                windows.stride(),
                windows.tokens(),
                provenance,
                seconds,
                exp(ratio(nats, windows.words())),
                exp(natsPerByte),
                natsPerByte.isEmpty()
                        ? natsPerByte
                        : OptionalDouble.of(natsPerByte.getAsDouble() / StrictMath.log(2)),
                windows.protocol() == Protocol.HF_STRIDED
                        ? exp(tally.pageMean())
                        : OptionalDouble.empty(),
                tally.articles(),
                tally.segments());
    }

    private static OptionalDouble ratio(double nats, OptionalLong units) {
        return units.orElse(0) == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(nats / units.getAsLong());
    }

    /** Empty also beyond double: a text may hold one word of a hundred thousand bytes. */
    private static OptionalDouble exp(OptionalDouble mean) {
        double value = StrictMath.exp(mean.orElse(Double.NaN));
        return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
    }
}
