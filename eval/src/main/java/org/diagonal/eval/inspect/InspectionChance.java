package org.diagonal.eval.inspect;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.diagonal.eval.inspect.Inspection.Head;
import org.diagonal.eval.report.page.Block;
import org.diagonal.eval.report.page.Block.Listing;
import org.diagonal.eval.report.page.Block.Prose;
import org.diagonal.eval.report.page.Columns;
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

    private final Inspection file;

    InspectionChance(Inspection file) {
        this.file = file;
    }

    /**
     * The sentence of a circuit: how many of its heads are beyond chance, and which are strongest.
     *
     * @param strongest names and z-scores of some heads
     */
    String words(Circuit circuit, String strongest) {
        List<Head> heads = file.of(circuit, false);
        if (file.errorRate().isPresent()) {
            List<Head> beyond = heads.stream().filter(file::isBeyond).toList();
            long positive = beyond.stream().filter(head -> head.z().orElse(1) > 0).count();
            return "%s: %d of %s have a diagonal beyond chance, %d positive and %d negative (error rate %s over all of them together); the strongest are %s."
                    .formatted(
                            circuit,
                            beyond.size(),
                            Written.count(heads.size(), "head"),
                            positive,
                            beyond.size() - positive,
                            percent(file.errorRate().getAsDouble()),
                            strongest);
        }
        String random =
                file.baseline().stream()
                        .filter(one -> one.circuit() == circuit && !one.folded())
                        .map(one -> InspectionPage.z(one.zLargest()))
                        .findFirst()
                        .orElse("–");
        return "%s: the strongest diagonals are those of heads %s; random heads reach at most |z| = %s."
                .formatted(circuit, strongest, random);
    }

    private static String percent(double share) {
        return Written.setting(100 * share) + "\u00A0%";
    }

    /** The law, and the random heads. */
    Section section() {
        List<Block> blocks = new ArrayList<>();
        if (file.errorRate().isPresent()) {
            blocks.add(new Prose(law(file.errorRate().getAsDouble())));
            blocks.add(new Prose(CAUTION));
        }
        blocks.add(new Listing(random()));
        return new Section("What chance does", blocks);
    }

    /** The bar for each circuit; none in older files. */
    Optional<Table> bars() {
        if (file.errorRate().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                heads().add("p at most", one -> p(one.pBar(), false))
                        .add("|z| of about", one -> Written.briefCell(one.zBar()))
                        .add("Heads beyond", one -> Written.countCell(beyond(one).size()))
                        .table(
                                "Heads beyond chance; %s of models with random heads have one"
                                        .formatted(percent(file.errorRate().getAsDouble())),
                                file.baseline()));
    }

    private List<Head> beyond(RandomHeads baseline) {
        return file.of(baseline.circuit(), baseline.folded()).stream()
                .filter(file::isBeyond)
                .toList();
    }

    private Table random() {
        return heads().add("Mean z", one -> Written.briefCell(one.zMean()))
                .add("Std of z", one -> Written.briefCell(one.zStd()))
                .add("Largest |z|", one -> Written.briefCell(one.zLargest()))
                .add("Largest share of ‖M‖²", one -> Written.briefCell(one.shareLargest()))
                .table("Random matrices with the norms of the heads", file.baseline());
    }

    private static Columns<RandomHeads> heads() {
        return new Columns<RandomHeads>()
                .add("Circuit", one -> Cell.of(one.circuit().name()))
                .add("Gain of ln_1", one -> Cell.of(one.folded() ? "folded in" : "left out"));
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
                        .map(Head::name)
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

    /**
     * A p-value; the smallest that a file holds is a bound.
     *
     * @param isBound whether it is such a bound, or one that is adjusted
     */
    static Cell p(OptionalDouble p, boolean isBound) {
        if (p.isEmpty()) {
            return Cell.of("");
        }
        double value = p.getAsDouble();
        String words = value == DiagonalChance.SMALLEST_P ? "1e−300" : Written.brief(value);
        return Cell.of((isBound ? "< " : "") + words, value);
    }
}
