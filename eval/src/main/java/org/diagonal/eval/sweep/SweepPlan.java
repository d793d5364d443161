package org.diagonal.eval.sweep;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.diagonal.eval.measure.accuracy.Labels;
import org.diagonal.eval.trial.Trial;
import org.diagonal.plugin.identity.Arm;

/**
 * The trials of a sweep.
 *
 * @param file what it is made from
 * @param cells combinations of the grid, each with its trials
 */
record SweepPlan(SweepFile file, List<Cell> cells) {

    private static final int MOST_TRIALS = 50_000;

    /**
     * A combination with its trials.
     *
     * @param reported a trial for each seed
     * @param search a trial for each seed of the selection, if there is one
     */
    record Cell(Combination combination, List<Trial> reported, List<Trial> search) {

        /** Copies. */
        Cell {
            reported = List.copyOf(reported);
            search = List.copyOf(search);
        }

        Map<Axis, String> at() {
            return combination.at();
        }
    }

    /** Copies. */
    SweepPlan {
        cells = List.copyOf(cells);
    }

    /**
     * The trials of a file; every one is checked.
     *
     * @param models finds the weights of GPT-2s
     * @throws IOException in one line that names the file and the combination, if a combination is
     *     no training, or none could draw its task
     */
    static SweepPlan of(SweepFile file, SweepJob.Models models) throws IOException {
        requireFew(file);
        List<Combination> combinations = combinations(file);
        Combination.Tasks tasks = new Combination.Tasks();
        List<Long> searched = file.select().map(SweepFile.Select::seeds).orElse(List.of());
        List<Cell> cells = new ArrayList<>();
        for (Combination one : combinations) {
            try {
                cells.add(
                        new Cell(
                                one,
                                trials(one, file.seeds(), models, tasks),
                                trials(one, searched, models, tasks)));
            } catch (IllegalArgumentException e) {
                throw file.fault(words(one.at()) + ": " + e.getMessage(), e);
            }
        }
        try {
            file.select().ifPresent(select -> Selecting.requireFair(select, cells));
        } catch (IllegalArgumentException e) {
            throw file.fault(e.getMessage(), e);
        }
        SweepPlan plan = new SweepPlan(file, cells);
        plan.requireOneMeasure();
        return plan;
    }

    /** Counted before anything is made of it: a few axes more are a million times as many. */
    private static void requireFew(SweepFile file) throws FileSystemException {
        long each = Math.max(file.trials(), file.select().map(by -> by.seeds().size()).orElse(0));
        double count = each;
        for (List<String> values : file.grid().values()) {
            count *= values.size();
        }
        if (count > MOST_TRIALS) {
            throw file.fault(
                    "grid: has %,.0f trials, %,d of each combination; the most is %,d"
                            .formatted(count, each, MOST_TRIALS));
        }
    }

    private static List<Trial> trials(
            Combination one, List<Long> seeds, SweepJob.Models models, Combination.Tasks tasks)
            throws IOException {
        List<Trial> trials = new ArrayList<>();
        for (long seed : seeds) {
            trials.add(one.trial(seed, models, tasks));
        }
        return trials;
    }

    /** A combination in words, such as {@code lr 0.001, n 64}. */
    static String words(Map<?, String> at) {
        return at.entrySet().stream()
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .collect(Collectors.joining(", "));
    }

