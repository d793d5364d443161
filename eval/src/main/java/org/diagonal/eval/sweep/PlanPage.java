package org.diagonal.eval.sweep;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.diagonal.eval.report.page.Block.Listing;
import org.diagonal.eval.report.page.Block.Prose;
import org.diagonal.eval.report.page.Page;
import org.diagonal.eval.report.page.Page.Section;
import org.diagonal.eval.report.page.Table;
import org.diagonal.eval.report.page.Table.Cell;
import org.diagonal.eval.report.page.Written;
import org.diagonal.eval.trial.Trial;
import org.diagonal.eval.trial.TrialFile;

/** What a sweep is going to train, and about how long that takes. */
final class PlanPage {

    private static final double HOUR = 3600;

    private PlanPage() {}

    /**
     * The page.
     *
     * @param folder may hold trials that are finished
     */
    static Page of(SweepPlan plan, Optional<Path> folder) {
        Table.Builder table = Table.of("Trials", "Phase", "Trials", "Finished", "Core-hours left");
        List<Trial> search = plan.search();
        List<Trial> reported = SweepPlan.reported(plan.cells());
        double all = 0;
        if (!search.isEmpty()) {
            all += row(table, "choose " + plan.over(), search, search.size(), folder);
        }
        all += row(table, "report", reported, plan.reportedCount(), folder);
        table.row(
                Cell.of("all"),
                Written.countCell(search.size() + plan.reportedCount()),
                Cell.of(""),
                hours(all));
        String grid =
                plan.file().grid().entrySet().stream()
                        .map(axis -> axis.getKey() + " " + String.join(", ", axis.getValue()))
                        .collect(Collectors.joining("; "));
        return new Page(
                "plan",
                "Plan",
                plan.file().title() + (plan.file().reduced() ? " (reduced grid)" : ""),
                List.of(),
                List.of(
                        Section.brief(
                                "Plan",
                                List.of(
                                        new Prose(
                                                "%s. Seeds %d to %d."
                                                        .formatted(
                                                                Written.capital(grid),
                                                                plan.file().seed(),
                                                                plan.file().seed()
                                                                        + plan.file().trials()
                                                                        - 1)),
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

    /** Adds a row, whose trials are so many of those given. */
    private static double row(
            Table.Builder table,
            String phase,
            List<Trial> trials,
            int count,
            Optional<Path> folder) {
        List<Trial> left =
                trials.stream()
                        .filter(
                                trial ->
                                        folder.map(
                                                        where ->
                                                                !Files.exists(
                                                                        TrialFile.of(where, trial)))
                                                .orElse(true))
                        .toList();
        double share = count / (double) trials.size();
        double seconds = share * left.stream().mapToDouble(new SweepCost()::seconds).sum();
        table.row(
                Cell.of(phase),
                Written.countCell(count),
                Written.countCell(trials.size() - left.size()),
                hours(seconds));
        return seconds;
    }

    private static Cell hours(double seconds) {
        double hours = seconds / HOUR;
        String words =
                String.format(
                        Locale.ROOT,
                        hours < 0.095 ? "%.3f" : hours < 9.5 ? "%.1f" : "%,.0f",
                        hours);
        return Cell.of(words, hours);
    }
}
