package org.diagonal.eval.train;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.diagonal.eval.report.chart.HeatMap;
import org.diagonal.eval.report.page.Block;
import org.diagonal.eval.report.page.Block.Figure;
import org.diagonal.eval.report.page.Block.Notice;
import org.diagonal.eval.report.page.Table;
import org.diagonal.eval.report.page.Written;
import org.diagonal.plugin.identity.Arm;
import org.diagonal.plugin.identity.Circuit;

/** The scalings that arms have learned, layer by head. */
public final class ScalingsFigures {

    private ScalingsFigures() {}

    /**
     * A heat-map for every circuit of every arm that has scalings and whose models are there, and a
     * sentence about those that are not.
     */
    public static List<Block> of(List<ArmRuns> arms) throws IOException {
        List<Block> figures = new ArrayList<>();
        for (ArmRuns arm : arms) {
            List<LearnedScalings> learned = arm.learned();
            if (learned.isEmpty()) {
                continue;
            }
            for (Circuit circuit : learned.get(0).values().keySet()) {
                figures.add(figure(arm, circuit, learned, arms.size() > 1));
            }
        }
        String lacking =
                arms.stream()
                        .filter(ArmRuns::lacksWeights)
                        .map(ArmRuns::name)
                        .collect(Collectors.joining(", "));
        if (!lacking.isEmpty()) {
            figures.add(
                    new Notice(
                            "The runs of %s were kept without weights: no map of what their scalings became."
                                    .formatted(lacking)));
        }
        return figures;
    }

    private static Figure figure(
            ArmRuns arm, Circuit circuit, List<LearnedScalings> learned, boolean several) {
        String letter = circuit.letter();
        String of = several ? ", arm " + arm.name() : "";
        boolean fixed = Arm.find(arm.name()).filter(ScalingsRequest::isFixed).isPresent();
        String how = fixed && circuit == Circuit.QK ? "Fixed" : "Learned";
        String title = "%s %s of the %s circuits%s".formatted(how, letter, circuit, of);
        String seeds = learned.size() == 1 ? "" : "Mean of %d seeds. ".formatted(learned.size());
        HeatMap map =
                new HeatMap(
                        title,
                        "%sA row is a layer, a column a head.".formatted(seeds),
                        letter,
                        LearnedScalings.mean(learned, circuit));
        return new Figure(
                "learned-%s-%s".formatted(letter, arm.name().replaceAll("[^A-Za-z0-9]+", "-")),
                map,
                table(map));
    }

    /** The numbers of a heat-map: a row for every layer, a column for every head. */
    public static Table table(HeatMap map) {
        List<String> columns = new ArrayList<>(List.of("Layer"));
        for (int head = 0; head < map.values().get(0).size(); head++) {
            columns.add("head " + head);
        }
        Table.Builder table = Table.of(map.title(), columns.toArray(String[]::new));
        for (int layer = 0; layer < map.values().size(); layer++) {
            List<Table.Cell> row = new ArrayList<>(List.of(Written.countCell(layer)));
            for (double value : map.values().get(layer)) {
                row.add(Double.isNaN(value) ? Table.Cell.of("–") : Written.briefCell(value));
            }
            table.row(row);
        }
        return table.build();
    }
}
