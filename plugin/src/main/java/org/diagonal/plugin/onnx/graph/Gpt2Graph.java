package org.diagonal.plugin.onnx.graph;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.diagonal.plugin.gpt2.Gpt2;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.identity.Circuit;

/**
 * GPT-2 with identity scalings as an ONNX graph (paper, Observation 1.2).
 *
 * <p>Letters: B batch, S new positions, P past ones, T = P + S, D width, H heads, d = D / H, L
 * layers, V vocabulary. Padding stands on the left.
 */
public final class Gpt2Graph {

    /** The position embeddings' name. */
    static final String POSITIONS = "transformer.wpe.weight";

    /** The name of a head that reads out a real number. */
    static final String SCORE = "score.weight";

    private static final String BATCH = "batch_size";
    private static final String NEW = "sequence_length";
    private static final String PAST = "past_sequence_length";
    private static final String TOTAL = PAST + " + " + NEW;

    private final Gpt2Config config;
    private final ScalingValues scalings;
    private final ExportSettings settings;
    private final boolean cached;
    private final boolean history; // whether the cache carries hidden states, too
    private final OnnxGraph g = new OnnxGraph("gpt2");
    private final GraphWeights weights;
    private final Matrices matrices;

    private String hidden = ""; // (B, 1, S, T): 0 where a position may see another
    private String offDiagonal = ""; // (S, T): 0 where the two are the same, else 1
    private String reversed = ""; // (B, 1, S, T): which position stands at a key in reverse
    private String square = ""; // the shape (B, 1, S, T), B and T left open

    private Gpt2Graph(Gpt2 network, ScalingValues scalings, ExportSettings settings, Dtype dtype) {
        this.config = network.config();
        this.scalings = scalings;
        this.settings = settings;
        this.cached = settings.cacheLayout() == CacheLayout.LAYERS;
        this.history = cached && !scalings.isNone();
        this.weights = new GraphWeights(network, g);
        this.matrices = Matrices.of(dtype, weights);
    }

    /**
     * The graph of a network.
     *
     * @param network float32 on the CPU; stays open until the weights are written
     * @param dtype how its matrices are stored
     */
    public static OnnxGraph of(
            Gpt2 network, ScalingValues scalings, ExportSettings settings, Dtype dtype) {
        Gpt2Graph graph = new Gpt2Graph(network, scalings, settings, dtype);
        graph.build();
        return graph.g;
    }

    private void build() {
        String ids = g.input("input_ids", OnnxGraph.INT64, BATCH, NEW);
        String mask = g.input("attention_mask", OnnxGraph.INT64, BATCH, cached ? TOTAL : NEW);
        String positions =
                config.regression()
                        ? counted(mask)
                        : g.input("position_ids", OnnxGraph.INT64, BATCH, NEW);
        declareOutputs();
        masks(ids, mask);
        g.scope("/embeddings");
        String h =
                g.op("Add")
                        .of(
                                matrices.embedded(ids),
                                g.op("Gather").of(weights.whole(POSITIONS), positions));
        for (int layer = 0; layer < config.nLayer(); layer++) {
            h = g.op("Add").of(h, attention(layer, h)); // (B, S, D)
            h = g.op("Add").of(h, mlp(layer, h));
        }
        g.scope("/head");
        if (config.regression()) {
            number(h);
        } else {
            logits(h, ids);
        }
    }

    private void declareOutputs() {
        String heads = Integer.toString(config.nHead());
        String width = Integer.toString(config.headWidth());
        if (config.regression()) {
            g.output("logits", OnnxGraph.FLOAT, BATCH, "1");
        } else {
            String vocabulary = Integer.toString(config.vocabSize());
            g.output("logits", OnnxGraph.FLOAT, BATCH, NEW, vocabulary);
        }
        int layers = history ? CacheLayout.layersWithHistory(config.nLayer()) : config.nLayer();
        for (int layer = 0; cached && layer < layers; layer++) {
            for (String kind : List.of(".key", ".value")) {
                String slot = layer + kind;
                g.input("past_key_values." + slot, OnnxGraph.FLOAT, BATCH, heads, PAST, width);
                g.output("present." + slot, OnnxGraph.FLOAT, BATCH, heads, TOTAL, width);
            }
        }
        for (int layer = 0; settings.attentions() && layer < config.nLayer(); layer++) {
            String total = cached ? TOTAL : NEW;
            g.output("attentions." + layer, OnnxGraph.FLOAT, BATCH, heads, NEW, total);
        }
    }

    /** Positions where no client gives them: how many ids, not padding, stand before. */
    private String counted(String mask) {
        g.scope("/positions");
        String upTo = g.op("CumSum").of(mask, g.integer(1));
        String before = g.op("Sub").of(upTo, g.integer(1));
        return g.op("Max").of(before, g.integer(0));
    }

