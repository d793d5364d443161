package org.diagonal.eval;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The packages of the project, called rooms, and the floors on which they stand. */
final class Rooms {

    /** By module, floors from the ground up. A module's own package is called by its name. */
    private static final Map<String, List<String>> FLOORS =
            Map.of(
                    "plugin",
                    List.of(
                            "files random kernels product",
                            "checkpoint tokenizer",
                            "identity network",
                            "control gpt2 small finetune",
                            "card onnx.graph",
                            "run onnx.run",
                            "onnx",
                            "generate",
                            "zoo",
                            "plugin"),
                    "wikitext",
                    List.of("rows", "wikitext"),
                    "templates",
                    List.of("template", "task", "alphabet catalogue"),
                    "eval",
                    List.of(
                            "hub record report.chart report.terminal measure.statistics"
                                    + " kernel.numeric",
                            "report.page measure kernel.math",
                            "measure.accuracy measure.perplexity",
                            "measure.effect source trajectory",
                            "task",
                            "train",
                            "evaluate",
                            "trial",
                            "ablate bench compare curve export inspect kernel sweep",
                            "reports",
                            "cli.console",
                            "cli.option",
                            "cli.listing",
                            "cli",
                            "eval"));

    private static final String ROOT = "org.diagonal.";

    private Rooms() {}

    /** Every room, such as {@code plugin.gpt2}. */
    static List<String> all() {
        return FLOORS.entrySet().stream()
                .flatMap(
                        module -> module.getValue().stream().flatMap(floor -> names(module, floor)))
                .sorted()
                .toList();
    }

    /** The modules, the one that sees the others first. */
    static List<String> modules() {
        return List.of("eval", "plugin", "wikitext", "templates");
    }

    /** The floors of a module with their rooms, from the ground up. */
    static List<List<String>> floors(String module) {
        Map.Entry<String, List<String>> entry = Map.entry(module, FLOORS.get(module));
        return entry.getValue().stream().map(floor -> names(entry, floor).toList()).toList();
    }

    /** The room of a class. */
    static String of(JavaClass type) {
        return type.getPackageName().substring(ROOT.length());
    }

    /**
     * Whether a room may know another: one below it in its module, or one of a module that its
     * module sees, which Maven holds to.
     */
    static boolean mayKnow(String room, String other) {
        if (room.equals(other) || !module(room).equals(module(other))) {
            return room.equals(other) || module(room).equals("eval");
        }
        return floor(room) > floor(other);
    }

    private static int floor(String room) {
        Map.Entry<String, List<String>> module =
                Map.entry(module(room), FLOORS.getOrDefault(module(room), List.of()));
        for (int i = 0; i < module.getValue().size(); i++) {
            if (names(module, module.getValue().get(i)).anyMatch(room::equals)) {
                return i;
            }
        }
        throw new IllegalArgumentException("no floor has the room " + room);
    }

    private static Stream<String> names(Map.Entry<String, List<String>> module, String floor) {
        return Arrays.stream(floor.split(" ", -1))
                .map(name -> name.equals(module.getKey()) ? name : module.getKey() + "." + name);
    }

    private static String module(String room) {
        return room.split("\\.", 2)[0];
    }
}
