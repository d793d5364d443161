package org.diagonal.eval.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.diagonal.eval.sweep.SweepFile.Figure;
import org.diagonal.eval.sweep.SweepFile.Measured;
import org.diagonal.eval.sweep.SweepFile.Select;
import org.diagonal.templates.task.Nearest;

/** Reads sweep files strictly: whatever is wrong is one line with file and key. */
final class SweepReader {

    private static final List<String> KEYS =
            List.of("title", "about", "base", "grid", "except", "tie", "select", "figure", "small");
    private static final List<String> SMALL_KEYS = List.of("base", "grid", "select");
    private static final List<String> SELECT_KEYS = List.of("over", "by", "per", "seeds");
    private static final List<String> FIGURE_KEYS = List.of("x", "scale", "line", "y", "paper");

    private static final String TRIALS = "trials";
    private static final String SEED = "seed";
    private static final int TRIALS_BY_DEFAULT = 5;
    private static final long SEED_BY_DEFAULT = 1000;
    private static final int MOST_TRIALS = 100_000;

    /** Axes that change the task or what is compared, not how it is trained. */
    private static final Set<Axis> OTHER_QUESTIONS =
            EnumSet.of(Axis.TASK, Axis.N, Axis.ARMS, Axis.NETWORK, Axis.TRAIN_ALPHABET);

    /** From this ratio of neighbours on, values are seen better by their logarithm. */
    private static final double WIDE = 8;

    private final String file;
    private final SweepKeys keys;
    private final Map<Axis, String> base = new LinkedHashMap<>();
    private final Map<Axis, List<String>> grid = new LinkedHashMap<>();
    private int trials = TRIALS_BY_DEFAULT;
    private long seed = SEED_BY_DEFAULT;

    private SweepReader(String file) {
        this.file = file;
        this.keys = new SweepKeys(file);
    }

    /**
     * Reads the text of a file.
     *
     * @param file its name, for messages
     */
    static SweepFile parse(String file, String text, SweepScale scale) throws FileSystemException {
        return new SweepReader(file).read(text, scale);
    }

    private SweepFile read(String text, SweepScale scale) throws FileSystemException {
        ObjectNode root = keys.tree(text, KEYS);
        keys.require("small", keys.object(root, "small"), SMALL_KEYS);
        if (scale == SweepScale.SMALL) {
            replace(root);
        }
        for (Map.Entry<String, JsonNode> entry : keys.object(root, "base").properties()) {
            base("base." + entry.getKey(), entry.getKey(), entry.getValue());
        }
        for (Map.Entry<String, JsonNode> entry : keys.object(root, "grid").properties()) {
            String key = "grid." + entry.getKey();
            Axis axis = axis(key, entry.getKey(), List.of());
            if (base.containsKey(axis) || grid.containsKey(axis)) {
                throw keys.fault(key, "has values in another place, too; expected one place");
            }
            grid.put(axis, values(key, axis, entry.getValue()));
        }
        if (grid.isEmpty()) {
            throw keys.fault("grid", "is empty; expected one axis or more, as in lr: [1e-3, 3e-3]");
        }
        List<Map<Axis, List<String>>> except = except(root.path("except"));
        Map<Axis, Expression> tie = ties(keys.object(root, "tie"));
        Optional<Select> select =
                root.has("select")
                        ? Optional.of(select(keys.object(root, "select")))
                        : Optional.empty();
        return new SweepFile(
                file,
                root.has("title") ? keys.text("title", root.get("title")) : file,
                root.has("about") ? keys.text("about", root.get("about")) : "",
                base,
                grid,
                except,
                tie,
                trials,
                seed,
                select,
                figure(keys.object(root, "figure"), select.map(Select::over)),
                scale == SweepScale.SMALL);
    }

    /** Puts what stands under {@code small} in place of the same keys. */
    private void replace(ObjectNode root) throws FileSystemException {
        if (!root.has("small")) {
            throw keys.fault("small", "is missing, so this sweep has no small form");
        }
        ObjectNode small = keys.object(root, "small");
        for (String part : SMALL_KEYS) {
            ObjectNode values = keys.object(small, part);
            if (!values.isEmpty()) {
                ObjectNode whole = keys.object(root, part);
                whole.setAll(values);
                root.set(part, whole);
            }
        }
    }