    /** The combinations of the grid; networks without heads have no arm but none and head. */
    private static List<Combination> combinations(SweepFile file) throws FileSystemException {
        List<Map<Axis, String>> grid = List.of(Map.of());
        for (Map.Entry<Axis, List<String>> axis : file.grid().entrySet()) {
            List<Map<Axis, String>> longer = new ArrayList<>();
            for (Map<Axis, String> before : grid) {
                for (String value : axis.getValue()) {
                    Map<Axis, String> one = new LinkedHashMap<>(before);
                    one.put(axis.getKey(), value);
                    longer.add(one);
                }
            }
            grid = longer;
        }
        boolean both = file.grid().containsKey(Axis.NETWORK) && file.grid().containsKey(Axis.ARMS);
        List<Combination> combinations = new ArrayList<>();
        for (Map<Axis, String> at : grid) {
            Map<Axis, String> all = new LinkedHashMap<>(file.base());
            all.putAll(at);
            Map<Axis, String> tied = new LinkedHashMap<>();
            for (Map.Entry<Axis, Expression> tie : file.tie().entrySet()) {
                tied.put(tie.getKey(), tied(file, tie.getKey(), tie.getValue(), all, at));
            }
            all.putAll(tied);
            Combination one = new Combination(at, all);
            boolean train = !both || one.kind().hasHeads() || needsNoHeads(one.arm());
            if (train && !file.excludes(at)) {
                combinations.add(one);
            }
        }
        if (combinations.isEmpty()) {
            throw file.fault("except: leaves no combination of the grid");
        }
        return combinations;
    }

    private static boolean needsNoHeads(Arm arm) {
        return arm.equals(Arm.NONE) || arm.equals(Arm.HEAD);
    }

    private static String tied(
            SweepFile file,
            Axis axis,
            Expression expression,
            Map<Axis, String> all,
            Map<Axis, String> at)
            throws FileSystemException {
        try {
            BigDecimal value = expression.value(all).stripTrailingZeros();
            return axis.value(value.scale() <= 0 ? value.toPlainString() : value.toString());
        } catch (IllegalArgumentException e) {
            throw file.fault(
                    "tie.%s: '%s' at %s: %s".formatted(axis, expression, words(at), e.getMessage()),
                    e);
        }
    }

    /** A loss and an error cannot stand in one figure. */
    private void requireOneMeasure() throws FileSystemException {
        Stream<Labels> labels = cells.stream().map(cell -> cell.reported.get(0).task().labels());
        if (labels.distinct().count() > 1) {
            throw file.fault(
                    "task: some have real labels and some symbolic ones; one figure shows one of"
                            + " loss and error");
        }
    }

    /** {@code test loss}, or {@code test error} of symbolic labels. */
    String metric() {
        return cells.get(0).reported.get(0).task().metric();
    }

    /** The trials that choose, each once. */
    List<Trial> search() {
        return distinct(cells.stream().map(Cell::search).toList());
    }

    /**
     * The reported trials of some cells, each once: seed by seed, so that early ones say something.
     */
    static List<Trial> reported(List<Cell> cells) {
        return distinct(cells.stream().map(Cell::reported).toList());
    }

    private static List<Trial> distinct(List<List<Trial>> lists) {
        Set<Trial> trials = new LinkedHashSet<>();
        int most = lists.stream().mapToInt(List::size).max().orElse(0);
        for (int i = 0; i < most; i++) {
            for (List<Trial> list : lists) {
                if (i < list.size()) {
                    trials.add(list.get(i));
                }
            }
        }
        return List.copyOf(trials);
    }

    /** How many trials the report will have: of a selection, those of one value a group. */
    int reportedCount() {
        if (!choosesCells()) {
            return reported(cells).size();
        }
        Map<Map<Axis, String>, Cell> one = new LinkedHashMap<>();
        cells.forEach(cell -> one.putIfAbsent(without(over(), cell), cell));
        return reported(List.copyOf(one.values())).size();
    }

    /** Combinations apart from their value of an axis. */
    static Set<Map<Axis, String>> without(Axis axis, List<Cell> cells) {
        return cells.stream().map(cell -> without(axis, cell)).collect(Collectors.toSet());
    }

    private static Map<Axis, String> without(Axis axis, Cell cell) {
        Map<Axis, String> rest = new LinkedHashMap<>(cell.at());
        rest.remove(axis);
        return rest;
    }

    /** The axis whose value is chosen. */
    Axis over() {
        return file.select().orElseThrow().over();
    }

    /** Whether only chosen values are reported: the axis of the choice is not in the figure. */
    boolean choosesCells() {
        Optional<Axis> over = file.select().map(SweepFile.Select::over);
        return over.isPresent()
                && file.figure().x() != over.get()
                && !file.figure().line().contains(over.get());
    }
}
