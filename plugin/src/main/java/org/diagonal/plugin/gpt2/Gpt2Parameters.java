package org.diagonal.plugin.gpt2;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.Initializer;
import ai.djl.training.initializer.NormalInitializer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.diagonal.plugin.identity.Circuit;

/**
 * The tensors of a GPT-2 under the names that its checkpoints have, in their order, with shapes and
 * with the initial values of Hugging Face's implementation.
 *
 * <p>Sizes: V vocabulary, P positions, D width, I inner width, H heads. Matrices of a layer are
 * (in, out), as GPT-2 stores them.
 */
final class Gpt2Parameters {

    /** What a layer's tensors are called after {@code transformer.h.N.}, in the kernel's order. */
    static final String[] LAYER = {
        "ln_1.weight", "ln_1.bias",
        "attn.c_attn.weight", "attn.c_attn.bias",
        "attn.c_proj.weight", "attn.c_proj.bias",
        "ln_2.weight", "ln_2.bias",
        "mlp.c_fc.weight", "mlp.c_fc.bias",
        "mlp.c_proj.weight", "mlp.c_proj.bias",
    };

    static final String WTE = "transformer.wte.weight";
    static final String WPE = "transformer.wpe.weight";
    static final String LN_F_WEIGHT = "transformer.ln_f.weight";
    static final String LN_F_BIAS = "transformer.ln_f.bias";
    static final String LM_HEAD = "lm_head.weight";
    static final String SCORE = "score.weight";

    private final Gpt2Config config;
    private final Map<String, Parameter> all = new LinkedHashMap<>();

    private Gpt2Parameters(Gpt2Config config) {
        this.config = config;
        long width = config.nEmbd();
        Initializer normal = normal(config.initializerRange());
        add(WTE, normal, config.vocabSize(), width);
        add(WPE, normal, config.nPositions(), width);
        for (int layer = 0; layer < config.nLayer(); layer++) {
            addLayer(layer, normal);
        }
        add(LN_F_WEIGHT, Initializer.ONES, width);
        add(LN_F_BIAS, Initializer.ZEROS, width);
        if (config.regression()) {
            add(SCORE, normal, 1, width);
        } else if (!config.tieWordEmbeddings()) {
            add(LM_HEAD, normal, config.vocabSize(), width);
        }
    }

    /** Fresh parameters without arrays; insertion order is the order in a checkpoint. */
    static Map<String, Parameter> of(Gpt2Config config) {
        return new Gpt2Parameters(config).all;
    }

    /** The parameter that makes outputs of the last hidden states. */
    static String head(Gpt2Config config) {
        if (config.regression()) {
            return SCORE;
        }
        return config.tieWordEmbeddings() ? WTE : LM_HEAD;
    }

    private void addLayer(int layer, Initializer normal) {
        String h = "transformer.h." + layer + ".";
        long width = config.nEmbd();
        long inner = config.nInner();
        // GPT-2 draws what enters the residual stream with a deviation smaller by √(2 L).
        Initializer residual = normal(config.initializerRange() / Math.sqrt(2.0 * config.nLayer()));
        add(h + "ln_1.weight", Initializer.ONES, width);
        add(h + "ln_1.bias", Initializer.ZEROS, width);
        for (Circuit circuit : Circuit.values()) {
            if (config.scalings().has(circuit)) {
                add(circuit.parameter(layer), Initializer.ZEROS, config.nHead());
            }
        }
        add(h + "attn.c_attn.weight", normal, width, 3 * width);
        add(h + "attn.c_attn.bias", Initializer.ZEROS, 3 * width);
        add(h + "attn.c_proj.weight", residual, width, width);
        add(h + "attn.c_proj.bias", Initializer.ZEROS, width);
        add(h + "ln_2.weight", Initializer.ONES, width);
        add(h + "ln_2.bias", Initializer.ZEROS, width);
        add(h + "mlp.c_fc.weight", normal, width, inner);
        add(h + "mlp.c_fc.bias", Initializer.ZEROS, inner);
        add(h + "mlp.c_proj.weight", residual, inner, width);
        add(h + "mlp.c_proj.bias", Initializer.ZEROS, width);
    }

    private static Initializer normal(double deviation) {
        return new NormalInitializer((float) deviation);
    }

    private void add(String name, Initializer initializer, long... shape) {
        all.put(
                name,
                Parameter.builder()
                        .setName(name)
                        .setType(Parameter.Type.OTHER)
                        .optShape(new Shape(shape))
                        .optInitializer(initializer)
                        .build());
    }
}
