package org.diagonal.eval.report.run;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.diagonal.eval.report.chart.HeatMap;
import org.diagonal.eval.report.page.Block;
import org.diagonal.eval.report.page.Block.Figure;
import org.diagonal.eval.report.page.Table;
import org.diagonal.plugin.identity.Circuit;

/** The scalings that arms have learned, layer by head. */
final class ScalingsFigures {

    private ScalingsFigures() {}

    /** A heat-map for every circuit of every arm that has scalings and whose models are there. */
    static List<Block> of(List<ArmRuns> arms) throws IOException {
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
        return figures;
    }

    private static Figure figure(
            ArmRuns arm, Circuit circuit, List<LearnedScalings> learned, boolean several) {
        String letter = ArmRuns.letter(circuit);
        String of = several ? ", arm " + arm.name() : "";
        String title = "Learned %s of the %s circuits%s".formatted(letter, circuit, of);
        String seeds = learned.size() == 1 ? "" : "Mean of %d seeds. ".formatted(learned.size());
        HeatMap map =
                new HeatMap(
                        title,
                        "%sA row is a layer, a column a head; all began at zero.".formatted(seeds),
                        letter,
                        LearnedScalings.mean(learned, circuit));
        return new Figure(
                "learned-%s-%s".formatted(letter, arm.name().replaceAll("[^A-Za-z0-9]+", "-")),
                map,
                table(title, circuit, map, learned));
    }

    private static Table table(
            String title, Circuit circuit, HeatMap map, List<LearnedScalings> learned) {
        List<String> columns = new ArrayList<>(List.of("Layer", "Head", ArmRuns.letter(circuit)));
        for (int seed = 1; learned.size() > 1 && seed <= learned.size(); seed++) {
            columns.add("Run " + seed);
        }
        Table.Builder table = Table.of(title, columns.toArray(String[]::new));
        for (int layer = 0; layer < map.values().size(); layer++) {
            for (int head = 0; head < map.values().get(layer).size(); head++) {
                List<Table.Cell> row = new ArrayList<>();
                row.add(Written.countCell(layer));
                row.add(Written.countCell(head));
                row.add(Written.briefCell(map.values().get(layer).get(head)));
                if (learned.size() > 1) {
                    for (LearnedScalings one : learned) {
                        row.add(Written.briefCell(one.values().get(circuit).get(layer).get(head)));
                    }
                }
                table.row(row);
            }
        }
        return table.build();
    }
}