    private void base(String key, String name, JsonNode value) throws FileSystemException {
        if (name.equals(TRIALS)) {
            trials = Math.toIntExact(keys.whole(key, value, 1, MOST_TRIALS));
            return;
        }
        if (name.equals(SEED)) {
            seed = keys.whole(key, value, Long.MIN_VALUE / 2, Long.MAX_VALUE / 2);
            return;
        }
        Axis axis = axis(key, name, List.of(TRIALS, SEED));
        if (base.containsKey(axis) || grid.containsKey(axis)) {
            throw keys.fault(key, axis + " is given twice");
        }
        List<String> values = values(key, axis, value);
        if (values.size() == 1) {
            base.put(axis, values.get(0));
        } else if (axis == Axis.ARMS) {
            grid.put(axis, values);
        } else {
            throw keys.fault(key, "has several values; an axis belongs under grid");
        }
    }

    private Axis axis(String key, String name, List<String> others) throws FileSystemException {
        Optional<Axis> axis = Axis.find(name);
        if (axis.isEmpty()) {
            List<String> known = new ArrayList<>(Axis.names());
            known.addAll(others);
            int dot = key.lastIndexOf('.');
            String place = key.endsWith("." + name) ? key.substring(0, dot) : key;
            throw keys.fault(place, Nearest.message("axis", name, known));
        }
        return axis.get();
    }

    private List<String> values(String key, Axis axis, JsonNode node) throws FileSystemException {
        List<String> values = new ArrayList<>();
        for (String words : keys.texts(key, node)) {
            try {
                values.add(axis.value(words));
            } catch (IllegalArgumentException e) {
                throw wrapped(key, e);
            }
        }
        if (new HashSet<>(values).size() < values.size()) {
            throw keys.fault(key, "has a value twice: " + String.join(", ", values));
        }
        return values;
    }

    /** One mapping of axes to values of the grid, or a list of them. */
    private List<Map<Axis, List<String>>> except(JsonNode node) throws FileSystemException {
        List<Map<Axis, List<String>>> except = new ArrayList<>();
        for (JsonNode one : node.isArray() ? node : List.of(node)) {
            if (one.isMissingNode()) {
                continue;
            }
            if (!one.isObject() || one.isEmpty()) {
                throw keys.fault(
                        "except", "expected axes with values, as in {arms: qk, n: [512, 1024]}");
            }
            Map<Axis, List<String>> left = new LinkedHashMap<>();
            for (Map.Entry<String, JsonNode> entry : one.properties()) {
                Axis axis = gridAxis("except", entry.getKey());
                if (left.containsKey(axis)) {
                    throw keys.fault("except", axis + " is given twice");
                }
                String key = "except." + axis;
                List<String> values = values(key, axis, entry.getValue());
                for (String value : values) {
                    if (!grid.get(axis).contains(value)) {
                        throw keys.fault(
                                key,
                                "%s is not in grid, which has %s"
                                        .formatted(value, String.join(", ", grid.get(axis))));
                    }
                }
                left.put(axis, values);
            }
            except.add(left);
        }
        return except;
    }

    private FileSystemException wrapped(String key, IllegalArgumentException e) {
        FileSystemException fault = keys.fault(key, e.getMessage());
        fault.initCause(e);
        return fault;
    }

