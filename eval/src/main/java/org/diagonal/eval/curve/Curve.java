package org.diagonal.eval.curve;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import org.diagonal.eval.measure.accuracy.MeanAccuracy;
import org.diagonal.eval.measure.statistics.Interval;
import org.diagonal.eval.measure.statistics.PairedEstimate;
import org.diagonal.eval.record.Form;
import org.diagonal.eval.trial.Trial;
import org.diagonal.eval.trial.TrialResult;
import org.diagonal.plugin.identity.Arm;

/**
 * {@code curve.json}: a finished learning curve with the paper's beside it.
 *
 * @param version of the file's form
 * @param settings what all trials share
 * @param trials of each point, with seeds from the settings' upwards
 * @param metric what the figures are: {@code test loss} or {@code test error}
 * @param threshold below which a curve counts as learned
 * @param arms a line for each; others are paired with the first
 * @param paperSource where the paper's curves are from
 * @param commits that trained the trials, in alphabetical order
 * @param pooled present in a file of version 1 alone: its accuracies count the strings of all
 *     trials as one sample
 */
public record Curve(
        int version,
        Settings settings,
        int trials,
        String metric,
        double threshold,
        List<Line> arms,
        String paperSource,
        List<String> commits,
        Optional<Boolean> pooled) {

    /** The form of the file. Version 2: intervals are Student's over the trials. */
    public static final Form<Curve> FORM =
            Form.of("curve.json", Curve.class, 2, Map.of(1, Curve::update));

    /** Where a curve counts as learned: the paper's headline figures are the first n below. */
    public static final double THRESHOLD = 0.1;

    /**
     * What all trials of a curve share.
     *
     * @param task what is learned
     * @param network what learns it
     * @param seed the first
     * @param training how each is trained
     * @param samples what is drawn beside the training samples
     * @param testTask what networks are measured on, if that is another task than they learn
     */
    public record Settings(
            Trial.Task task,
            Trial.Network network,
            long seed,
            Trial.Training training,
            CurvePlan.Samples samples,
            Optional<Trial.Task> testTask) {

        /** The tasks in words: {@code aba-abb}, or {@code aba-abb, tested on distractors}. */
        String tasks() {
            return task.name() + testTask.map(other -> ", tested on " + other.name()).orElse("");
        }

        /** A trial of the curve. */
        Trial trial(Arm arm, int n, long seed) {
            // Without scalings their rate decides nothing, so it must not tell trials apart.
            double scalingsLr = arm.equals(Arm.NONE) ? training.lr() : training.scalingsLr();
            Trial.Training own = training.withScalingsLr(scalingsLr);
            return new Trial(task, network, arm, n, seed, own, samples.of(n), testTask);
        }
    }

    /**
     * An arm at every n.
     *
     * @param firstBelow the first n whose mean is below the threshold; absent where none is
     * @param points by n
     * @param paper the paper's curve; absent where it has none
     */
    public record Line(
            Arm arm,
            @JsonProperty("first_n_below") OptionalInt firstBelow,
            List<Point> points,
            Optional<Paper> paper) {

        /** Copies the points; refuses a line without any. */
        public Line {
            points = List.copyOf(points);
            if (points.isEmpty()) {
                throw new IllegalArgumentException("points: expected one or more");
            }
        }

        /** Seconds of all trials together. */
        public double seconds() {
            return points.stream().mapToDouble(Point::seconds).sum();
        }

        /** The point of the largest n. */
        public Point last() {
            return points.get(points.size() - 1);
        }
    }

    /**
     * The trials of an arm at one n.
     *
     * @param mean test loss, or test error of symbolic labels: the mean over trials
     * @param stderr the mean's standard error, ddof = 1; absent for a single trial
     * @param ci95 Student's interval of the mean over trials; absent for a single trial
     * @param values the figure of each trial, in the order of the seeds
     * @param accuracyUnseen share of right answers on unseen symbols, the mean over trials
     * @param accuracySeen the same on the training's symbols
     * @param againstFirst this arm's figures less the first arm's; absent for the first arm
     * @param seconds of all trials together
     */
    public record Point(
            int n,
            double mean,
            OptionalDouble stderr,
            Optional<Interval> ci95,
            List<Double> values,
            double accuracyUnseen,
            Interval accuracyUnseenCi95,
            List<Double> accuracyUnseenValues,
            double accuracySeen,
            Interval accuracySeenCi95,
            List<Double> accuracySeenValues,
            Optional<Differences> againstFirst,
            double seconds) {

        /** Copies the lists. */
        public Point {
            values = List.copyOf(values);
            accuracyUnseenValues = List.copyOf(accuracyUnseenValues);
            accuracySeenValues = List.copyOf(accuracySeenValues);
        }
    }

    /**
     * An arm's figures less those of the first arm: trials of one seed share their samples.
     *
     * @param differenceCi95 Student's interval over trials; absent for a single trial
     * @param values trial by trial
     */
    public record Differences(
            double difference, Optional<Interval> differenceCi95, List<Double> values) {

        /** Copies the list. */
        public Differences {
            values = List.copyOf(values);
        }

        static Differences of(List<Double> values) {
            return new Differences(
                    PairedEstimate.mean(values), PairedEstimate.interval(values), values);
        }
    }

    /**
     * A curve of the paper.
     *
     * @param figure its file's name in the paper's repository
     * @param shown where the paper shows it
     * @param note what must be known of it; absent for nothing
     * @param sizes of its network, as far as they are stated
     */
    public record Paper(
            String figure,
            String shown,
            @JsonProperty("first_n_below") OptionalInt firstBelow,
            Optional<String> note,
            SortedMap<String, Integer> sizes,
            List<PaperPoint> points) {

        /** Copies sizes and points. */
        public Paper {
            sizes = Collections.unmodifiableSortedMap(new TreeMap<>(sizes));
            points = List.copyOf(points);
        }

        static Paper of(ReferenceFigures.Curve curve) {
            return new Paper(
                    curve.figure(),
                    curve.paper(),
                    curve.firstBelow(THRESHOLD),
                    curve.note(),
                    curve.sizes(),
                    curve.points().stream()
                            .map(point -> new PaperPoint(point.n(), point.value(), point.stderr()))
                            .toList());
        }

        /** The point at n, or within one percent of it: the paper has a slip at one n. */
        public Optional<PaperPoint> at(int n) {
            return points.stream()
                    .filter(point -> Math.abs(point.n - n) <= ReferenceFigures.SAME_N * n)
                    .findFirst();
        }
    }

    /** A point of it. */
    public record PaperPoint(int n, double mean, double stderr) {}

    /** Copies the lists; refuses a curve without arms, and arms at different n. */
    public Curve {
        arms = List.copyOf(arms);
        commits = List.copyOf(commits);
        if (arms.isEmpty()) {
            throw new IllegalArgumentException("arms: expected one or more");
        }
        for (Line line : arms) {
            if (!n(line).equals(n(arms.get(0)))) {
                throw new IllegalArgumentException(
                        "arms: expected the same n in all, found %s and %s"
                                .formatted(n(arms.get(0)), n(line)));
            }
        }
    }

    private static List<Integer> n(Line line) {
        return line.points.stream().map(Point::n).toList();
    }

    /** Gathers the results of all of a plan's trials. */
    static Curve of(CurvePlan plan, Map<Trial, TrialResult> results, ReferenceFigures paper) {
        Settings settings = plan.settings();
        List<Line> lines = new ArrayList<>();
        for (Arm arm : plan.arms()) {
            List<Point> points = new ArrayList<>();
            for (int n : plan.n()) {
                points.add(point(plan, results, arm, n));
            }
            Optional<Paper> theirs =
                    plan.isPapers()
                            ? paper.find(settings.task(), settings.network(), arm).map(Paper::of)
                            : Optional.empty();
            lines.add(new Line(arm, firstBelow(points), points, theirs));
        }
        return new Curve(
                FORM.version(),
                settings,
                plan.trials(),
                settings.task().metric(),
                THRESHOLD,
                lines,
                paper.source(),
                TrialResult.commits(results.values()),
                Optional.empty());
    }

    private static Point point(CurvePlan plan, Map<Trial, TrialResult> results, Arm arm, int n) {
        List<TrialResult> trials = trials(plan, results, arm, n);
        List<Double> values = figures(trials);
        Arm first = plan.arms().get(0);
        MeanAccuracy unseen = MeanAccuracy.of(trials, trial -> trial.unseen().accuracy());
        MeanAccuracy seen = MeanAccuracy.of(trials, trial -> trial.seen().accuracy());
        return new Point(
                n,
                PairedEstimate.mean(values),
                PairedEstimate.standardError(values),
                PairedEstimate.interval(values),
                values,
                unseen.value(),
                unseen.ci95(),
                unseen.perSeed(),
                seen.value(),
                seen.ci95(),
                seen.perSeed(),
                arm.equals(first)
                        ? Optional.empty()
                        : Optional.of(
                                Differences.of(
                                        PairedEstimate.differences(
                                                figures(trials(plan, results, first, n)), values))),
                trials.stream().mapToDouble(TrialResult::seconds).sum());
    }

    private static List<TrialResult> trials(
            CurvePlan plan, Map<Trial, TrialResult> results, Arm arm, int n) {
        List<TrialResult> trials = new ArrayList<>();
        for (int i = 0; i < plan.trials(); i++) {
            trials.add(results.get(plan.trial(arm, n, i)));
        }
        return trials;
    }

    private static List<Double> figures(List<TrialResult> trials) {
        return trials.stream().map(TrialResult::figure).toList();
    }

    private static OptionalInt firstBelow(List<Point> points) {
        return points.stream()
                .filter(point -> point.mean < THRESHOLD)
                .mapToInt(Point::n)
                .findFirst();
    }

    /**
     * Brings a tree of version 1 into the form of version 2: it has no intervals over trials, no
     * accuracies of single trials, and its pairs counted the strings of all trials together.
     */
    private static void update(ObjectNode root) {
        root.put("pooled", true);
        for (JsonNode line : root.path("arms")) {
            for (JsonNode point : line.path("points")) {
                if (point instanceof ObjectNode node) {
                    node.remove("against_first");
                    node.putArray("accuracy_unseen_values");
                    node.putArray("accuracy_seen_values");
                }
            }
        }
    }
}
