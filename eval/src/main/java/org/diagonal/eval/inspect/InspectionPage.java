package org.diagonal.eval.inspect;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.diagonal.eval.inspect.InspectionFile.Closeup;
import org.diagonal.eval.inspect.InspectionFile.Head;
import org.diagonal.eval.inspect.InspectionFile.Model;
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

    private static final Comparator<Head> STRONGEST_FIRST =
            Comparator.comparingDouble(head -> -Math.abs(head.now().z().orElse(0)));

    private final InspectionFile file;
    private final InspectionChance chance;

    private InspectionPage(InspectionFile file) {
        this.file = file;
        this.chance = new InspectionChance(file);
    }

    /** Reads a folder with an {@code inspect.json}. */
    public static Page of(Path folder, String id) throws IOException {
        return new InspectionPage(InspectionFile.read(folder)).page(id);
    }

    private Page page(String id) {
        List<Section> sections = new ArrayList<>();
        sections.add(strongest());
        List<Block> maps = new ArrayList<>();
        for (Circuit circuit : Circuit.values()) {
            maps.add(map(circuit, false, "z", "z", head -> head.now().z()));
        }
        for (Circuit circuit : Circuit.values()) {
            String letter = circuit.letter();
            maps.add(map(circuit, false, "own-" + letter, letter, h -> h.now().traceOverD()));
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
            folded.add(map(circuit, true, "z-folded", "z", head -> head.now().z()));
        }
        sections.add(new Section("With the gain of ln_1 folded in", folded));
        sections.add(chance.section());
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact("model", words(file.model())));
        facts.add(new Fact("attention weights, SHA-256", file.model().sha256()));
        file.against()
                .ifPresent(
                        model -> {
                            facts.add(new Fact("against", words(model)));
                            facts.add(new Fact("its weights, SHA-256", model.sha256()));
                        });
        sections.add(OriginSection.versions(file.versions(), facts));
        int heads = file.model().layers() * file.model().heads();
        String title = "%s: the diagonals of %s".formatted(name(), Written.count(heads, "head"));
        return new Page(id, "Head diagonals", title, lead(), sections);
    }

    private String name() {
        String name = file.model().name();
        return name.substring(name.lastIndexOf('/', name.length() - 2) + 1);
    }

    private static String words(Model model) {
        return "%s: %d layers, %d heads, width %d, scalings %s"
                .formatted(
                        model.name(),
                        model.layers(),
                        model.heads(),
                        model.width(),
                        model.scalings());
    }

    private List<String> lead() {
        List<String> sentences = new ArrayList<>();
        for (Circuit circuit : Circuit.values()) {
            List<Head> heads = file.of(circuit, false).stream().sorted(STRONGEST_FIRST).toList();
            List<String> named =
                    heads.stream()
                            .limit(NAMED)
                            .map(
                                    head ->
                                            "%d.%d (z\u00A0=\u00A0%s)"
                                                    .formatted(
                                                            head.layer(),
                                                            head.head(),
                                                            brief(head.now().z())))
                            .toList();
            sentences.add(chance.words(circuit, String.join(", ", named)));
        }
        return sentences;
    }

    /** Few digits: a z-score needs no more. */
    private static String brief(OptionalDouble value) {
        return value.isPresent() ? Written.fixed(value.getAsDouble(), 1) : "–";
    }

    private Section strongest() {
        List<Block> blocks = new ArrayList<>();
        blocks.add(
                new Prose(
                        "M is W_Q W_Kᵀ/√d for QK and W_V W_O for OV, as the network applies them."
                                + " z says by how many standard errors the mean of M’s diagonal"
                                + " differs from the mean off it; tr(M)/D is the multiple of the"
                                + " identity nearest to M, the head’s own a or b."));
        for (Circuit circuit : Circuit.values()) {
            List<Closeup> closeups =
                    file.strongest().stream().filter(one -> one.circuit() == circuit).toList();
            if (!closeups.isEmpty()) {
                blocks.add(closeups(circuit, closeups));
                blocks.add(new Listing(table(circuit, closeups)));
            }
        }
        return new Section("The strongest diagonals", blocks);
    }

    private static Figure closeups(Circuit circuit, List<Closeup> closeups) {
        String title = circuit + ": matrices of the strongest heads";
        List<Tiles.Tile> tiles = new ArrayList<>();
        Table.Builder table =
                Table.of(title, "Head", "Entries from", "to", "On the diagonal", "Off it");
        for (Closeup one : closeups) {
            String name = "%s   z = %s".formatted(one.name(), brief(one.z()));
            tiles.add(
                    new Tiles.Tile(
                            name,
                            one.thumbnail(),
                            one.low(),
                            one.high(),
                            one.diagonal(),
                            one.others()));
            int bins = one.diagonal().size();
            double width = (one.high() - one.low()) / bins;
            for (int bin = 0; bin < bins; bin++) {
                if (one.diagonal().get(bin) + one.others().get(bin) > 0) {
                    table.row(
                            Cell.of(one.name()),
                            Cell.of(Written.brief(one.low() + bin * width)),
                            Cell.of(Written.brief(one.low() + (bin + 1) * width)),
                            Written.countCell(one.diagonal().get(bin).longValue()),
                            Written.countCell(one.others().get(bin).longValue()));
                }
            }
        }
        Tiles chart =
                new Tiles(
                        title,
                        "Above, M from afar: means of blocks, blue below zero, orange above. Below, how its entries are distributed, on the diagonal (line) and off it (area), each by its own highest bin; the upright line is zero.",
                        tiles);
        return new Figure("strongest-" + circuit, chart, table.build());
    }

    private Table table(Circuit circuit, List<Closeup> closeups) {
        String letter = circuit.letter();
        boolean learned = file.heads().stream().anyMatch(h -> h.now().learned().isPresent());
        List<String> columns = new ArrayList<>(List.of("Head", "z", "z, random"));
        if (file.errorRate().isPresent()) {
            columns.addAll(List.of("p", "p, adjusted"));
        }
        columns.addAll(List.of("‖M‖² on the diagonal", "tr(M)/D"));
        if (learned) {
            columns.add("Learned " + letter);
        }
        Table.Builder table =
                Table.of(circuit + ": the strongest heads", columns.toArray(String[]::new));
        for (Closeup one : closeups) {
            Head head =
                    file.of(circuit, false).stream()
                            .filter(h -> h.layer() == one.layer() && h.head() == one.head())
                            .findFirst()
                            .orElseThrow();
            List<Cell> row = new ArrayList<>(List.of(Cell.of(one.name())));
            row.add(Written.briefCell(head.now().z()));
            row.add(Written.briefCell(head.randomZ()));
            if (file.errorRate().isPresent()) {
                row.addAll(InspectionChance.cells(head.now()));
            }
            row.add(Written.briefCell(head.now().share()));
            row.add(Written.briefCell(head.now().traceOverD()));
            if (learned) {
                row.add(Written.briefCell(head.now().learned()));
            }
            table.row(row);
        }
        return table.build();
    }

    private Figure map(
            Circuit circuit,
            boolean folded,
            String name,
            String quantity,
            Function<Head, OptionalDouble> of) {
        String title =
                quantity.equals("z")
                        ? circuit + ": z-scores of the diagonals"
                        : "%s: the heads’ own %s, tr(M)/D".formatted(circuit, quantity);
        String description =
                quantity.equals("z")
                        ? "A row is a layer, a column a head. Above zero the diagonal is larger than what is off it."
                                + chance.others(circuit, folded)
                        : "A row is a layer, a column a head. Above zero the head acts as if it had learned such a scaling.";
        return map(circuit, folded, name, quantity, title, description, of);
    }

    private Figure map(
            Circuit circuit,
            boolean folded,
            String name,
            String quantity,
            String title,
            String description,
            Function<Head, OptionalDouble> of) {
        List<List<Double>> layers = new ArrayList<>();
        for (Head head : file.of(circuit, folded)) {
            if (head.head() == 0) {
                layers.add(new ArrayList<>());
            }
            layers.get(layers.size() - 1).add(of.apply(head).orElse(Double.NaN));
        }
        HeatMap chart = new HeatMap(title, description, quantity, layers);
        return new Figure(name + "-" + circuit, chart, ScalingsFigures.table(chart));
    }

    private List<Block> learned() {
        List<Block> maps = new ArrayList<>();
        for (Circuit circuit : Circuit.values()) {
            if (file.of(circuit, false).stream().anyMatch(h -> h.now().learned().isPresent())) {
                String letter = circuit.letter();
                maps.add(
                        map(
                                circuit,
                                false,
                                "learned-" + letter,
                                letter,
                                "%s: the learned %s".formatted(circuit, letter),
                                "What training has added to the heads’ own.",
                                head -> head.now().learned()));
                maps.add(
                        map(
                                circuit,
                                false,
                                "sum-" + letter,
                                letter,
                                "%s: the heads’ own %s and the learned one together"
                                        .formatted(circuit, letter),
                                "A row is a layer, a column a head.",
                                head -> head.now().sum()));
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
                            false,
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
        OptionalDouble now = head.now().sum();
        OptionalDouble before =
                head.before().map(InspectionFile.Numbers::sum).orElse(OptionalDouble.empty());
        return now.isPresent() && before.isPresent()
                ? OptionalDouble.of(now.getAsDouble() - before.getAsDouble())
                : OptionalDouble.empty();
    }
}
