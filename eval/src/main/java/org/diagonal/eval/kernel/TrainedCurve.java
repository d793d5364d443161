package org.diagonal.eval.kernel;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.diagonal.plugin.files.FileFault;
import org.diagonal.plugin.files.JsonFile;
import org.diagonal.plugin.identity.Arm;

/**
 * Losses of trained networks, from a curve's folder or the paper.
 *
 * @param network the kind of network
 * @param arm its identity scalings
 * @param paper whether they are the paper's own
 * @param width of the network, where it is known
 * @param points by n
 */
public record TrainedCurve(
        String network, Arm arm, boolean paper, OptionalInt width, List<Trained> points) {

    /** The paper's network. */
    static final String TRANSFORMER = "template-transformer";

    private static final String FILE = "curve.json";

    /** A loss, or an error of symbolic labels, after n samples. */
    public record Trained(int n, double loss, OptionalDouble se) {}

    /** Copies the points. */
    public TrainedCurve {
        points = points.stream().sorted(Comparator.comparingInt(Trained::n)).toList();
    }

    /** A few words: {@code none, trained} or {@code qk, the paper's}. */
    String label() {
        String what = network.equals(TRANSFORMER) ? "" : network + " ";
        return what + arm + (paper ? ", paper" : ", trained");
    }

    /** Whether it is of the paper's network, without scalings. */
    boolean isPlainTransformer() {
        return network.equals(TRANSFORMER) && arm.equals(Arm.NONE);
    }

    /**
     * Where the curve falls below a level, between two points by the logarithm of n.
     *
     * @return empty where it stays above
     */
    OptionalDouble crossing(double level) {
        for (int i = 0; i < points.size(); i++) {
            Trained below = points.get(i);
            if (below.loss < level) {
                if (i == 0) {
                    return OptionalDouble.of(below.n);
                }
                Trained above = points.get(i - 1);
                double share = (above.loss - level) / (above.loss - below.loss);
                double low = Math.log(above.n);
                return OptionalDouble.of(Math.exp(low + share * (Math.log(below.n) - low)));
            }
        }
        return OptionalDouble.empty();
    }

    /** The curves of some folders with the task that they are of. */
    public record OfTask(String sha256, String name, List<TrainedCurve> curves) {}

    /**
     * Reads folders of curves; those of the same network and arm become one curve, of which the
     * first folder's point counts where two have the same n.
     *
     * @throws FileSystemException in one line, if there is no curve or it is of another task
     */
    public static List<TrainedCurve> read(List<Path> folders, String sha256) throws IOException {
        List<TrainedCurve> curves = new ArrayList<>();
        for (Path folder : folders) {
            OfTask found = read(folder);
            if (!found.sha256.equals(sha256)) {
                throw FileFault.of(
                        folder.resolve(FILE),
                        "is a curve of another task, "
                                + found.name
                                + ", or of another version of it");
            }
            curves.addAll(found.curves);
        }
        return distinct(curves);
    }

    /** Reads the keys of a curve that are needed here, whatever others there are. */
    public static OfTask read(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        JsonNode root = JsonFile.read(file);
        JsonNode settings = root.path("settings");
        String network = settings.path("network").path("kind").asText();
        List<TrainedCurve> curves = new ArrayList<>();
        for (JsonNode arm : root.path("arms")) {
            Arm name = arm(file, arm);
            OptionalInt width = width(settings.path("network"));
            curves.add(new TrainedCurve(network, name, false, width, points(arm)));
            if (arm.has("paper")) {
                JsonNode paper = arm.path("paper");
                OptionalInt theirs = width(paper.path("sizes"));
                curves.add(new TrainedCurve(network, name, true, theirs, points(paper)));
            }
        }
        JsonNode task = settings.path("task");
        if (curves.isEmpty() || !task.has("sha256") || network.isEmpty()) {
            throw FileFault.of(file, "is no curve: expected arms, settings.task and network");
        }
        return new OfTask(task.path("sha256").asText(), task.path("name").asText(), curves);
    }

    private static Arm arm(Path file, JsonNode node) throws FileSystemException {
        try {
            return Arm.named(node.path("arm").asText());
        } catch (IllegalArgumentException e) {
            throw FileFault.of(file, "key arm: " + e.getMessage());
        }
    }

    private static OptionalInt width(JsonNode sizes) {
        return sizes.has("width")
                ? OptionalInt.of(sizes.path("width").asInt())
                : OptionalInt.empty();
    }

    private static List<Trained> points(JsonNode curve) {
        List<Trained> points = new ArrayList<>();
        for (JsonNode point : curve.path("points")) {
            points.add(
                    new Trained(
                            point.path("n").asInt(),
                            point.path("mean").asDouble(),
                            point.has("stderr")
                                    ? OptionalDouble.of(point.path("stderr").asDouble())
                                    : OptionalDouble.empty()));
        }
        return points;
    }

    /** Curves of the same network and arm as one. */
    public static List<TrainedCurve> distinct(List<TrainedCurve> curves) {
        Map<List<Object>, TrainedCurve> distinct = new LinkedHashMap<>();
        for (TrainedCurve curve : curves) {
            List<Object> key = List.of(curve.network, curve.arm, curve.paper, curve.width);
            distinct.merge(key, curve, TrainedCurve::with);
        }
        return List.copyOf(distinct.values());
    }

    /** This curve, and another's points at other n. */
    private TrainedCurve with(TrainedCurve other) {
        Map<Integer, Trained> all = new LinkedHashMap<>();
        points.forEach(point -> all.put(point.n, point));
        other.points.forEach(point -> all.putIfAbsent(point.n, point));
        return new TrainedCurve(network, arm, paper, width, List.copyOf(all.values()));
    }
}
