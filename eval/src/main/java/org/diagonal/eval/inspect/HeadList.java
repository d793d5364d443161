package org.diagonal.eval.inspect;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.diagonal.eval.inspect.Inspection.Before;
import org.diagonal.eval.inspect.Inspection.Head;
import org.diagonal.eval.report.page.Table;
import org.diagonal.eval.report.page.Table.Cell;
import org.diagonal.eval.report.page.Written;

/** A table of some heads; the important columns come first, as the terminal splits wide tables. */
final class HeadList {

    private final Inspection file;
    private final List<Head> heads;

    HeadList(Inspection file, List<Head> heads) {
        this.file = file;
        this.heads = heads;
    }

    /** Whether the model before stands beside. */
    boolean isCompared() {
        return file.against().isPresent();
    }

    Table table() {
        Map<String, Function<Head, Cell>> columns = columns();
        List<String> names = new ArrayList<>(List.of("Head"));
        names.addAll(columns.keySet());
        Table.Builder table =
                Table.of("Diagonals, the strongest first", names.toArray(String[]::new));
        for (Head head : heads) {
            List<Cell> row =
                    new ArrayList<>(List.of(Cell.of(head.circuit() + "\u00A0" + head.name())));
            columns.values().forEach(column -> row.add(column.apply(head)));
            table.row(row);
        }
        return table.build();
    }

    private Map<String, Function<Head, Cell>> columns() {
        Map<String, Function<Head, Cell>> columns = new LinkedHashMap<>();
        columns.put("z", head -> z(head.z()));
        if (isCompared()) {
            columns.put("z before", head -> z(before(head).z()));
        }
        columns.put("tr(M)/D", head -> Written.briefCell(head.traceOverD()));
        boolean learned = file.heads().stream().anyMatch(head -> head.learned().isPresent());
        if (learned) {
            columns.put("Learned", head -> Written.briefCell(head.learned()));
            columns.put("Sum", head -> Written.briefCell(head.sum()));
        }
        if (isCompared()) {
            columns.put("Sum before", head -> Written.briefCell(before(head).sum()));
        }
        if (file.errorRate().isPresent()) {
            columns.put("p", head -> InspectionChance.p(head.p(), isBound(head)));
            columns.put("p adjusted", head -> InspectionChance.p(head.pAdjusted(), isBound(head)));
        }
        columns.put("Share", head -> share(head.diagShare()));
        columns.put("z folded", head -> z(file.folded(head).z()));
        if (!learned) {
            columns.put("z random", head -> z(head.randomZ()));
        }
        return columns;
    }

    private static Before before(Head head) {
        return head.against().orElseThrow();
    }

    private static boolean isBound(Head head) {
        return head.p().orElse(1) <= DiagonalChance.SMALLEST_P;
    }

    private static Cell z(OptionalDouble z) {
        String words = InspectionPage.z(z);
        return z.isPresent() ? Cell.of(words, z.getAsDouble()) : Cell.of(words);
    }

    /** Of ‖M‖², in percent. */
    private static Cell share(OptionalDouble share) {
        return share.isPresent()
                ? Cell.of(
                        Written.fixed(100 * share.getAsDouble(), 1) + "\u00A0%",
                        share.getAsDouble())
                : Cell.of("");
    }
}
