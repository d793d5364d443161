package org.diagonal.eval.inspect;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.diagonal.eval.report.terminal.TextTable;
import org.diagonal.eval.report.terminal.Words;
import org.diagonal.plugin.identity.Circuit;

/** Head diagonals for the terminal: a table of heads, the strongest first, and what it says. */
public final class InspectText {

    private static final int WIDTH = 80;
    private static final int NAMED = 3;

    private final InspectResult result;
    private final PrintWriter out;

    private InspectText(InspectResult result, PrintWriter out) {
        this.result = result;
        this.out = out;
    }

    /**
     * Prints the heads with the strongest diagonals; flushes.
     *
     * @param top how many of both circuits together
     */
    public static void write(InspectResult result, int top, PrintWriter out) {
        InspectText text = new InspectText(result, out);
        text.table(text.strongest(row -> true).stream().limit(top).toList());
        out.println();
        for (Circuit circuit : Circuit.values()) {
            text.strongestInWords(circuit);
        }
        text.changesInWords();
        text.legend();
        out.flush();
    }

    /** Prints one head; flushes. */
    public static void write(InspectResult result, int layer, int head, PrintWriter out) {
        InspectText text = new InspectText(result, out);
        text.table(text.strongest(row -> row.layer() == layer && row.head() == head));
        out.println();
        text.legend();
        out.flush();
    }

    private List<HeadDiagonal> strongest(Predicate<HeadDiagonal> wanted) {
        return result.rows().stream()
                .filter(row -> !row.folded())
                .filter(wanted)
                .sorted(HeadDiagonal.STRONGEST_FIRST)
                .toList();
    }

    private boolean hasLearned() {
        return result.rows().stream().anyMatch(row -> row.learned().isPresent());
    }

    /** With what was learned and what was before, a row takes all of the width. */
    private boolean hasRoomForP() {
        return result.against().isEmpty() || !hasLearned();
    }

    private void table(List<HeadDiagonal> rows) {
        boolean compared = result.against().isPresent(); // then there is no room for all columns
        List<String> header = new ArrayList<>(List.of("Head", "Circuit", "z"));
        header.add(compared ? "z before" : "z folded");
        if (hasRoomForP()) {
            header.add("p");
        }
        header.add("tr(M)/D");
        if (hasLearned()) {
            header.addAll(List.of("Learned", "Sum"));
        }
        header.add(compared ? "Sum before" : "Share");
        TextTable table = new TextTable(header.toArray(String[]::new)).left(1);
        for (HeadDiagonal row : rows) {
            table.row(cells(row).toArray(String[]::new));
        }
        table.write(out);
    }

    private List<String> cells(HeadDiagonal row) {
        Optional<HeadDiagonal> before = result.before(row);
        List<String> cells = new ArrayList<>(List.of(row.name(), row.circuit().name(), z(row)));
        cells.add(z(before.orElseGet(() -> result.counterpart(row, true))));
        if (hasRoomForP()) {
            cells.add(p(row.p()));
        }
        cells.add(signed(row.statistics().traceOverD()));
        if (hasLearned()) {
            OptionalDouble learned = row.learned();
            cells.add(learned.isPresent() ? signed(learned.getAsDouble()) : "");
            cells.add(signed(row.sum()));
        }
        cells.add(
                before.map(same -> signed(same.sum()))
                        .orElseGet(() -> percent(row.statistics().diagShare())));
        return cells;
    }

    private void strongestInWords(Circuit circuit) {
        List<HeadDiagonal> rows = strongest(row -> row.circuit() == circuit);
        RandomHeads random = result.baseline(circuit, false);
        List<HeadDiagonal> beyond = rows.stream().filter(random::isBeyond).toList();
        HeadDiagonal first = rows.get(0);
        StringBuilder words = new StringBuilder();
        words.append(
                format(
                        "%s: the strongest diagonal is that of layer %d, head %d: z = %s,"
                                + " %s = %s, %s of ‖M‖² on it",
                        circuit,
                        first.layer(),
                        first.head(),
                        z(first),
                        circuit.letter(),
                        signed(first.statistics().traceOverD()),
                        percent(first.statistics().diagShare())));
        String others =
                rows.stream()
                        .skip(1)
                        .limit(NAMED - 1)
                        .map(row -> format("%s (z = %s)", row.name(), z(row)))
                        .collect(Collectors.joining(" and "));
        words.append(others.isEmpty() ? "." : "; then " + others + ".");
        long positive = beyond.stream().filter(row -> row.z() > 0).count();
        words.append(
                format(
                        " Beyond chance: %d of %d heads, %d with a positive and %d with a negative"
                                + " diagonal. The bar is p = %s (|z| of about %.1f): of models with"
                                + " random heads, %.0f\u00a0%% have any head beyond it.",
                        beyond.size(),
                        rows.size(),
                        positive,
                        beyond.size() - positive,
                        p(random.pBar()),
                        random.zBar(),
                        100 * RandomHeads.ERROR_RATE));
        paragraph(words.toString());
    }

    private void changesInWords() {
        if (result.against().isEmpty()) {
            return;
        }
        for (Circuit circuit : Circuit.values()) {
            String most =
                    strongest(row -> row.circuit() == circuit).stream()
                            .sorted(Comparator.comparingDouble(row -> -Math.abs(change(row))))
                            .limit(NAMED)
                            .map(
                                    row ->
                                            format(
                                                    "%s from %s to %s",
                                                    row.name(),
                                                    signed(before(row).sum()),
                                                    signed(row.sum())))
                            .collect(Collectors.joining(", "));
            paragraph(
                    format(
                            "%s: changed most against %s, %s with what was learned: %s.",
                            circuit, result.against().get().name(), circuit.letter(), most));
        }
    }

    private double change(HeadDiagonal row) {
        return row.sum() - before(row).sum();
    }

    private HeadDiagonal before(HeadDiagonal row) {
        return result.before(row).orElseThrow();
    }

    private void legend() {
        paragraph(
                format(
                        "Heads are LAYER.HEAD, from 0 on, of %s (%s). M is W_Q W_Kᵀ as the logits"
                                + " have it (QK), or W_V W_O (OV). z is the mean of its diagonal less"
                                + " that of the other entries, in standard errors%s. p is the"
                                + " probability of a diagonal at least that far from the rest, in"
                                + " either direction, for a head with the same singular values and"
                                + " random directions. tr(M)/D is the a or b that a head has of its"
                                + " own%s.",
                        result.model().name(),
                        result.model().shape(),
                        result.against().isPresent() ? "" : "; z folded is that with ln_1's gain",
                        hasLearned() ? ", beside the one that was learned" : ""));
    }

    private static String z(HeadDiagonal row) {
        return Double.isFinite(row.z()) ? format("%.1f", row.z()) : "∞";
    }

    private static String p(double value) {
        return value <= DiagonalChance.SMALLEST_P
                ? "< 1e-300"
                : format(value < 1e-3 ? "%.1e" : "%.4f", value);
    }

    private static String signed(double value) {
        return format("%.4f", value);
    }

    private static String percent(double share) {
        return format("%.1f\u00a0%%", 100 * share);
    }

    private void paragraph(String words) {
        Words.wrapped(words, WIDTH).forEach(out::println);
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
