package org.diagonal.eval.compare;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.diagonal.eval.measure.statistics.PairedEstimate;

/**
 * Brings {@code compare.json} of version 1 into the form of version 2. Its intervals are of texts
 * alone: a percentile bootstrap of ratios, and one of proportions that took the strings of all
 * seeds for different ones. Half their width is taken for the texts' part, and the seeds' part is
 * computed.
 */
final class OlderComparison {

    private static final Pattern SEED = Pattern.compile("-seed(-?\\d{1,18})$");

    private OlderComparison() {}

    /** Changes the tree. */
    static void update(ObjectNode root) {
        boolean task = root.has("task");
        root.put("version", ComparisonFile.VERSION);
        List<String> once =
                List.of("ratio", "ratio_ci95", "ratios_per_seed", "unit", "units", "resamples");
        root.remove(once);
        JsonNode first = root.path("arms").path(0);
        int seeds = 1;
        for (JsonNode element : root.path("arms")) {
            if (!(element instanceof ObjectNode arm)) {
                throw new IllegalArgumentException("key arms: expected objects");
            }
            arm.putArray("steps");
            if (task) {
                difference(root, first, arm);
            } else if (arm.has("ratio")) {
                seeds = arm.path("ratios_per_seed").size();
                ratio(arm);
            }
        }
        if (!task) {
            root.put("seeds", Math.max(1, seeds));
        }
    }

    private static void ratio(ObjectNode arm) {
        List<Double> ratios = numbers(arm.path("ratios_per_seed"));
        List<Double> logs = ratios.stream().map(Math::log).toList();
        double value = Math.log(arm.path("ratio").asDouble());
        JsonNode texts = arm.path("ratio_ci95");
        double half = Math.log(texts.path(1).asDouble() / texts.path(0).asDouble()) / 2;
        double both = Math.hypot(half, PairedEstimate.half(logs));
        perSeed(arm, "ratio", ratios);
        arm.set("ratio_ci95_texts", texts);
        if (logs.size() > 1) {
            arm.putArray("ratio_ci95").add(Math.exp(value - both)).add(Math.exp(value + both));
        }
        arm.remove(List.of("ratios_per_seed", "resamples", "seeds"));
    }

    private static void difference(ObjectNode root, JsonNode first, ObjectNode arm) {
        JsonNode pair = arm.remove("against_first");
        if (pair == null) {
            return;
        }
        List<Double> differences =
                PairedEstimate.differences(
                        numbers(first.path("accuracy_unseen_per_seed")),
                        numbers(arm.path("accuracy_unseen_per_seed")));
        JsonNode strings = pair.path("difference_ci95");
        double value = pair.path("difference").asDouble();
        double half = (strings.path(1).asDouble() - strings.path(0).asDouble()) / 2;
        double both = Math.hypot(half, PairedEstimate.half(differences));
        perSeed(arm, "difference", differences);
        arm.put("difference", value);
        arm.set("difference_ci95_texts", strings);
        if (differences.size() > 1) {
            arm.putArray("difference_ci95").add(value - both).add(value + both);
        } else {
            arm.set("difference_ci95", strings);
        }
        arm.put("unit", "strings");
        arm.put("units", root.path("samples").asInt());
    }

    private static List<Double> numbers(JsonNode array) {
        List<Double> numbers = new ArrayList<>();
        array.forEach(number -> numbers.add(number.asDouble()));
        return numbers;
    }

    private static void perSeed(ObjectNode arm, String what, List<Double> values) {
        ArrayNode perSeed = arm.putArray("per_seed");
        for (int i = 0; i < values.size(); i++) {
            perSeed.addObject().put("seed", seed(arm, i)).put(what, values.get(i));
        }
    }

    /** The seed in the name of a run's folder; the number of the model where it has none. */
    private static long seed(JsonNode arm, int index) {
        Matcher name = SEED.matcher(arm.path("folders").path(index).asText());
        return name.find() ? Long.parseLong(name.group(1)) : index;
    }
}
