package org.diagonal.eval.inspect;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.diagonal.eval.record.Form;
import org.diagonal.eval.record.OneLine;
import org.diagonal.eval.source.ModelSource;
import org.diagonal.plugin.gpt2.AttentionWeights;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.identity.Arm;
import org.diagonal.plugin.identity.Circuit;
import org.diagonal.plugin.identity.DiagonalStatistics;

/**
 * {@code inspect.json}: the diagonals of all heads of a model. Numbers have seven digits; one that
 * is not finite is absent. Older files lack the error rate, the bars and p.
 *
 * @param version of the file's form
 * @param model whose heads
 * @param against the model before, if there is one
 * @param seed of the random heads
 * @param errorRate the probability that chance alone puts any head of a circuit beyond the bar
 * @param baseline what chance does in each circuit, not folded and folded
 * @param heads by layer, head, circuit, then not folded and folded
 * @param strongest a few heads of each circuit, not folded, the strongest first
 * @param versions what measured
 */
public record Inspection(
        int version,
        Model model,
        Optional<Model> against,
        long seed,
        OptionalDouble errorRate,
        List<RandomHeads> baseline,
        @JsonSerialize(contentUsing = OneLine.class) List<Head> heads,
        List<Closeup> strongest,
        Map<String, String> versions) {

    /** The form of the file. */
    public static final Form<Inspection> FORM =
            Form.of("inspect.json", Inspection.class, 1, Map.of()).withListsInLines();

    /** The strongest first; a head without a finite z is the strongest of all. */
    private static final Comparator<Head> STRONGEST_FIRST =
            Comparator.comparingDouble(
                    head -> -Math.abs(head.z().orElse(Double.POSITIVE_INFINITY)));

    private static final MathContext DIGITS = new MathContext(7);

    /**
     * A model.
     *
     * @param name what the user called it
     * @param attentionSha256 of the tensors that were read, {@link AttentionWeights#sha256}
     * @param adapterSha256 of the adapter's scalings, if it has one
     * @param layers L
     * @param heads H in each layer
     * @param width D
     * @param scalings the circuits that have some
     */
    public record Model(
            String name,
            String attentionSha256,
            Optional<String> adapterSha256,
            @JsonProperty("n_layer") int layers,
            @JsonProperty("n_head") int heads,
            @JsonProperty("n_embd") int width,
            Arm scalings) {

        static Model of(ModelSource source, AttentionWeights weights) throws IOException {
            Gpt2Config config = weights.config();
            return new Model(
                    source.measured().title(),
                    weights.sha256(),
                    source.adapterSha256(),
                    config.nLayer(),
                    config.nHead(),
                    config.nEmbd(),
                    config.scalings().arm());
        }

        /** Whether weights and scalings are the same, whatever the model is called. */
        boolean isSame(Model other) {
            return attentionSha256.equals(other.attentionSha256)
                    && adapterSha256.equals(other.adapterSha256);
        }

        /** For messages: {@code 12 layers, 12 heads, width 768}. */
        String shape() {
            return "%d layers, %d heads, width %d".formatted(layers, heads, width);
        }
    }

    /**
     * One circuit of one head.
     *
     * @param folded whether the gain of {@code ln_1} is folded in
     * @param diagShare share of ‖M‖² on the diagonal
     * @param traceOverD tr(M)/D: the head's own a or b
     * @param learned the learned scaling; absent where the circuit has none
     * @param sum of the head's own and the learned one
     * @param p two-sided, of this head alone, at least {@link DiagonalChance#SMALLEST_P}
     * @param pAdjusted for all heads of the circuit
     * @param randomZ z of the head's random matrix
     * @param randomShare its share of ‖M‖² on the diagonal
     * @param against the same head of the model before
     */
    public record Head(
            int layer,
            int head,
            @JsonSerialize(using = ToStringSerializer.class) Circuit circuit,
            boolean folded,
            OptionalDouble diagMean,
            OptionalDouble diagStd,
            OptionalDouble offMean,
            OptionalDouble offStd,
            OptionalDouble z,
            OptionalDouble diagShare,
            OptionalDouble traceOverD,
            OptionalDouble learned,
            OptionalDouble sum,
            OptionalDouble p,
            OptionalDouble pAdjusted,
            OptionalDouble randomZ,
            OptionalDouble randomShare,
            Optional<Before> against) {

        private static Head of(HeadDiagonal row, Optional<Before> before, int heads) {
            Before now = Before.of(row, heads);
            return new Head(
                    row.layer(),
                    row.head(),
                    row.circuit(),
                    row.folded(),
                    now.diagMean,
                    now.diagStd,
                    now.offMean,
                    now.offStd,
                    now.z,
                    now.diagShare,
                    now.traceOverD,
                    now.learned,
                    now.sum,
                    now.p,
                    now.pAdjusted,
                    rounded(row.random().z()),
                    rounded(row.random().diagShare()),
                    before);
        }

        /** {@code LAYER.HEAD}. */
        public String name() {
            return layer + "." + head;
        }
    }

    /** The numbers of a head of the model before. */
    public record Before(
            OptionalDouble diagMean,
            OptionalDouble diagStd,
            OptionalDouble offMean,
            OptionalDouble offStd,
            OptionalDouble z,
            OptionalDouble diagShare,
            OptionalDouble traceOverD,
            OptionalDouble learned,
            OptionalDouble sum,
            OptionalDouble p,
            OptionalDouble pAdjusted) {

        private static Before of(HeadDiagonal row, int heads) {
            DiagonalStatistics statistics = row.statistics();
            return new Before(
                    rounded(statistics.diagMean()),
                    rounded(statistics.diagStd()),
                    rounded(statistics.offMean()),
                    rounded(statistics.offStd()),
                    rounded(row.z()),
                    rounded(statistics.diagShare()),
                    rounded(statistics.traceOverD()),
                    row.learned().isPresent()
                            ? rounded(row.learned().getAsDouble())
                            : OptionalDouble.empty(),
                    rounded(row.sum()),
                    rounded(row.p()),
                    rounded(RandomHeads.adjusted(row.p(), heads)));
        }
    }

    /** Copies the collections; refuses heads that are missing, repeated or out of order. */
    public Inspection {
        baseline = List.copyOf(baseline);
        heads = List.copyOf(heads);
        strongest = List.copyOf(strongest);
        versions = Collections.unmodifiableMap(new TreeMap<>(versions)); // in one order
        int expected = model.layers * model.heads * 2 * Circuit.values().length;
        if (heads.size() != expected) {
            throw new IllegalArgumentException(
                    "heads: expected %d of %d layers with %d heads, found %d"
                            .formatted(expected, model.layers, model.heads, heads.size()));
        }
        for (int i = 0; i < heads.size(); i++) {
            Head head = heads.get(i);
            if (place(model, head) != i || head.head < 0 || head.head >= model.heads) {
                throw new IllegalArgumentException(
                        "heads[%d]: expected each head of %d layers with %d once, in order, found %s %s%s"
                                .formatted(
                                        i,
                                        model.layers,
                                        model.heads,
                                        head.circuit,
                                        head.name(),
                                        head.folded ? ", folded" : ""));
            }
        }
        for (Closeup one : strongest) {
            boolean isHead = one.head() >= 0 && one.head() < model.heads;
            if (!isHead || one.layer() < 0 || one.layer() >= model.layers) {
                throw new IllegalArgumentException(
                        "strongest: %s is not a head of %d layers with %d"
                                .formatted(one.name(), model.layers, model.heads));
            }
        }
    }

    /**
     * Gathers what was measured.
     *
     * @param rows in the order of {@link #heads}
     * @param before the same heads of the model before; empty without one
     */
    static Inspection of(
            Model model,
            Optional<Model> against,
            long seed,
            List<HeadDiagonal> rows,
            List<HeadDiagonal> before,
            List<Closeup> strongest,
            Map<String, String> versions) {
        int number = model.layers * model.heads;
        List<Head> heads = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            Optional<Before> same =
                    against.isPresent()
                            ? Optional.of(Before.of(before.get(i), number))
                            : Optional.empty();
            heads.add(Head.of(rows.get(i), same, number));
        }
        return new Inspection(
                FORM.version(),
                model,
                against,
                seed,
                rounded(RandomHeads.ERROR_RATE),
                RandomHeads.all(rows),
                heads,
                strongest,
                versions);
    }

    /** A number as the file has it: of seven digits, absent if it is not finite. */
    static OptionalDouble rounded(double value) {
        return Double.isFinite(value)
                ? OptionalDouble.of(new BigDecimal(value).round(DIGITS).doubleValue())
                : OptionalDouble.empty();
    }

    /** Where a head stands among all: by layer, head, circuit, then not folded and folded. */
    private static int place(Model model, Head head) {
        int circuit = head.circuit == Circuit.QK ? 0 : 1;
        return 4 * (head.layer * model.heads + head.head) + 2 * circuit + (head.folded ? 1 : 0);
    }

    /** The heads of one circuit, by layer. */
    List<Head> of(Circuit circuit, boolean folded) {
        return heads.stream()
                .filter(head -> head.circuit == circuit && head.folded == folded)
                .toList();
    }

    /** The same circuit of the same head with {@code ln_1}'s gain folded in. */
    Head folded(Head head) {
        return heads.get(place(model, head) + (head.folded ? 0 : 1));
    }

    /** Both circuits of all heads, not folded, the strongest diagonals first. */
    public List<Head> byStrength() {
        return heads.stream().filter(head -> !head.folded).sorted(STRONGEST_FIRST).toList();
    }

    /** Whether a head is beyond chance; false in older files. */
    boolean isBeyond(Head head) {
        return head.pAdjusted.orElse(1) <= errorRate.orElse(-1);
    }
}
