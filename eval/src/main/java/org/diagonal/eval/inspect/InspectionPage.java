package org.diagonal.eval.inspect;

import static java.util.Comparator.comparingDouble;
import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.diagonal.eval.inspect.Inspection.Head;
import org.diagonal.eval.inspect.Inspection.Model;
import org.diagonal.eval.report.chart.HeatMap;
import org.diagonal.eval.report.chart.Tiles;
import org.diagonal.eval.report.page.Block;
import org.diagonal.eval.report.page.Block.Fact;
import org.diagonal.eval.report.page.Block.Figure;
import org.diagonal.eval.report.page.Block.Listing;
import org.diagonal.eval.report.page.Block.Prose;
import org.diagonal.eval.report.page.OriginSection;
import org.diagonal.eval.report.page.Page;
import org.diagonal.eval.report.page.Page.Section;
import org.diagonal.eval.report.page.Table;
import org.diagonal.eval.report.page.Table.Cell;
import org.diagonal.eval.report.page.Written;
import org.diagonal.eval.train.ScalingsFigures;
import org.diagonal.plugin.identity.Circuit;

/** The report of the diagonals of a model's heads. */
public final class InspectionPage {

    private static final int NAMED = 3;
    private static final int LISTED = 12;

    private static final String LEGEND =
            "Heads are LAYER.HEAD, both from 0, of %s. M is W_Q W_Kᵀ/√d for QK and W_V W_O for OV,"
                    + " as the network applies them. z is the mean of M’s diagonal less the mean of"
                    + " its other entries, in standard errors; folded: with ln_1’s gain. tr(M)/D is"
                    + " the multiple of the identity nearest to M, the head’s own a or b.";

    private static final String LEGEND_OF_P =
            " p is the probability of a diagonal at least that far from the other entries, in"
                    + " either direction, for a head with the same singular values and random"
                    + " directions.";

    private final Inspection file;
    private final InspectionChance chance;
    private final HeadList list;

    private InspectionPage(Inspection file, List<Head> listed) {
        this.file = file;
        this.chance = new InspectionChance(file);
        this.list = new HeadList(file, listed);
    }

    /** Reads a folder with an {@code inspect.json}; lists the strongest heads. */
    public static Page of(Path folder, String id) throws IOException {
        Inspection file = Inspection.FORM.read(folder);
        List<Head> all = file.byStrength();
        List<Head> listed = new ArrayList<>(all.subList(0, Math.min(LISTED, all.size())));
        all.stream()
                .skip(listed.size())
                .filter(head -> file.strongest().stream().anyMatch(one -> isOf(one, head)))
                .forEach(listed::add);
        return of(file, id, listed);
    }

    private static boolean isOf(Closeup closeup, Head head) {
        return closeup.circuit() == head.circuit() && closeup.name().equals(head.name());
    }

    /**
     * The page of an inspection.
     *
     * @param listed the heads whose numbers stand in a table
     */
    public static Page of(Inspection file, String id, List<Head> listed) {
        return new InspectionPage(file, listed).page(id);
    }

