package org.diagonal.plugin.generate;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.diagonal.plugin.onnx.graph.Dtype;
import org.diagonal.plugin.onnx.run.OnnxModel;
import org.diagonal.plugin.onnx.run.OnnxStep;

/**
 * Decodes with an exported file in ONNX Runtime. A file without a cache is given the whole text
 * again for every id.
 */
public final class OnnxDecoder implements Decoder {

    /** Ids read at once: their logits are as many rows. */
    private static final int CHUNK = 256;

    private final OnnxModel model;
    private final int contextLength;
    private final List<Long> ids = new ArrayList<>();
    private Optional<OnnxStep> past = Optional.empty();

    /**
     * A decoder that has read nothing.
     *
     * @param model stays the caller's, and is closed after this
     * @param contextLength {@code n_positions} of its configuration
     * @throws IllegalArgumentException if the model reads out a real number, not logits
     */
    public OnnxDecoder(OnnxModel model, int contextLength) {
        if (model.readsLastAlone()) {
            throw new IllegalArgumentException(
                    "a network that reads out a real number has no next token");
        }
        this.model = model;
        this.contextLength = contextLength;
    }

    @Override
    public int contextLength() {
        return contextLength;
    }

    @Override
    public int vocabularySize() {
        return model.outputs();
    }

    @Override
    public int length() {
        return ids.size();
    }

    @Override
    public float[] prime(long... text) {
        Positions.requireText(text.length, contextLength);
        forget();
        float[] logits = {};
        // q8 rounds all that is read at once with one scale: in pieces it would say something else
        // than clients that read a prompt whole.
        boolean inPieces = model.hasCache() && model.dtype() != Dtype.Q8;
        int chunk = inPieces ? CHUNK : text.length;
        for (int from = 0; from < text.length; from += chunk) {
            logits = append(Arrays.copyOfRange(text, from, Math.min(from + chunk, text.length)));
        }
        return logits;
    }

    @Override
    public float[] next(long id) {
        Positions.requireOneMore(length(), contextLength);
        return append(id);
    }

    private float[] append(long... more) {
        LongStream.of(more).forEach(ids::add);
        if (!model.hasCache()) {
            long[] all = ids.stream().mapToLong(Long::longValue).toArray();
            try (OnnxStep step = model.run(new long[][] {all})) {
                return last(step.logits());
            }
        }
        OnnxStep step = past.isEmpty() ? model.run(new long[][] {more}) : after(past.get(), more);
        past.ifPresent(OnnxStep::close);
        past = Optional.of(step);
        return last(step.logits());
    }

    private OnnxStep after(OnnxStep before, long... more) {
        long[] mask = new long[before.length() + more.length];
        Arrays.fill(mask, 1);
        long[] positions = LongStream.range(before.length(), mask.length).toArray();
        return model.run(
                new long[][] {more}, new long[][] {mask}, new long[][] {positions}, before);
    }

    /** The logits (V) of the last position. */
    private float[] last(FloatBuffer rows) {
        float[] logits = new float[model.outputs()];
        rows.position(rows.limit() - logits.length).get(logits);
        return logits;
    }

    private void forget() {
        past.ifPresent(OnnxStep::close);
        past = Optional.empty();
        ids.clear();
    }

    @Override
    public void close() {
        forget();
    }
}
