import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Do plain networks reach what the paper's reach? Arguments: folders of sweeps. Of every mean test loss
 * with a number of the paper's at the same x and line, prints how many standard errors of the difference
 * it lies above; then how many lie more than two above or below, points of the same trials counted once.
 */
public final class AgainstPaper {

    private static final double FAR = 2;

    private final Set<String> trials = new HashSet<>();
    private int all;
    private int above;
    private int below;

    /** The paper's mean and standard error, by x and the last value of a line's name. */
    private static Map<String, double[]> paper(JsonNode sweep) {
        Map<String, double[]> points = new HashMap<>();
        for (JsonNode curves : sweep.path("paper")) {
            if (curves.path("measured").asText().equals("test")) {
                for (JsonNode series : curves.path("series")) {
                    String line = series.path("label").asText().replaceFirst(".* ", "");
                    for (JsonNode point : series.path("points")) {
                        points.put(
                                point.get(0).asDouble() + " " + line,
                                new double[] {point.get(1).asDouble(), point.get(2).asDouble()});
                    }
                }
            }
        }
        return points;
    }

    private void read(File folder) throws IOException {
        JsonNode sweep = new ObjectMapper().readTree(new File(folder, "sweep.json"));
        Map<String, double[]> paper = paper(sweep);
        JsonNode lines = sweep.path("figure").path("line");
        String x = sweep.path("figure").path("x").asText();
        String line = lines.path(lines.size() - 1).asText();
        StringBuilder row = new StringBuilder();
        for (JsonNode point : sweep.path("points")) {
            JsonNode at = point.path("at");
            double[] other = paper.get(at.path(x).asDouble() + " " + at.path(line).asText());
            if (other == null || !trials.add(point.path("trials").toString())) {
                continue;
            }
            JsonNode test = point.path("test");
            double difference = test.path("mean").asDouble() - other[0];
            double far = difference / Math.hypot(test.path("stderr").asDouble(), other[1]);
            row.append(String.format(" %+.1f", far));
            all++;
            above += far > FAR ? 1 : 0;
            below += far < -FAR ? 1 : 0;
        }
        System.out.println(folder.getName() + row);
    }

    public static void main(String[] arguments) throws IOException {
        AgainstPaper against = new AgainstPaper();
        for (String folder : arguments) {
            against.read(new File(folder));
        }
        System.out.printf(
                "of %d means %d lie above the paper's by more than two standard errors, %d below%n",
                against.all, against.above, against.below);
    }
}
