package org.diagonal.eval.curve;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.diagonal.eval.measure.accuracy.Labels;
import org.diagonal.eval.measure.accuracy.MeanAccuracy;
import org.diagonal.eval.measure.statistics.Interval;
import org.diagonal.eval.measure.statistics.PairedEstimate;
import org.diagonal.plugin.identity.Arm;

/**
 * A finished curve.
 *
 * @param plan what was run
 * @param points every arm's point at every n: by n, then arm
 */
public record CurveResult(CurvePlan plan, List<Point> points) {

    /** Where a curve counts as learned: the paper's headline figures are the first n below. */
    public static final double THRESHOLD = 0.1;

    /**
     * The trials of one arm at one n.
     *
     * @param trials in the order of their seeds
     */
    public record Point(Arm arm, int n, List<TrialResult> trials) {

        /** Copies the trials. */
        public Point {
            trials = List.copyOf(trials);
        }

        /** Mean test loss, or test error of symbolic labels. */
        public double mean() {
            return PairedEstimate.mean(figures());
        }

        /** The mean's standard error, ddof = 1; empty for a single trial. */
        public OptionalDouble stderr() {
            return trials.size() < 2
                    ? OptionalDouble.empty()
                    : OptionalDouble.of(PairedEstimate.standardError(figures()));
        }

        /** Student's 95 % interval of the mean over trials; empty for a single trial. */
        public Optional<Interval> ci95() {
            return PairedEstimate.interval(figures());
        }

        /** The figure of each trial, in the order of the seeds. */
        public List<Double> figures() {
            return trials.stream().map(TrialResult::figure).toList();
        }

        /** Right answers on unseen symbols: the mean over trials. */
        public MeanAccuracy unseen() {
            return MeanAccuracy.of(
                    trials.stream().map(trial -> trial.unseen().accuracy()).toList());
        }

        /** Right answers on seen symbols: the mean over trials. */
        public MeanAccuracy seen() {
            return MeanAccuracy.of(trials.stream().map(trial -> trial.seen().accuracy()).toList());
        }

        /** Seconds of all trials together. */
        public double seconds() {
            return trials.stream().mapToDouble(TrialResult::seconds).sum();
        }

        /** This point's figure less that of another arm at the same n, trial by trial. */
        public List<Double> differences(Point first) {
            List<Double> differences = new ArrayList<>();
            for (int i = 0; i < trials.size(); i++) {
                differences.add(trials.get(i).figure() - first.trials.get(i).figure());
            }
            return differences;
        }
    }

    /** Copies the points. */
    public CurveResult {
        points = List.copyOf(points);
    }

    /** Gathers the results of all of a plan's trials. */
    static CurveResult of(CurvePlan plan, Map<Trial, TrialResult> results) {
        List<Point> points = new ArrayList<>();
        for (int n : plan.n()) {
            for (Arm arm : plan.arms()) {
                List<TrialResult> trials = new ArrayList<>();
                for (int i = 0; i < plan.trials(); i++) {
                    trials.add(results.get(plan.trial(arm, n, i)));
                }
                points.add(new Point(arm, n, trials));
            }
        }
        return new CurveResult(plan, points);
    }

    /** An arm's points, by n. */
    public List<Point> of(Arm arm) {
        return points.stream().filter(point -> point.arm == arm).toList();
    }

    /** An arm's point at an n of the plan. */
    public Point at(Arm arm, int n) {
        return of(arm).stream().filter(point -> point.n == n).findFirst().orElseThrow();
    }

    /** The first n at which an arm's mean is below {@link #THRESHOLD}. */
    public Optional<Integer> firstBelow(Arm arm) {
        return of(arm).stream().filter(point -> point.mean() < THRESHOLD).map(Point::n).findFirst();
    }

    /** What the figures are: {@code test loss} or {@code test error}. */
    public String metric() {
        return plan.task().labels() == Labels.REAL ? "test loss" : "test error";
    }
}
