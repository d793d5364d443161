import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * Does what an arm gains depend on an amount? Arguments {@code AMOUNT=FOLDER}, of each a comparison
 * of the same arms and seeds. Prints, for every arm, the slope of 100 log(perplexity of the arm / of
 * the first) over log₂(amount) by least squares in every seed, and Student's 95 % interval of their
 * mean. It holds the noise of trainings, not of articles.
 */
public final class Slope {

    /** Log ratios in per cent, of an arm: seed → log₂(amount) → value. */
    private final Map<String, Map<Integer, Map<Double, Double>>> arms = new LinkedHashMap<>();

    private void read(double amount, File folder) throws IOException {
        JsonNode comparison = new ObjectMapper().readTree(new File(folder, "compare.json"));
        double x = Math.log(amount) / Math.log(2);
        for (JsonNode arm : comparison.path("arms")) {
            for (JsonNode seed : arm.path("per_seed")) {
                arms.computeIfAbsent(arm.path("name").asText(), name -> new TreeMap<>())
                        .computeIfAbsent(seed.path("seed").asInt(), number -> new TreeMap<>())
                        .put(x, 100 * Math.log(seed.path("ratio").asDouble()));
            }
        }
    }

    private static double slope(Map<Double, Double> points) {
        double middle = points.keySet().stream().mapToDouble(x -> x).average().orElseThrow();
        double above = 0;
        double below = 0;
        for (Map.Entry<Double, Double> point : points.entrySet()) {
            above += (point.getKey() - middle) * point.getValue();
            below += (point.getKey() - middle) * (point.getKey() - middle);
        }
        return above / below;
    }

    private static String line(String arm, double[] slopes) {
        int k = slopes.length;
        double mean = 0;
        for (double slope : slopes) {
            mean += slope / k;
        }
        double squares = 0;
        StringBuilder all = new StringBuilder();
        for (double slope : slopes) {
            squares += (slope - mean) * (slope - mean);
            all.append(String.format("  %+.3f", slope));
        }
        double half =
                TDistribution.of(k - 1).inverseCumulativeProbability(0.975)
                        * Math.sqrt(squares / (k - 1) / k);
        return String.format(
                "%-12s %+.3f  (%+.3f to %+.3f)  by seed%s", arm, mean, mean - half, mean + half, all);
    }

    public static void main(String[] arguments) throws IOException {
        Slope slope = new Slope();
        for (String argument : arguments) {
            String[] parts = argument.split("=", 2);
            slope.read(Double.parseDouble(parts[0]), new File(parts[1]));
        }
        System.out.println("Per cent of perplexity for each doubling, 95 % interval over seeds");
        slope.arms.forEach(
                (arm, seeds) ->
                        System.out.println(
                                line(
                                        arm,
                                        seeds.values().stream().mapToDouble(Slope::slope).toArray())));
    }
}