    private Page page(String id) {
        List<Section> sections = new ArrayList<>();
        List<Block> heads = new ArrayList<>(List.of(new Listing(list.table()), legend()));
        chance.bars().ifPresent(bars -> heads.add(new Listing(bars)));
        sections.add(Section.brief("Heads", heads));
        sections.add(strongest());
        List<Block> maps = new ArrayList<>();
        for (Circuit circuit : Circuit.values()) {
            maps.add(zMap(circuit, false));
        }
        for (Circuit circuit : Circuit.values()) {
            String letter = circuit.letter();
            maps.add(
                    map(
                            circuit,
                            "own-" + letter,
                            letter,
                            "%s: the heads’ own %s, tr(M)/D".formatted(circuit, letter),
                            "A row is a layer, a column a head. Above zero the head acts as if it had learned such a scaling.",
                            Head::traceOverD));
        }
        sections.add(new Section("All heads", maps));
        List<Block> learned = learned();
        if (!learned.isEmpty()) {
            sections.add(new Section("With the learned scalings", learned));
        }
        if (file.against().isPresent()) {
            sections.add(changes(file.against().get()));
        }
        List<Block> folded = new ArrayList<>();
        for (Circuit circuit : Circuit.values()) {
            folded.add(zMap(circuit, true));
        }
        sections.add(new Section("With the gain of ln_1 folded in", folded));
        sections.add(chance.section());
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact("model", words(file.model())));
        facts.add(new Fact("attention weights, SHA-256", file.model().attentionSha256()));
        file.against()
                .ifPresent(
                        model -> {
                            facts.add(new Fact("against", words(model)));
                            facts.add(new Fact("its weights, SHA-256", model.attentionSha256()));
                        });
        sections.add(OriginSection.versions(file.versions(), facts));
        int count = file.model().layers() * file.model().heads();
        String title = "%s: the diagonals of %s".formatted(name(), Written.count(count, "head"));
        return new Page(id, "Head diagonals", title, lead(), sections);
    }

    private String name() {
        String name = file.model().name();
        return name.substring(name.lastIndexOf('/', name.length() - 2) + 1);
    }

    private static String words(Model model) {
        return "%s: %s, scalings %s".formatted(model.name(), model.shape(), model.scalings());
    }

    private Prose legend() {
        return new Prose(
                LEGEND.formatted(file.model().shape())
                        + (file.errorRate().isPresent() ? LEGEND_OF_P : ""));
    }

    private List<String> lead() {
        List<String> sentences = new ArrayList<>();
        for (Circuit circuit : Circuit.values()) {
            List<String> named =
                    file.byStrength().stream()
                            .filter(head -> head.circuit() == circuit)
                            .limit(NAMED)
                            .map(head -> head.name() + " (z\u00A0=\u00A0" + z(head.z()) + ")")
                            .toList();
            sentences.add(chance.words(circuit, String.join(", ", named)));
        }
        file.against().ifPresent(before -> changesInWords(before, sentences));
        return sentences;
    }

    private void changesInWords(Model before, List<String> sentences) {
        for (Circuit circuit : Circuit.values()) {
            String most =
                    file.of(circuit, false).stream()
                            .filter(head -> change(head).isPresent())
                            .sorted(comparingDouble(h -> -Math.abs(change(h).orElseThrow())))
                            .limit(NAMED)
                            .map(
                                    head ->
                                            "%s from %s to %s"
                                                    .formatted(
                                                            head.name(),
                                                            sum(head.against().orElseThrow().sum()),
                                                            sum(head.sum())))
                            .collect(joining(", "));
            sentences.add(
                    "%s: %s, learned and own together, changed most against %s in %s."
                            .formatted(circuit, circuit.letter(), before.name(), most));
        }
    }

    private static String sum(OptionalDouble value) {
        return Written.brief(value.orElseThrow());
    }

    /** Few digits: a z-score needs no more. One that is absent is not finite. */
    static String z(OptionalDouble value) {
        return value.isPresent() ? Written.fixed(value.getAsDouble(), 1) : "∞";
    }

    private Section strongest() {
        List<Block> figures = new ArrayList<>();
        for (Circuit circuit : Circuit.values()) {
            List<Closeup> closeups =
                    file.strongest().stream().filter(one -> one.circuit() == circuit).toList();
            if (!closeups.isEmpty()) {
                figures.add(closeups(circuit, closeups));
            }
        }
        return new Section("The strongest diagonals", figures);
    }

    private static Figure closeups(Circuit circuit, List<Closeup> closeups) {
        String title = circuit + ": matrices of the strongest heads";
        List<Tiles.Tile> tiles = new ArrayList<>();
        Table.Builder table =
                Table.of(title, "Head", "Entries from", "to", "On the diagonal", "Off it");
        for (Closeup one : closeups) {
            Closeup.Histogram histogram = one.histogram();
            tiles.add(
                    new Tiles.Tile(
                            "%s   z = %s".formatted(one.name(), z(one.z())),
                            one.thumbnail().rows(),
                            histogram.low(),
                            histogram.high(),
                            histogram.diagonal().stream().map(Long::doubleValue).toList(),
                            histogram.offDiagonal().stream().map(Long::doubleValue).toList()));
            int bins = histogram.diagonal().size();
            double width = (histogram.high() - histogram.low()) / bins;
            for (int bin = 0; bin < bins; bin++) {
                long diagonal = histogram.diagonal().get(bin);
                long others = histogram.offDiagonal().get(bin);
                if (diagonal + others > 0) {
                    table.row(
                            Cell.of(one.name()),
                            Cell.of(Written.brief(histogram.low() + bin * width)),
                            Cell.of(Written.brief(histogram.low() + (bin + 1) * width)),
                            Written.countCell(diagonal),
                            Written.countCell(others));
                }
            }
        }
        Tiles chart =
                new Tiles(
                        title,
                        "Top: M downsampled to block averages, blue below zero, orange above. Bottom: the distribution of its entries on the diagonal (line) and off it (area), each scaled to its highest bin; the vertical line is zero.",
                        tiles);
        return new Figure("strongest-" + circuit, chart, table.build());
    }

    private Figure zMap(Circuit circuit, boolean folded) {
        return map(
                file.of(circuit, folded),
                (folded ? "z-folded-" : "z-") + circuit,
                "z",
                circuit + ": z-scores of the diagonals",
                "A row is a layer, a column a head. Above zero the diagonal is larger than what is off it."
                        + chance.others(circuit, folded),
                Head::z);
    }

    private Figure map(
            Circuit circuit,
            String name,
            String quantity,
            String title,
            String description,
            Function<Head, OptionalDouble> of) {
        List<Head> heads = file.of(circuit, false);
        return map(heads, name + "-" + circuit, quantity, title, description, of);
    }

    private static Figure map(
            List<Head> heads,
            String name,
            String quantity,
            String title,
            String description,
            Function<Head, OptionalDouble> of) {
        List<List<Double>> layers = new ArrayList<>();
        for (Head head : heads) {
            if (head.head() == 0) {
                layers.add(new ArrayList<>());
            }
            layers.get(layers.size() - 1).add(of.apply(head).orElse(Double.NaN));
        }
        HeatMap chart = new HeatMap(title, description, quantity, layers);
        return new Figure(name, chart, ScalingsFigures.table(chart));
    }

    private List<Block> learned() {
        List<Block> maps = new ArrayList<>();
        for (Circuit circuit : Circuit.values()) {
            if (file.of(circuit, false).stream().anyMatch(h -> h.learned().isPresent())) {
                String letter = circuit.letter();
                maps.add(
                        map(
                                circuit,
                                "learned-" + letter,
                                letter,
                                "%s: the learned %s".formatted(circuit, letter),
                                "What training has added to the heads’ own.",
                                Head::learned));
                maps.add(
                        map(
                                circuit,
                                "sum-" + letter,
                                letter,
                                "%s: the heads’ own %s and the learned one together"
                                        .formatted(circuit, letter),
                                "A row is a layer, a column a head.",
                                Head::sum));
            }
        }
        return maps;
    }

    private Section changes(Model before) {
        List<Block> maps = new ArrayList<>();
        for (Circuit circuit : Circuit.values()) {
            String letter = circuit.letter();
            maps.add(
                    map(
                            circuit,
                            "change-" + letter,
                            "change of " + letter,
                            "%s: change of %s".formatted(circuit, letter),
                            "The heads’ own %s with the learned one, less the same of %s."
                                    .formatted(letter, before.name()),
                            InspectionPage::change));
        }
        return new Section("Against " + before.name(), maps);
    }

    private static OptionalDouble change(Head head) {
        OptionalDouble now = head.sum();
        OptionalDouble before =
                head.against().map(Inspection.Before::sum).orElse(OptionalDouble.empty());
        return now.isPresent() && before.isPresent()
                ? OptionalDouble.of(now.getAsDouble() - before.getAsDouble())
                : OptionalDouble.empty();
    }
}