    private void masks(String ids, String mask) {
        g.scope("/masks");
        String s = g.op("Gather").of(g.op("Shape").of(ids), g.integer(1));
        String t = g.op("Gather").of(g.op("Shape").of(mask), g.integer(1));
        String keys = g.op("Range").of(g.integer(0), t, g.integer(1)); // (T)
        String first = g.op("Sub").of(t, s);
        String queries = // (S, 1): with a cache the first new position is P
                g.op("Unsqueeze").of(g.op("Range").of(first, t, g.integer(1)), g.vector(1));
        String causal = g.op("LessOrEqual").of(keys, queries); // (S, T)
        String real = g.op("Cast").with("to", OnnxGraph.BOOL).of(mask); // (B, T)
        String allowed = g.op("And").of(causal, g.op("Unsqueeze").of(real, g.vector(1, 2)));
        // One sum with a finite number, which swallows what it is added to: where padding asks, all
        // is masked, and infinities would make that NaN. Where in each layer costs three times
        // that.
        hidden = g.op("Where").of(allowed, g.number(0), g.number(-Float.MAX_VALUE));
        if (scalings.settings().maskDiagWkwq()) {
            String different = g.op("Not").of(g.op("Equal").of(keys, queries));
            offDiagonal = g.op("Cast").with("to", OnnxGraph.FLOAT).of(different);
        }
        if (scalings.settings().permuteWkwq()) {
            reversed = reversed(mask, t, keys, queries);
        }
        if (scalings.settings().has(Circuit.OV)) {
            String open = g.op("Unsqueeze").of(s, g.vector(0));
            square = g.op("Concat").with("axis", 0).of(g.vector(0, 1), open, g.vector(-1));
        }
    }

    /** Of the positions from the first that is no padding up to a query, the mirror of each key. */
    private String reversed(String mask, String t, String keys, String queries) {
        String real = g.op("ReduceSum").with("keepdims", 1).of(mask, g.vector(1)); // (B, 1)
        String padding = g.op("Unsqueeze").of(g.op("Sub").of(t, real), g.vector(2)); // (B, 1, 1)
        String mirrored = g.op("Add").of(g.op("Sub").of(queries, keys), padding); // (B, S, T)
        String last = g.op("Sub").of(t, g.integer(1));
        String within = g.op("Min").of(g.op("Max").of(mirrored, g.integer(0)), last);
        return g.op("Unsqueeze").of(within, g.vector(1));
    }

    /** What attention adds to the residual stream, (B, S, D). */
    private String attention(int layer, String h) {
        String n = "transformer.h." + layer + ".";
        g.scope("/h." + layer + "/attn");
        long width = config.nEmbd();
        String x = layerNorm(n + "ln_1", h);
        List<String> parts =
                g.op("Split")
                        .with("axis", -1)
                        .several(3, linear(x, n + "attn.c_attn"), g.vector(width, width, width));
        String q = heads(times(parts.get(0), config.attentionScale(layer))); // (B, H, S, d)
        String k = kept(heads(parts.get(1)), layer + ".key"); // (B, H, T, d)
        String v = kept(heads(parts.get(2)), layer + ".value");
        String xn = history ? heads(x) : x;
        String xs = history ? kept(layer, xn) : x; // (B, H, T, d), or (B, S, D)

        String scores = g.op("MatMul").of(q, transposed(k)); // (B, H, S, T)
        if (scalings.has(Circuit.QK, layer)) {
            String incidence = incidence(xn, xs); // (B, 1, S, T)
            String a = scaling(Circuit.QK, layer, List.of(1L, (long) config.nHead(), 1L, 1L));
            scores = g.op("Add").of(scores, g.op("Mul").of(incidence, a));
        }
        String masked = g.op("Add").of(scores, hidden);
        OnnxGraph.Node softmax = g.op("Softmax").with("axis", -1);
        String attended =
                settings.attentions()
                        ? softmax.as("attentions." + layer, masked)
                        : softmax.of(masked);
        String y = linear(merged(g.op("MatMul").of(attended, v)), n + "attn.c_proj");
        if (scalings.has(Circuit.OV, layer)) {
            y = g.op("Add").of(y, skip(layer, attended, xs));
        }
        return y;
    }

    /**
     * X Xᵀ of new positions with all, its diagonal left out and its rows reversed where the model
     * says so.
     */
    private String incidence(String xn, String xs) {
        String products;
        if (history) { // a head's share each, so that the cache stays as it lies
            String shares = g.op("MatMul").of(xn, transposed(xs));
            products = g.op("ReduceSum").with("keepdims", 1).of(shares, g.vector(1));
        } else {
            String turned = g.op("Transpose").with("perm", List.of(0L, 2L, 1L)).of(xs);
            products = g.op("Unsqueeze").of(g.op("MatMul").of(xn, turned), g.vector(1));
        }
        String kept =
                scalings.settings().maskDiagWkwq()
                        ? g.op("Mul").of(products, offDiagonal)
                        : products;
        return scalings.settings().permuteWkwq()
                ? g.op("GatherElements").with("axis", -1).of(kept, reversed)
                : kept;
    }

