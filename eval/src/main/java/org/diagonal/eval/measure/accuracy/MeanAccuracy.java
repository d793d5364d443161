package org.diagonal.eval.measure.accuracy;

import java.util.List;
import java.util.function.Function;
import org.diagonal.eval.measure.statistics.Interval;
import org.diagonal.eval.measure.statistics.PairedEstimate;
import org.diagonal.eval.measure.statistics.Proportion;

/**
 * The share of right answers of one or more trainings on strings of a task.
 *
 * <p>With one training the interval is Wilson's. With k trainings the value is their mean, and each
 * side of the interval is √(w² + t²ₖ₋₁ s²/k), w being the side of Wilson's interval at that mean
 * over the strings of one training: strings are counted once, however many trainings answered them,
 * and trainings that all answer everything rightly do not make the interval a point.
 *
 * @param value the mean share
 * @param ci95 its 95 % interval, within [0, 1]
 * @param perSeed the share of each training
 */
public record MeanAccuracy(double value, Interval ci95, List<Double> perSeed) {

    /** Copies the list. */
    public MeanAccuracy {
        perSeed = List.copyOf(perSeed);
    }

    /** Of trainings that each answered as many strings, the same or others. */
    public static MeanAccuracy of(List<Accuracy> trainings) {
        List<Double> shares =
                trainings.stream().map(training -> training.proportion().value()).toList();
        double value = PairedEstimate.mean(shares);
        Interval wilson = Proportion.wilson(value, trainings.get(0).correct().size());
        double seeds = PairedEstimate.half(shares);
        double low = value - Math.hypot(value - wilson.low(), seeds);
        double high = value + Math.hypot(wilson.high() - value, seeds);
        return new MeanAccuracy(value, new Interval(Math.max(0, low), Math.min(1, high)), shares);
    }

    /** Of the answers of trainings. */
    public static <T> MeanAccuracy of(List<T> trainings, Function<T, Accuracy> answers) {
        return of(trainings.stream().map(answers).toList());
    }
}
