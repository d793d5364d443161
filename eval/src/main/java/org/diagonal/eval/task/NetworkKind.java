package org.diagonal.eval.task;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The networks that learn template tasks, and the sizes that each of them has. */
public enum NetworkKind {
    /** The paper's transformer (Appendix B): pre-norm, not causal, read out at one position. */
    TEMPLATE_TRANSFORMER,
    /** The paper's attention layer without anything else (Section 5), which reads out symbols. */
    ATTENTION,
    /** A multilayer perceptron on concatenated one-hots. */
    MLP,
    /** The same with X Xᵀ appended to its input (Figure 24). */
    MLP_XXT,
    /** A recurrent network (Figure 21). */
    RNN,
    /** A recurrent network with gates (Figure 21). */
    LSTM,
    /** A GPT-2 by its model name or folder, with its own weights or random ones (Figure 7). */
    GPT2;

    /** The words of all kinds but GPT-2, as help shows them. */
    public static final String WORDS = "template-transformer|attention|mlp|mlp-xxt|rnn|lstm";

    /** The name of the number of layers. */
    public static final String DEPTH = "depth";

    /** The name of the width of a layer: of the residual stream where there is one. */
    public static final String WIDTH = "width";

    /** The name of the number of heads in a layer. */
    public static final String HEADS = "heads";

    /** The name of the width of a head. */
    public static final String HEAD_WIDTH = "head_width";

    /** The name of the width of the hidden layer between attentions. */
    public static final String MLP_WIDTH = "mlp_width";

    /** The kind of a word such as {@code mlp-xxt}; none for GPT-2, which is a model's name. */
    public static Optional<NetworkKind> parse(String word) {
        return Arrays.stream(values())
                .filter(kind -> kind != GPT2 && kind.toString().equals(word))
                .findFirst();
    }

    /**
     * The kind of a word, GPT-2's included.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static NetworkKind of(String word) {
        return Arrays.stream(values())
                .filter(kind -> kind.toString().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown network: " + word));
    }

    /**
     * The sizes that this network has, with the paper's values; where the paper does not say, ours.
     * A GPT-2 has its model's.
     */
    public SortedMap<String, Integer> sizes() {
        Map<String, Integer> sizes =
                switch (this) {
                    case TEMPLATE_TRANSFORMER ->
                            Map.of(DEPTH, 2, WIDTH, 128, HEADS, 16, HEAD_WIDTH, 64, MLP_WIDTH, 256);
                    case ATTENTION -> Map.of(WIDTH, 128, HEADS, 16, HEAD_WIDTH, 64);
                    case MLP, MLP_XXT -> Map.of(DEPTH, 3, WIDTH, 256);
                    case RNN, LSTM -> Map.of(WIDTH, 128);
                    case GPT2 -> Map.of();
                };
        return Collections.unmodifiableSortedMap(new TreeMap<>(sizes));
    }

    /** Whether it has heads, and so can have identity scalings. */
    public boolean hasHeads() {
        return this == TEMPLATE_TRANSFORMER || this == ATTENTION || this == GPT2;
    }

    /**
     * Adam's learning rate where none is asked for: the transformer's had the lowest validation
     * loss on the paper's tasks with real labels, at n = 64.
     */
    public double learningRate() {
        return this == TEMPLATE_TRANSFORMER ? 3e-3 : 1e-3;
    }

    /**
     * The identity scalings' where none is asked for.
     *
     * @param lr that of all other parameters
     */
    public double scalingsLearningRate(double lr) {
        return this == TEMPLATE_TRANSFORMER || this == ATTENTION
                ? BigDecimal.valueOf(lr).multiply(BigDecimal.TEN).doubleValue()
                : lr;
    }

    /** Whether real labels can be learned; otherwise symbols alone are read out. */
    public boolean readsNumbers() {
        return this != ATTENTION;
    }

    /** The word in options and files, such as {@code template-transformer}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
