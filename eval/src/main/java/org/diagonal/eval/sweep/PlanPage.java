package org.diagonal.eval.sweep;

import java.util.List;
import java.util.Locale;
import org.diagonal.eval.report.page.Block.Listing;
import org.diagonal.eval.report.page.Block.Prose;
import org.diagonal.eval.report.page.Page;
import org.diagonal.eval.report.page.Page.Section;
import org.diagonal.eval.report.page.Table;
import org.diagonal.eval.report.page.Table.Cell;
import org.diagonal.eval.report.page.Written;

/** The page of what a sweep is going to train. */
public final class PlanPage {

    private PlanPage() {}

    /** The page. */
    public static Page of(PlannedTrials plan) {
        Table.Builder table = Table.of("Trials", "Phase", "Trials", "Finished", "Core-hours left");
        for (PlannedTrials.Phase phase : plan.phases()) {
            table.row(
                    Cell.of(phase.name()),
                    Written.countCell(phase.trials()),
                    Written.countCell(phase.finished()),
                    hours(phase.coreHours()));
        }
        table.row(
                Cell.of("all"),
                Written.countCell(
                        plan.phases().stream().mapToInt(PlannedTrials.Phase::trials).sum()),
                Cell.of(""),
                hours(plan.phases().stream().mapToDouble(PlannedTrials.Phase::coreHours).sum()));
        String grid = Written.capital(SweepPage.words(plan.grid()));
        String seeds =
                "%s. Seeds %d to %d.".formatted(grid, plan.seed(), plan.seed() + plan.seeds() - 1);
        return new Page(
                "plan",
                "Plan",
                plan.title() + (plan.reduced() ? " (reduced grid)" : ""),
                List.of(),
                List.of(
                        Section.brief(
                                "Plan",
                                List.of(
                                        new Prose(seeds),
                                        new Listing(table.build()),
                                        new Prose(basis())))));
    }

    private static String basis() {
        return ("Estimated from %,d samples a second and core for the paper's transformer in large"
                        + " batches (2 layers, 16 heads, width 128), in proportion to each network's"
                        + " multiplications, and %s s a step and layer. Another machine may take a"
                        + " third or three times as long.")
                .formatted(SweepCost.SAMPLES_A_SECOND, SweepCost.SECONDS_A_STEP);
    }

    private static Cell hours(double hours) {
        String words =
                String.format(
                        Locale.ROOT,
                        hours < 0.095 ? "%.3f" : hours < 9.5 ? "%.1f" : "%,.0f",
                        hours);
        return Cell.of(words, hours);
    }
}