    /** Σ b_h A_h X, (B, S, D). */
    private String skip(int layer, String attended, String xs) {
        long heads = config.nHead();
        String b = scaling(Circuit.OV, layer, List.of(1L, heads));
        // A product of matrices reads the weights once, and writes a head's worth of them.
        String flat = g.op("Reshape").of(attended, g.vector(0, heads, -1)); // (B, H, S T)
        String mixed = g.op("Reshape").of(g.op("MatMul").of(b, flat), square); // (B, 1, S, T)
        if (history) {
            return merged(g.op("MatMul").of(mixed, xs));
        }
        return g.op("MatMul").of(g.op("Squeeze").of(mixed, g.vector(1)), xs);
    }

    private String mlp(int layer, String h) {
        String n = "transformer.h." + layer + ".";
        g.scope("/h." + layer + "/mlp");
        String inner = linear(layerNorm(n + "ln_2", h), n + "mlp.c_fc");
        String active = new Activations(g, settings.opset()).of(config.activation(), inner);
        return biased(matrices.hidden(active, layer), n + "mlp.c_proj");
    }

    /** Logits (B, S, V). */
    private void logits(String h, String ids) {
        String x = layerNorm("transformer.ln_f", h);
        String rows = g.op("Reshape").of(x, g.vector(-1, config.nEmbd()));
        String flat = matrices.logits(rows);
        String shape =
                g.op("Concat")
                        .with("axis", 0)
                        .of(g.op("Shape").of(ids), g.vector(config.vocabSize()));
        g.op("Reshape").as("logits", flat, shape);
    }

    /** A real number (B, 1) read out of the last position. */
    private void number(String h) {
        String last = g.op("Gather").with("axis", 1).of(h, g.integer(-1)); // (B, D)
        String x = layerNorm("transformer.ln_f", last);
        g.op("Gemm").with("transB", 1).as("logits", x, weights.whole(SCORE));
    }

    private String layerNorm(String name, String h) {
        return g.op("LayerNormalization")
                .with("axis", -1)
                .with("epsilon", (float) config.layerNormEpsilon())
                .of(h, weights.whole(name + ".weight"), weights.whole(name + ".bias"));
    }

    /** x (B, S, in) times weight (in, out), plus bias (out). */
    private String linear(String x, String name) {
        return biased(matrices.product(x, name + ".weight"), name);
    }

    private String biased(String product, String name) {
        return g.op("Add").of(product, weights.whole(name + ".bias"));
    }

    private String times(String x, double factor) {
        return factor == 1 ? x : g.op("Mul").of(x, g.number((float) factor));
    }

    /** (B, S, D) as (B, H, S, d). */
    private String heads(String x) {
        String split = g.op("Reshape").of(x, g.vector(0, 0, config.nHead(), config.headWidth()));
        return g.op("Transpose").with("perm", List.of(0L, 2L, 1L, 3L)).of(split);
    }

    /** (B, H, S, d) as (B, S, D). */
    private String merged(String heads) {
        String turned = g.op("Transpose").with("perm", List.of(0L, 2L, 1L, 3L)).of(heads);
        return g.op("Reshape").of(turned, g.vector(0, 0, config.nEmbd()));
    }

    private String transposed(String heads) {
        return g.op("Transpose").with("perm", List.of(0L, 1L, 3L, 2L)).of(heads);
    }

    /** New heads behind those of the cache. */
    private String kept(String heads, String slot) {
        if (!cached) {
            return heads;
        }
        return g.op("Concat")
                .with("axis", 2)
                .as("present." + slot, "past_key_values." + slot, heads);
    }

    /** A layer's hidden states behind those of the cache. */
    private String kept(int layer, String heads) {
        int layers = config.nLayer();
        if (layers % 2 == 1 && layer == layers - 1) { // clients ask for values beside keys
            kept(heads, CacheLayout.slot(layers, layers));
        }
        return kept(heads, CacheLayout.slot(layers, layer));
    }

    /** A layer's scalings times their multiplier, in the shape in which they broadcast. */
    private String scaling(Circuit circuit, int layer, List<Long> shape) {
        List<Float> values = scalings.of(circuit).get(layer);
        float multiplier = (float) scalings.settings().multiplier(circuit);
        ByteBuffer bytes =
                ByteBuffer.allocateDirect(values.size() * Float.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN);
        values.forEach(value -> bytes.putFloat(value * multiplier));
        bytes.flip();
        return weights.made(circuit.parameter(layer), Weight.FLOAT, shape, bytes::duplicate);
    }
}
