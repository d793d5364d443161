package org.diagonal.eval.sweep;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.diagonal.eval.sweep.Sweep.Choice;
import org.diagonal.eval.sweep.Sweep.Measure;
import org.diagonal.eval.sweep.Sweep.Selection;
import org.diagonal.eval.sweep.Sweep.Tried;
import org.diagonal.eval.sweep.SweepPlan.Cell;
import org.diagonal.eval.trial.Trial;
import org.diagonal.eval.trial.TrialResult;

/** Chooses the value with the least mean validation loss for each group of combinations. */
final class Selecting {

    private Selecting() {}

    /**
     * Chooses. A tie goes to the value that the grid has first.
     *
     * @param plan with a selection
     * @param results of all of its search trials
     */
    static Selection of(SweepPlan plan, Map<Trial, TrialResult> results) {
        SweepFile.Select select = plan.file().select().orElseThrow();
        List<Choice> choices = new ArrayList<>();
        groups(select, plan.cells())
                .forEach(
                        (group, cells) -> {
                            List<Tried> tried = new ArrayList<>();
                            cells.forEach((value, some) -> tried.add(tried(value, some, results)));
                            choices.add(new Choice(group, best(tried).value(), tried));
                        });
        return new Selection(
                select.over().toString(),
                select.per().stream().map(Axis::toString).toList(),
                select.seeds(),
                choices);
    }

    /** Combinations by their group and, in it, by their value of what is chosen. */
    private static Map<Map<String, String>, Map<String, List<Cell>>> groups(
            SweepFile.Select select, List<Cell> cells) {
        Map<Map<String, String>, Map<String, List<Cell>>> groups = new LinkedHashMap<>();
        for (Cell cell : cells) {
            groups.computeIfAbsent(group(select, cell), any -> new LinkedHashMap<>())
                    .computeIfAbsent(cell.at().get(select.over()), any -> new ArrayList<>())
                    .add(cell);
        }
        return groups;
    }

    /** A value with the mean loss of each seed, over the combinations. */
    private static Tried tried(String value, List<Cell> cells, Map<Trial, TrialResult> results) {
        List<Double> means = new ArrayList<>();
        for (int seed = 0; seed < cells.get(0).search().size(); seed++) {
            double sum = 0;
            for (Cell cell : cells) {
                sum += results.get(cell.search().get(seed)).validLoss();
            }
            means.add(sum / cells.size());
        }
        return new Tried(value, Measure.of(means));
    }

    /**
     * Refuses a choice between values that were not trained in the same combinations.
     *
     * @throws IllegalArgumentException naming two such values
     */
    static void requireFair(SweepFile.Select select, List<Cell> cells) {
        groups(select, cells).forEach((group, values) -> requireFair(select.over(), group, values));
    }

    private static void requireFair(
            Axis over, Map<String, String> group, Map<String, List<Cell>> values) {
        String first = values.keySet().iterator().next();
        Set<Map<Axis, String>> rests = SweepPlan.without(over, values.get(first));
        values.forEach(
                (value, cells) -> {
                    if (!SweepPlan.without(over, cells).equals(rests)) {
                        String at = group.isEmpty() ? "" : " at " + group;
                        throw new IllegalArgumentException(
                                "except: %s %s and %s are trained in different combinations%s, so that none of them can be chosen"
                                        .formatted(over, first, value, at));
                    }
                });
    }

    private static Tried best(List<Tried> tried) {
        return Collections.min(tried, Comparator.comparingDouble(one -> one.valid().mean()));
    }

    private static Map<String, String> group(SweepFile.Select select, Cell cell) {
        Map<String, String> group = new LinkedHashMap<>();
        select.per().forEach(axis -> group.put(axis.toString(), cell.at().get(axis)));
        return group;
    }

    /** The combinations that have the chosen value. */
    static List<Cell> chosen(SweepPlan plan, Selection selection) {
        SweepFile.Select select = plan.file().select().orElseThrow();
        Set<Cell> chosen = new LinkedHashSet<>();
        for (Cell cell : plan.cells()) {
            Map<String, String> group = group(select, cell);
            boolean best =
                    selection.choices().stream()
                            .filter(choice -> choice.group().equals(group))
                            .anyMatch(choice -> choice.best().equals(cell.at().get(select.over())));
            if (best) {
                chosen.add(cell);
            }
        }
        return List.copyOf(chosen);
    }
}
