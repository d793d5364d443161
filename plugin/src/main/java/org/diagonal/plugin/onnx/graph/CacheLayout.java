package org.diagonal.plugin.onnx.graph;

/** How an exported model remembers what is past. */
public enum CacheLayout {
    /**
     * Keys and values of every layer, and as further layers of keys and values the hidden states
     * that the scalings need: those of layer i, split into heads, are the keys of layer L + i / 2
     * where i is even, its values where i is odd. Clients that know GPT-2 need to know nothing of
     * it but the number of layers, which {@code config.json} gives as 1.5 L.
     */
    LAYERS,
    /** Nothing: every call reads its rows from their beginning. */
    NONE;

    /** The slot behind {@code past_key_values.} that carries a layer's hidden states. */
    static String slot(int layers, int layer) {
        return (layers + layer / 2) + (layer % 2 == 0 ? ".key" : ".value");
    }

    /** The layers of a cache that carries hidden states, too. */
    public static int layersWithHistory(int layers) {
        return layers + (layers + 1) / 2;
    }
}
