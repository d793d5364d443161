package org.diagonal.eval.inspect;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.diagonal.eval.report.page.Block;
import org.diagonal.eval.report.page.Block.Listing;
import org.diagonal.eval.report.page.Block.Prose;
import org.diagonal.eval.report.page.Page.Section;
import org.diagonal.eval.report.page.Table;
import org.diagonal.eval.report.page.Table.Cell;
import org.diagonal.eval.report.page.Written;
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

    /** More heads that are not beyond chance are counted. */
    private static final int MOST_NAMED = 20;

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
        List<Block> blocks = new ArrayList<>();
        if (file.errorRate().isPresent()) {
            blocks.add(new Prose(law(file.errorRate().getAsDouble())));
            blocks.add(new Prose(CAUTION));
            blocks.add(new Listing(bars()));
        }
        blocks.add(new Listing(random()));
        return new Section("What chance does", blocks);
    }

    private Table bars() {
        Table.Builder table =
                Table.of(
                        "The bar for each head, and how many heads are beyond it",
                        "Circuit",
                        "Gain of ln_1",
                        "p at most",
                        "|z| of about",
                        "Heads beyond");
        for (InspectionFile.Baseline baseline : file.baseline()) {
            table.row(
                    Cell.of(baseline.circuit().name()),
                    gain(baseline),
                    cell(baseline.pBar(), ""),
                    Written.briefCell(baseline.zBar()),
                    Written.countCell(file.beyond(baseline.circuit(), baseline.folded())));
        }
        return table.build();
    }

    private Table random() {
        Table.Builder table =
                Table.of(
                        "Random matrices with the norms of the heads",
                        "Circuit",
                        "Gain of ln_1",
                        "Mean z",
                        "Std of z",
                        "Largest |z|",
                        "Largest share of ‖M‖²");
        for (InspectionFile.Baseline random : file.baseline()) {
            table.row(
                    Cell.of(random.circuit().name()),
                    gain(random),
                    Written.briefCell(random.zMean()),
                    Written.briefCell(random.zStd()),
                    Written.briefCell(random.zLargest()),
                    Written.briefCell(random.shareLargest()));
        }
        return table.build();
    }

    private static Cell gain(InspectionFile.Baseline baseline) {
        return Cell.of(baseline.folded() ? "folded in" : "left out");
    }

    private String law(double errorRate) {
        int heads = file.model().layers() * file.model().heads();
        return ("A head’s p is the probability that chance makes its diagonal differ from the other"
                        + " entries at least as much, in either direction. Chance means: the head"
                        + " keeps its singular values, and the directions on both of its sides are"
                        + " drawn at random. Heads with independent Gaussian weights are of that"
                        + " kind, whatever their scale. p comes from a formula that allows for"
                        + " the gain of ln_1 where that is folded in; heads.csv has it for every"
                        + " head. The adjusted p is for all %s of a"
                        + " circuit together: a head is beyond chance where it is at most %s. Of"
                        + " models whose heads are all random, %s would have at least one such head.")
                .formatted(Written.count(heads, "head"), percent(errorRate), percent(errorRate));
    }

    /**
     * Which heads of a map are not beyond chance, as sentences after others; nothing if unknown.
     */
    String others(Circuit circuit, boolean folded) {
        if (file.errorRate().isEmpty()) {
            return "";
        }
        List<String> names =
                file.of(circuit, folded).stream()
                        .filter(head -> !file.isBeyond(head))
                        .map(head -> head.layer() + "." + head.head())
                        .toList();
        if (names.isEmpty()) {
            return " All are beyond chance.";
        }
        return names.size() > MOST_NAMED
                ? " %d of %s are not beyond chance."
                        .formatted(
                                names.size(),
                                Written.count(file.of(circuit, folded).size(), "head"))
                : " Not beyond chance: %s.".formatted(String.join(", ", names));
    }

    /** A head's p-value, and that for all heads; the smallest that a file holds is a bound. */
    static List<Cell> cells(InspectionFile.Numbers numbers) {
        boolean bound = numbers.p().orElse(1) <= DiagonalChance.SMALLEST_P;
        return Stream.of(numbers.p(), numbers.pAdjusted())
                .map(p -> cell(p, bound ? "< " : ""))
                .toList();
    }

    private static Cell cell(OptionalDouble p, String before) {
        return p.isPresent()
                ? Cell.of(before + brief(p.getAsDouble()), p.getAsDouble())
                : Cell.of("");
    }

    private static String brief(double p) {
        return p == DiagonalChance.SMALLEST_P ? "1e−300" : Written.brief(p);
    }
}
