package org.diagonal.eval.inspect;

import java.util.List;
import java.util.OptionalDouble;
import org.diagonal.eval.inspect.Inspection.Before;
import org.diagonal.eval.inspect.Inspection.Head;
import org.diagonal.eval.report.page.Columns;
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

    Table table() {
        Columns<Head> columns = new Columns<>();
        boolean compared = file.against().isPresent();
        columns.add("Head", head -> Cell.of(head.circuit() + "\u00A0" + head.name()));
        columns.add("z", head -> z(head.z()));
        if (compared) {
            columns.add("z before", head -> z(before(head).z()));
        }
        columns.add("tr(M)/D", head -> Written.briefCell(head.traceOverD()));
        boolean learned = file.heads().stream().anyMatch(head -> head.learned().isPresent());
        if (learned) {
            columns.add("Learned", head -> Written.briefCell(head.learned()));
            columns.add("Sum", head -> Written.briefCell(head.sum()));
        }
        if (compared) {
            columns.add("Sum before", head -> Written.briefCell(before(head).sum()));
        }
        if (file.errorRate().isPresent()) {
            columns.add("p", head -> InspectionChance.p(head.p(), isBound(head)));
            columns.add("p adjusted", head -> InspectionChance.p(head.pAdjusted(), isBound(head)));
        }
        columns.add("Share", head -> share(head.diagShare()));
        columns.add("z folded", head -> z(file.folded(head).z()));
        if (!learned) {
            columns.add("z random", head -> z(head.randomZ()));
        }
        return columns.table("Diagonals, the strongest first", heads);
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
