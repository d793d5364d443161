package org.diagonal.eval.inspect;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.diagonal.eval.record.JsonKeys;
import org.diagonal.eval.record.ResultFile;
import org.diagonal.plugin.identity.Circuit;

/**
 * {@code inspect.json}.
 *
 * @param against the model before, where there is one
 * @param errorRate how often chance alone puts a head of a circuit beyond the bar; empty in older
 *     files
 * @param baseline what chance makes of every circuit
 * @param heads by layer, head, circuit, then not folded and folded
 * @param strongest a few heads of each circuit, the strongest first
 * @param versions what it ran with
 */
public record InspectionFile(
        Model model,
        Optional<Model> against,
        OptionalDouble errorRate,
        List<Baseline> baseline,
        List<Head> heads,
        List<Closeup> strongest,
        Map<String, String> versions) {

    /** The file's name. */
    public static final String FILE = "inspect.json";

    private static final long VERSION = 1;

    /** Whose heads. */
    record Model(String name, String sha256, int layers, int heads, int width, String scalings) {}

    /** The bar, which older files lack, and random heads of the same norms. */
    record Baseline(
            Circuit circuit,
            boolean folded,
            OptionalDouble pBar,
            OptionalDouble zBar,
            OptionalDouble zMean,
            OptionalDouble zStd,
            OptionalDouble zLargest,
            OptionalDouble shareLargest) {}

    /** One circuit of one head. */
    record Head(
            int layer,
            int head,
            Circuit circuit,
            boolean folded,
            Numbers now,
            OptionalDouble randomZ,
            Optional<Numbers> before) {}

    /**
     * What was measured; empty for what is not finite.
     *
     * @param traceOverD the head's own a or b
     * @param sum of that and the learned scaling
     * @param p of the head alone; empty in older files
     * @param pAdjusted for all heads of the circuit; empty in older files
     */
    record Numbers(
            OptionalDouble z,
            OptionalDouble share,
            OptionalDouble traceOverD,
            OptionalDouble learned,
            OptionalDouble sum,
            OptionalDouble p,
            OptionalDouble pAdjusted) {}

    /**
     * One head's matrix from afar.
     *
     * @param thumbnail means of blocks, row by row
     * @param low where the first bin of the histograms begins
     * @param high where the last one ends
     */
    record Closeup(
            int layer,
            int head,
            Circuit circuit,
            OptionalDouble z,
            List<List<Double>> thumbnail,
            double low,
            double high,
            List<Double> diagonal,
            List<Double> others) {

        /** Layer and head. */
        String name() {
            return layer + "." + head;
        }
    }

    static InspectionFile read(Path folder) throws IOException {
        return ResultFile.read(folder.resolve(FILE), "inspection", VERSION, InspectionFile::of);
    }

    private static InspectionFile of(JsonKeys keys) {
        InspectionFile file =
                new InspectionFile(
                        model(keys.object("model")),
                        keys.has("against")
                                ? Optional.of(model(keys.object("against")))
                                : Optional.empty(),
                        keys.optional("error_rate"),
                        keys.objects("baseline").stream().map(InspectionFile::baseline).toList(),
                        keys.objects("heads").stream().map(InspectionFile::head).toList(),
                        keys.objects("strongest").stream().map(InspectionFile::closeup).toList(),
                        ResultFile.words(keys.value("versions")));
        int expected = file.model.layers * file.model.heads * 2 * Circuit.values().length;
        if (file.heads.size() != expected) {
            throw new IllegalArgumentException(
                    "key heads: expected %d of %d layers with %d heads, found %d"
                            .formatted(
                                    expected,
                                    file.model.layers,
                                    file.model.heads,
                                    file.heads.size()));
        }
        file.requireEveryHead();
        return file;
    }

    /** Refuses heads that stand twice or nowhere, and strongest ones that are no heads. */
    private void requireEveryHead() {
        Set<String> names = new HashSet<>();
        for (Head head : heads) {
            String name =
                    "%s %d.%d%s"
                            .formatted(
                                    head.circuit,
                                    head.layer,
                                    head.head,
                                    head.folded ? ", folded" : "");
            if (!isHead(head.layer, head.head) || !names.add(name)) {
                throw new IllegalArgumentException(
                        "key heads: each head of %d layers with %d must be there once, found %s"
                                .formatted(model.layers, model.heads, name));
            }
        }
        for (Closeup one : strongest) {
            if (!isHead(one.layer, one.head)) {
                throw new IllegalArgumentException(
                        "key strongest: %s is not a head of %d layers with %d"
                                .formatted(one.name(), model.layers, model.heads));
            }
        }
    }

    private boolean isHead(int layer, int head) {
        return layer >= 0 && layer < model.layers && head >= 0 && head < model.heads;
    }

    private static Model model(JsonKeys keys) {
        return new Model(
                keys.text("name"),
                keys.text("attention_sha256"),
                keys.small("n_layer"),
                keys.small("n_head"),
                keys.small("n_embd"),
                keys.text("scalings"));
    }

    private static Baseline baseline(JsonKeys keys) {
        return new Baseline(
                Circuit.valueOf(keys.text("circuit")),
                keys.value("folded").asBoolean(),
                keys.optional("p_bar"),
                keys.optional("z_bar"),
                keys.optional("z_mean"),
                keys.optional("z_std"),
                keys.optional("z_largest"),
                keys.optional("share_largest"));
    }

    private static Head head(JsonKeys keys) {
        return new Head(
                keys.small("layer"),
                keys.small("head"),
                Circuit.valueOf(keys.text("circuit")),
                keys.value("folded").asBoolean(),
                numbers(keys),
                keys.optional("random_z"),
                keys.has("against")
                        ? Optional.of(numbers(keys.object("against")))
                        : Optional.empty());
    }

    private static Numbers numbers(JsonKeys keys) {
        return new Numbers(
                keys.optional("z"),
                keys.optional("diag_share"),
                keys.optional("trace_over_d"),
                keys.optional("learned"),
                keys.optional("sum"),
                keys.optional("p"),
                keys.optional("p_adjusted"));
    }

    private static Closeup closeup(JsonKeys keys) {
        JsonKeys thumbnail = keys.object("thumbnail");
        int cells = thumbnail.small("cells");
        List<List<Double>> rows = thumbnail.rows("rows");
        if (rows.size() != cells || rows.stream().anyMatch(row -> row.size() != cells)) {
            throw new IllegalArgumentException(
                    "key rows: expected %d rows of %d numbers".formatted(cells, cells));
        }
        JsonKeys histogram = keys.object("histogram");
        List<Double> diagonal = histogram.numbers("diagonal");
        return new Closeup(
                keys.small("layer"),
                keys.small("head"),
                Circuit.valueOf(keys.text("circuit")),
                keys.optional("z"),
                rows,
                histogram.number("low"),
                histogram.number("high"),
                diagonal,
                histogram.numbers("off_diagonal", diagonal.size()));
    }

    /** How many heads of one circuit are beyond chance; 0 in older files. */
    long beyond(Circuit circuit, boolean folded) {
        return of(circuit, folded).stream().filter(this::isBeyond).count();
    }

    /** Whether a head is beyond chance; false in older files. */
    boolean isBeyond(Head head) {
        return head.now.pAdjusted.orElse(1) <= errorRate.orElse(-1);
    }

    /** The rows of one circuit. */
    List<Head> of(Circuit circuit, boolean folded) {
        return heads.stream()
                .filter(head -> head.circuit == circuit && head.folded == folded)
                .toList();
    }
}
