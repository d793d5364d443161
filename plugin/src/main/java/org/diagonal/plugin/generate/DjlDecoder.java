package org.diagonal.plugin.generate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import org.diagonal.plugin.gpt2.Gpt2;
import org.diagonal.plugin.gpt2.Gpt2Cache;

/** Decodes with a {@link Gpt2} in DJL, its scalings included. */
public final class DjlDecoder implements Decoder {

    /** Ids read at once: enough for large products, few enough for their attention weights. */
    private static final int CHUNK = 256;

    private final Gpt2 network;
    private final NDManager manager;
    private final Gpt2Cache cache;

    /**
     * A decoder that has read nothing.
     *
     * @param network stays the caller's, unchanged while this is open
     * @param manager lives as long as this; the memory is freed by {@link #close}
     * @throws IllegalArgumentException if the network reads out a real number, not logits
     */
    public DjlDecoder(Gpt2 network, NDManager manager) {
        this.network = network;
        this.manager = manager;
        this.cache = new Gpt2Cache(network, manager);
    }

    @Override
    public int contextLength() {
        return network.config().nPositions();
    }

    @Override
    public int vocabularySize() {
        return network.config().vocabSize();
    }

    @Override
    public int length() {
        return cache.length();
    }

    @Override
    public float[] prime(long... ids) {
        Positions.requireText(ids.length, contextLength());
        cache.clear();
        float[] logits = {};
        for (int from = 0; from < ids.length; from += CHUNK) {
            logits = append(Arrays.copyOfRange(ids, from, Math.min(from + CHUNK, ids.length)));
        }
        return logits;
    }

    @Override
    public float[] next(long id) {
        Positions.requireOneMore(length(), contextLength());
        return append(id);
    }

    private float[] append(long... ids) {
        try (NDManager step = manager.newSubManager();
                NDArray logits = cache.append(step.create(new long[][] {ids}))) {
            return logits.toFloatArray();
        }
    }

    @Override
    public void close() {
        cache.close();
    }
}
