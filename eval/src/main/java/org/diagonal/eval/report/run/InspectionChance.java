package org.diagonal.eval.report.run;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.diagonal.eval.measure.DiagonalChance;
import org.diagonal.eval.report.page.Block;
import org.diagonal.eval.report.page.Block.Listing;
import org.diagonal.eval.report.page.Block.Prose;
import org.diagonal.eval.report.page.Page.Section;
import org.diagonal.eval.report.page.Table;
import org.diagonal.eval.report.page.Table.Cell;
import org.diagonal.plugin.identity.Circuit;

/**
 * What the report of an inspection says about chance. Older files have no p: of them it says what
 * their random heads reached.
 */
final class InspectionChance {

    private static final String CAUTION =
            "Trained heads differ from random ones in more than their diagonals. Where a few"
                    + " dimensions carry much larger weights than the rest, their entries alone can"
                    + " move the diagonal’s mean, and p is then too small. So p says that a diagonal"
                    + " is not chance of this kind, and not what the diagonal does.";

    private final InspectionFile file;

    InspectionChance(InspectionFile file) {
        this.file = file;
    }

    /**
     * The sentence of a circuit: how many of its heads are beyond chance, and which are strongest.
     *
     * @param strongest names and z-scores of some heads
     */
    String words(Circuit circuit, String strongest) {
        if (file.errorRate().isPresent()) {
            return "%s: %d of %s have a diagonal beyond chance (error rate %s over all of them together); the strongest are %s."
                    .formatted(
                            circuit,
                            file.beyond(circuit, false),
                            Written.count(file.of(circuit, false).size(), "head"),
                            percent(file.errorRate().getAsDouble()),
                            strongest);
        }
        String random =
                file.baseline().stream()
                        .filter(one -> one.circuit() == circuit && !one.folded())
                        .map(InspectionFile.Baseline::zLargest)
                        .filter(OptionalDouble::isPresent)
                        .map(z -> Written.fixed(z.getAsDouble(), 1))
                        .findFirst()
                        .orElse("–");
        return "%s: the strongest diagonals are those of heads %s; of random heads none goes beyond %s."
                .formatted(circuit, strongest, random);
    }

    private static String percent(double share) {
        return Written.setting(100 * share) + "\u00A0%";
    }

    /** The law, the bar and the random heads. */
    Section section() {
        boolean judged = file.errorRate().isPresent();
        List<Block> blocks = new ArrayList<>();
        List<String> columns = new ArrayList<>(List.of("Circuit", "Gain of ln_1"));
        if (judged) {
            blocks.add(new Prose(law(file.errorRate().getAsDouble())));
            blocks.add(new Prose(CAUTION));
            columns.addAll(List.of("Beyond chance", "Bar: p", "its |z|, about"));
        }
        columns.addAll(List.of("Random z, mean", "standard deviation", "largest |z|"));
        columns.add("largest share of ‖M‖² on the diagonal");
        Table.Builder table =
                Table.of(
                        judged
                                ? "The bar, and random matrices with the norms of the heads"
                                : "Random matrices with the norms of the heads",
                        columns.toArray(String[]::new));
        for (InspectionFile.Baseline random : file.baseline()) {
            List<Cell> row = new ArrayList<>(List.of(Cell.of(random.circuit().name())));
            row.add(Cell.of(random.folded() ? "folded in" : "left out"));
            if (judged) {
                row.add(Written.countCell(file.beyond(random.circuit(), random.folded())));
                row.add(p(random.pBar()));
                row.add(Written.briefCell(random.zBar()));
            }
            row.add(Written.briefCell(random.zMean()));
            row.add(Written.briefCell(random.zStd()));
            row.add(Written.briefCell(random.zLargest()));
            row.add(Written.briefCell(random.shareLargest()));
            table.row(row);
        }
        blocks.add(new Listing(table.build()));
        return new Section("What chance does", blocks);
    }

    private String law(double errorRate) {
        int heads = file.model().layers() * file.model().heads();
        return ("A head’s p is the probability that chance makes its diagonal differ from the other"
                        + " entries at least as much, in either direction. Chance means: the head"
                        + " keeps its singular values, and the directions on both of its sides are"
                        + " drawn at random. Heads with independent Gaussian weights are of that"
                        + " kind, whatever their scale, so layers with different scales need no"
                        + " allowance. p comes from a formula, not from simulation. The adjusted p"
                        + " is for all %s of a circuit together; a head is beyond chance where it is"
                        + " at most %s. Of models whose heads are all random, %s have any head there.")
                .formatted(Written.count(heads, "head"), percent(errorRate), percent(errorRate));
    }

    /** A p-value; one that the file holds as its smallest is smaller. */
    static Cell p(OptionalDouble p) {
        if (p.isEmpty()) {
            return Cell.of("");
        }
        double value = p.getAsDouble();
        return value <= DiagonalChance.SMALLEST_P
                ? Cell.of("< 1e−300", value)
                : Written.briefCell(value);
    }
}
