package org.diagonal.eval.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.diagonal.eval.measure.Labels;
import org.diagonal.eval.measure.McNemar;
import org.diagonal.eval.measure.Proportion;

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
            double sum = 0;
            for (TrialResult trial : trials) {
                sum += trial.figure();
            }
            return sum / trials.size();
        }

        /** The mean's standard error, ddof = 1; empty for a single trial. */
        public OptionalDouble stderr() {
            if (trials.size() < 2) {
                return OptionalDouble.empty();
            }
            double mean = mean();
            double squares = 0;
            for (TrialResult trial : trials) {
                squares += (trial.figure() - mean) * (trial.figure() - mean);
            }
            return OptionalDouble.of(Math.sqrt(squares / (trials.size() - 1) / trials.size()));
        }

        /** Right answers on unseen symbols, in all trials together. */
        public Proportion unseen() {
            return trials.stream()
                    .map(trial -> trial.unseen().accuracy().proportion())
                    .reduce(Proportion::plus)
                    .orElseThrow();
        }

        /** Right answers on seen symbols, in all trials together. */
        public Proportion seen() {
            return trials.stream()
                    .map(trial -> trial.seen().accuracy().proportion())
                    .reduce(Proportion::plus)
                    .orElseThrow();
        }

        /** Seconds of all trials together. */
        public double seconds() {
            return trials.stream().mapToDouble(TrialResult::seconds).sum();
        }

        /**
         * Pairs every trial's strings of unseen symbols with those of another arm's.
         *
         * @throws IllegalArgumentException if the strings are not the same
         */
        public McNemar against(Point first) {
            List<McNemar> pairs = new ArrayList<>();
            for (int i = 0; i < trials.size(); i++) {
                pairs.add(McNemar.of(first.trials.get(i).unseen(), trials.get(i).unseen()));
            }
            return pairs.stream().reduce(McNemar::plus).orElseThrow();
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
