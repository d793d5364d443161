package org.diagonal.eval.curve;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.diagonal.eval.record.JsonKeys;
import org.diagonal.eval.record.ResultFile;

/**
 * {@code curve.json}.
 *
 * @param pooled whether accuracies are of the strings of all trials together, as in version 1
 * @param metric what the figures are: {@code test loss} or {@code test error}
 * @param threshold where a curve counts as learned
 * @param paperSource where the paper's curves are from
 * @param commits what trained the trials
 */
public record CurveFile(
        boolean pooled,
        String task,
        String taskSha256,
        Map<String, String> network,
        Map<String, String> training,
        Map<String, String> samples,
        long seed,
        int trials,
        String metric,
        double threshold,
        List<Arm> arms,
        String paperSource,
        List<String> commits) {

    /** The file's name. */
    public static final String FILE = "curve.json";

    private static final long OLDEST = 1;
    private static final long NEWEST = 2;

    /** An arm, with the paper's curve where it has one. */
    record Arm(
            org.diagonal.plugin.identity.Arm scalings,
            OptionalLong firstBelow,
            List<Point> points,
            Optional<Paper> paper) {

        String name() {
            return scalings.toString();
        }
    }

    /** The trials of one arm at one n. */
    record Point(
            long n,
            double mean,
            OptionalDouble stderr,
            List<Double> values,
            Share unseen,
            Share seen,
            double seconds) {}

    /** A curve of the paper, and the sizes of its network as far as they are stated. */
    record Paper(
            String figure,
            String shown,
            OptionalLong firstBelow,
            Map<String, String> sizes,
            String note,
            List<PaperPoint> points) {}

    /** A point of it. */
    record PaperPoint(long n, double mean, double stderr) {}

    /** A share of right answers with its 95 % interval. */
    record Share(double value, double low, double high) {}

    private static Share share(JsonKeys keys, String key) {
        List<Double> interval = keys.numbers(key + "_ci95", 2);
        return new Share(keys.number(key), interval.get(0), interval.get(1));
    }

    private static OptionalLong whole(JsonKeys keys, String key) {
        return keys.has(key) && !keys.value(key).isNull()
                ? OptionalLong.of(keys.integer(key))
                : OptionalLong.empty();
    }

    static CurveFile read(Path folder) throws IOException {
        return ResultFile.read(folder.resolve(FILE), "curve", OLDEST, NEWEST, CurveFile::of);
    }

    private static CurveFile of(JsonKeys keys) {
        JsonKeys settings = keys.object("settings");
        JsonKeys task = settings.object("task");
        return new CurveFile(
                keys.integer("version") == OLDEST,
                task.text("name"),
                task.text("sha256"),
                ResultFile.words(settings.value("network")),
                ResultFile.words(settings.value("training")),
                ResultFile.words(settings.value("samples")),
                settings.integer("seed"),
                keys.small("trials"),
                keys.text("metric"),
                keys.number("threshold"),
                keys.objects("arms").stream().map(CurveFile::arm).toList(),
                keys.text("paper_source"),
                keys.texts("commits"));
    }

    private static Arm arm(JsonKeys keys) {
        return new Arm(
                keys.arm("arm"),
                whole(keys, "first_n_below"),
                keys.objects("points").stream().map(CurveFile::point).toList(),
                keys.has("paper") ? Optional.of(paper(keys.object("paper"))) : Optional.empty());
    }

    private static Point point(JsonKeys keys) {
        return new Point(
                keys.integer("n"),
                keys.number("mean"),
                keys.optional("stderr"),
                keys.numbers("values"),
                share(keys, "accuracy_unseen"),
                share(keys, "accuracy_seen"),
                keys.number("seconds"));
    }

    private static Paper paper(JsonKeys keys) {
        return new Paper(
                keys.text("figure"),
                keys.text("shown"),
                whole(keys, "first_n_below"),
                keys.has("sizes") ? ResultFile.words(keys.value("sizes")) : Map.of(),
                keys.has("note") ? keys.text("note") : "",
                keys.objects("points").stream()
                        .map(
                                point ->
                                        new PaperPoint(
                                                point.integer("n"),
                                                point.number("mean"),
                                                point.number("stderr")))
                        .toList());
    }
}
