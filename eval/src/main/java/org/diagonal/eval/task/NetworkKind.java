package org.diagonal.eval.task;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.diagonal.plugin.identity.Arm;
import org.diagonal.plugin.identity.IdentityScalings;
import org.diagonal.plugin.small.Architecture;
import org.diagonal.plugin.small.Lstm;
import org.diagonal.plugin.small.Mlp;
import org.diagonal.plugin.small.Rnn;
import org.diagonal.plugin.small.TemplateAttention;
import org.diagonal.plugin.small.TemplateTransformer;
import org.diagonal.templates.alphabet.Alphabets;
import org.diagonal.templates.task.LabelKind;
import org.diagonal.templates.task.Task;
import org.diagonal.templates.template.Wildcard;

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

    private static final double GPT2_PARAMETERS = 124e6;

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

    /** Whether strings may have other lengths than those of training. */
    public boolean readsAnyLength() {
        return this == ATTENTION || this == RNN || this == LSTM || this == GPT2;
    }

    /** Whether real labels can be learned; otherwise symbols alone are read out. */
    public boolean readsNumbers() {
        return this != ATTENTION;
    }

    /**
     * The architecture of a network from scratch.
     *
     * @param sizes by the names of {@link #sizes}
     * @throws IllegalStateException for a GPT-2, which has its model's
     */
    public Architecture architecture(
            Map<String, Integer> sizes, Task task, Alphabets alphabets, Arm arm) {
        int length = alphabets.length();
        int vocabulary = alphabets.vocabularySize();
        IdentityScalings scalings = IdentityScalings.of(arm, false);
        int classes = task.kind() == LabelKind.REAL ? 1 : vocabulary;
        return switch (this) {
            case TEMPLATE_TRANSFORMER ->
                    new TemplateTransformer(
                            length,
                            vocabulary,
                            classes,
                            sizes.get(WIDTH),
                            sizes.get(DEPTH),
                            sizes.get(HEADS),
                            sizes.get(HEAD_WIDTH),
                            sizes.get(MLP_WIDTH),
                            pool(task),
                            scalings.wkwqIdMult(),
                            scalings.wvwoIdMult(),
                            false,
                            scalings.permuteWkwq());
            case ATTENTION ->
                    new TemplateAttention(
                            length,
                            vocabulary,
                            sizes.get(WIDTH),
                            sizes.get(HEADS),
                            sizes.get(HEAD_WIDTH),
                            scalings.wkwqIdMult(),
                            scalings.wvwoIdMult(),
                            scalings.permuteWkwq());
            case MLP -> mlp(sizes, length, vocabulary, classes, 0);
            case MLP_XXT -> mlp(sizes, length, vocabulary, classes, 1);
            case RNN -> new Rnn(length, vocabulary, classes, sizes.get(WIDTH));
            case LSTM -> new Lstm(length, vocabulary, classes, sizes.get(WIDTH));
            case GPT2 -> throw new IllegalStateException("a GPT-2 has its model's architecture");
        };
    }

    private static Mlp mlp(
            Map<String, Integer> sizes, int length, int vocabulary, int classes, double xxt) {
        return new Mlp(length, vocabulary, classes, sizes.get(WIDTH), sizes.get(DEPTH), xxt);
    }

    /**
     * The last position is read out, unless it holds a symbol, which a residual connection would
     * hand to the tied embedding: then [CLS] behind it, as for real labels.
     */
    private static TemplateTransformer.Pool pool(Task task) {
        boolean symbolLast =
                task.templates().stream()
                        .map(template -> template.template().elements())
                        .anyMatch(list -> list.get(list.size() - 1) instanceof Wildcard);
        return task.kind() == LabelKind.REAL || symbolLast
                ? TemplateTransformer.Pool.CLS
                : TemplateTransformer.Pool.FINAL;
    }

    /**
     * Multiplications and additions of a string, forward, about.
     *
     * @param length tokens of a string, the one that is read out included
     * @param symbols of all alphabets
     * @param sizes by the names of {@link #sizes}
     */
    public double operations(double length, double symbols, Map<String, Integer> sizes) {
        double width = sizes.getOrDefault(WIDTH, 0);
        double depth = sizes.getOrDefault(DEPTH, 1);
        double attention =
                (double) sizes.getOrDefault(HEADS, 0) * sizes.getOrDefault(HEAD_WIDTH, 0);
        double heads = 8 * length * width * attention + 4 * length * length * attention;
        return switch (this) {
            case TEMPLATE_TRANSFORMER ->
                    depth * (heads + 4 * length * width * sizes.get(MLP_WIDTH));
            case ATTENTION -> heads + 2 * width * symbols;
            case MLP, MLP_XXT -> 2 * (length * symbols * width + (depth - 1) * width * width);
            case RNN -> 4.0 * length * width * width;
            case LSTM -> 16.0 * length * width * width;
            case GPT2 -> 2 * length * GPT2_PARAMETERS;
        };
    }

    /** The word in options and files, such as {@code template-transformer}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
