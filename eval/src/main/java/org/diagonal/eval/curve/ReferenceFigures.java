package org.diagonal.eval.curve;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.diagonal.eval.record.Records;
import org.diagonal.eval.task.NetworkKind;
import org.diagonal.eval.trial.Trial;
import org.diagonal.plugin.identity.Arm;

/**
 * The paper's own curves, from {@code reference-figures.json}.
 *
 * @param version of the file
 * @param source where the numbers are from
 * @param about what they are
 * @param curves one for every task, network, arm and, for copying, width
 */
public record ReferenceFigures(int version, String source, String about, List<Curve> curves) {

    private static final String FILE = "reference-figures.json";

    /** One n of the paper has a slip, 32678 for 32768: it must still meet ours. */
    static final double SAME_N = 0.01;

    /**
     * A point.
     *
     * @param n training samples
     * @param value test loss, or test error of symbolic labels
     * @param stderr standard error of its mean over trials, ddof = 1
     */
    @JsonFormat(shape = JsonFormat.Shape.ARRAY)
    public record Point(int n, double value, double stderr) {}

    /**
     * A curve.
     *
     * @param figure its file's name in the paper's repository
     * @param paper where the paper shows it
     * @param task its name in the catalogue
     * @param network the kind of network
     * @param arm its identity scalings
     * @param pretrained of a GPT-2, whether it was
     * @param sizes of the network, as far as they are stated
     * @param note what must be known of it; absent for nothing
     */
    public record Curve(
            String figure,
            String paper,
            String task,
            String network,
            Arm arm,
            Optional<Boolean> pretrained,
            SortedMap<String, Integer> sizes,
            Optional<String> note,
            List<Point> points) {

        /** Copies sizes and points. */
        public Curve {
            sizes = Collections.unmodifiableSortedMap(new TreeMap<>(sizes));
            points = List.copyOf(points);
        }

        /** The first n whose value is below a threshold. */
        public OptionalInt firstBelow(double threshold) {
            return points.stream()
                    .filter(point -> point.value < threshold)
                    .mapToInt(Point::n)
                    .findFirst();
        }
    }

    /**
     * The sizes of one network that another has not or has otherwise.
     *
     * @return such as {@code depth 4, width 512}; empty for none
     */
    public static <V> String others(Map<String, V> sizes, Map<String, V> ours) {
        return sizes.entrySet().stream()
                .filter(size -> !size.getValue().equals(ours.get(size.getKey())))
                .map(size -> size.getKey().replace('_', ' ') + " " + size.getValue())
                .collect(Collectors.joining(", "));
    }

    /** Copies the curves. */
    public ReferenceFigures {
        curves = List.copyOf(curves);
    }

    /** The figures that come with the program. */
    public static ReferenceFigures bundled() {
        try (InputStream in = ReferenceFigures.class.getResourceAsStream(FILE)) {
            return Records.read(new ObjectMapper().readTree(in), ReferenceFigures.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The paper's curve beside one of ours. Where it has the same network in several widths, the
     * width must be ours; other sizes may differ, which {@link #others} says.
     */
    public Optional<Curve> find(Trial.Task task, Trial.Network network, Arm arm) {
        List<Curve> found =
                curves.stream()
                        .filter(curve -> curve.task.equals(task.name()))
                        .filter(curve -> isOf(curve, network))
                        .filter(curve -> curve.arm.equals(arm))
                        .toList();
        if (found.size() < 2) {
            return found.stream().findFirst();
        }
        Integer width = network.sizes().get(NetworkKind.WIDTH);
        return found.stream()
                .filter(curve -> curve.sizes.get(NetworkKind.WIDTH).equals(width))
                .findFirst();
    }

    /**
     * Of copying, the paper proves what it does for one network and draws what it calls another.
     */
    private static String inThePaper(Trial.Network network) {
        return network.kind() == NetworkKind.ATTENTION
                ? NetworkKind.TEMPLATE_TRANSFORMER.toString()
                : network.name();
    }

    private static boolean isOf(Curve curve, Trial.Network network) {
        return network.mimetic().isEmpty()
                && curve.network.equals(inThePaper(network))
                && curve.pretrained.equals(network.weights().map(Trial.Weights::pretrained));
    }
}
