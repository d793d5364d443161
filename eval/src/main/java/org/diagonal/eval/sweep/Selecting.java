package org.diagonal.eval.sweep;

import java.util.ArrayList;
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
        Map<Map<String, String>, Map<String, List<Cell>>> groups = new LinkedHashMap<>();
        for (Cell cell : plan.cells()) {
            groups.computeIfAbsent(group(select, cell), any -> new LinkedHashMap<>())
                    .computeIfAbsent(cell.at().get(select.over()), any -> new ArrayList<>())
                    .add(cell);
        }
        List<Choice> choices = new ArrayList<>();
        groups.forEach(
                (group, cells) -> {
                    Map<String, List<Double>> losses = new LinkedHashMap<>();
                    cells.forEach((value, some) -> losses.put(value, bySeed(some, results)));
                    choices.add(choice(group, losses));
                });
        return new Selection(
                select.over().toString(),
                select.per().stream().map(Axis::toString).toList(),
                select.seeds(),
                choices);
    }

    /** The mean loss of each seed, over the combinations. */
    private static List<Double> bySeed(List<Cell> cells, Map<Trial, TrialResult> results) {
        List<Double> means = new ArrayList<>();
        for (int seed = 0; seed < cells.get(0).search().size(); seed++) {
            double sum = 0;
            for (Cell cell : cells) {
                sum += results.get(cell.search().get(seed)).validLoss();
            }
            means.add(sum / cells.size());
        }
        return means;
    }

    /**
     * Refuses a choice between values that were not trained in the same combinations.
     *
     * @throws IllegalArgumentException naming two such values
     */
    static void requireFair(SweepFile.Select select, List<Cell> cells) {
        Map<Map<String, String>, Map<String, Set<Map<Axis, String>>>> groups =
                new LinkedHashMap<>();
        for (Cell cell : cells) {
            Map<Axis, String> rest = new LinkedHashMap<>(cell.at());
            rest.remove(select.over());
            groups.computeIfAbsent(group(select, cell), any -> new LinkedHashMap<>())
                    .computeIfAbsent(cell.at().get(select.over()), any -> new LinkedHashSet<>())
                    .add(rest);
        }
        groups.forEach((group, rests) -> requireFair(select.over(), group, rests));
    }

    private static void requireFair(
            Axis over, Map<String, String> group, Map<String, Set<Map<Axis, String>>> rests) {
        String first = rests.keySet().iterator().next();
        rests.forEach(
                (value, rest) -> {
                    if (!rest.equals(rests.get(first))) {
                        String at = group.isEmpty() ? "" : " at " + group;
                        throw new IllegalArgumentException(
                                "except: %s %s and %s are trained in different combinations%s, so that none of them can be chosen"
                                        .formatted(over, first, value, at));
                    }
                });
    }

    private static Choice choice(Map<String, String> group, Map<String, List<Double>> losses) {
        List<Tried> tried = new ArrayList<>();
        losses.forEach((value, all) -> tried.add(new Tried(value, Measure.of(all))));
        Tried best = tried.get(0);
        for (Tried one : tried) {
            if (one.valid().mean() < best.valid().mean()) {
                best = one;
            }
        }
        return new Choice(group, best.value(), tried);
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