    private Map<Axis, Expression> ties(ObjectNode node) throws FileSystemException {
        Map<Axis, Expression> ties = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            String key = "tie." + entry.getKey();
            Axis axis = axis(key, entry.getKey(), List.of());
            if (!axis.isNumber() || base.containsKey(axis) || grid.containsKey(axis)) {
                throw keys.fault(
                        key,
                        axis.isNumber()
                                ? "has values in another place, too; expected one place"
                                : "is not a number, so it cannot be computed");
            }
            Expression expression;
            try {
                expression = Expression.parse(keys.text(key, entry.getValue()));
            } catch (IllegalArgumentException e) {
                throw wrapped(key, e);
            }
            if (expression.variables().isEmpty()) {
                throw keys.fault(key, "has no variable: a fixed value belongs under base");
            }
            for (Axis variable : expression.variables()) {
                if (!base.containsKey(variable) && !grid.containsKey(variable)) {
                    throw keys.fault(
                            key,
                            "'%s' needs %s, which is neither in base nor in grid"
                                    .formatted(expression, variable));
                }
            }
            ties.put(axis, expression);
        }
        return ties;
    }

    private Select select(ObjectNode node) throws FileSystemException {
        keys.require("select", node, SELECT_KEYS);
        Axis over = gridAxis("select.over", keys.text("select.over", node.path("over")));
        if (OTHER_QUESTIONS.contains(over)) {
            throw keys.fault(
                    "select.over",
                    over + " changes what is learned: losses of its values cannot be compared");
        }
        String by = node.has("by") ? keys.text("select.by", node.get("by")) : "valid";
        if (!by.equals("valid")) {
            throw keys.fault("select.by", "expected valid, the validation loss, found " + by);
        }
        List<Axis> per = new ArrayList<>();
        if (node.has("per")) {
            for (String name : keys.texts("select.per", node.get("per"))) {
                Axis axis = axis("select.per", name, List.of());
                if (axis == over) {
                    throw keys.fault("select.per", axis + " is what is chosen");
                }
                if (grid.containsKey(axis)) {
                    per.add(axis);
                } else if (!base.containsKey(axis) && axis != Axis.ARMS) {
                    throw keys.fault("select.per", axis + " is neither in base nor in grid");
                }
            }
        }
        List<Long> seeds = keys.seeds("select.seeds", node.path("seeds"));
        for (long one : seeds) {
            if (one >= seed && one < seed + trials) {
                throw keys.fault(
                        "select.seeds",
                        "%d is a seed of the reported trials, %d..%d; expected others"
                                .formatted(one, seed, seed + trials - 1));
            }
        }
        return new Select(over, per, seeds);
    }

    private Axis gridAxis(String key, String name) throws FileSystemException {
        Axis axis = axis(key, name, List.of());
        if (!grid.containsKey(axis)) {
            throw keys.fault(
                    key,
                    "%s is not in grid, which has %s"
                            .formatted(axis, String.join(", ", SweepFile.named(grid).keySet())));
        }
        return axis;
    }

    private Figure figure(ObjectNode node, Optional<Axis> chosen) throws FileSystemException {
        keys.require("figure", node, FIGURE_KEYS);
        Axis x =
                node.has("x")
                        ? gridAxis("figure.x", keys.text("figure.x", node.get("x")))
                        : numbered();
        if (!x.isNumber()) {
            throw keys.fault(
                    "figure.x", x + " has no numbers; expected it as a line of the figure");
        }
        Set<Axis> others = new LinkedHashSet<>(grid.keySet());
        others.remove(x);
        chosen.ifPresent(others::remove);
        List<Axis> line = new ArrayList<>();
        if (node.has("line")) {
            for (String name : keys.texts("figure.line", node.get("line"))) {
                Axis axis = axis("figure.line", name, List.of());
                if (axis == x) {
                    throw keys.fault("figure.line", axis + " is the figure's x");
                }
                if (line.contains(axis)) {
                    throw keys.fault("figure.line", axis + " is given twice");
                }
                if (grid.containsKey(axis)) {
                    line.add(axis);
                } else if (axis != Axis.ARMS) {
                    line.add(gridAxis("figure.line", name));
                }
            }
        } else {
            line.addAll(others);
        }
        for (Axis axis : others) {
            if (!line.contains(axis)) {
                throw keys.fault("figure", axis + " of grid is neither x nor line");
            }
        }
        return new Figure(x, isLogarithmic(x, node), line, measured(node), paper(node));
    }

    private Axis numbered() throws FileSystemException {
        return grid.keySet().stream()
                .filter(Axis::isNumber)
                .findFirst()
                .orElseThrow(() -> keys.fault("figure.x", "no axis of grid has numbers"));
    }

    /** What the file says, or whether values lie far apart. */
    private boolean isLogarithmic(Axis x, ObjectNode node) throws FileSystemException {
        List<Double> values = grid.get(x).stream().map(Double::valueOf).sorted().toList();
        if (node.has("scale")) {
            String scale = keys.text("figure.scale", node.get("scale"));
            if (!List.of("linear", "log").contains(scale)) {
                throw keys.fault("figure.scale", "expected linear or log, found " + scale);
            }
            if (scale.equals("log") && values.get(0) <= 0) {
                throw keys.fault("figure.scale", "0 has no logarithm, and is a value of " + x);
            }
            return scale.equals("log");
        }
        return values.get(0) > 0 && values.get(values.size() - 1) / values.get(0) >= WIDE;
    }

    private List<Measured> measured(ObjectNode node) throws FileSystemException {
        if (!node.has("y")) {
            return List.of(Measured.TEST);
        }
        List<String> known = Arrays.stream(Measured.values()).map(Measured::toString).toList();
        Set<Measured> measured = new LinkedHashSet<>();
        for (String word : keys.texts("figure.y", node.get("y"))) {
            if (!known.contains(word)) {
                throw keys.fault("figure.y", Nearest.message("measure", word, known));
            }
            measured.add(Measured.valueOf(word.toUpperCase(Locale.ROOT)));
        }
        return List.copyOf(measured);
    }

    private List<String> paper(ObjectNode node) throws FileSystemException {
        if (!node.has("paper")) {
            return List.of();
        }
        List<String> known = PaperFigures.bundled().names();
        List<String> names = keys.texts("figure.paper", node.get("paper"));
        for (String name : names) {
            if (!known.contains(name)) {
                throw keys.fault("figure.paper", Nearest.message("figure", name, known));
            }
        }
        return names;
    }
}
