package org.diagonal.eval.train;

import java.util.Optional;
import org.diagonal.plugin.finetune.Schedule;
import org.diagonal.plugin.finetune.TrainingSettings;
import org.diagonal.plugin.kernels.Precision;

/**
 * How a user wants to train, before it is known how many examples there are. Components are those
 * of {@link TrainingSettings}.
 *
 * @param epochs passes over the data, where {@code maxSteps} is empty; 1 where it is empty itself
 * @param scalingsLr empty for {@code lr}
 * @param evalEvery empty for once an epoch
 * @param saveEvery empty for {@code evalEvery}
 */
public record TrainingPlan(
        int batchSize,
        int accumulate,
        Optional<Integer> epochs,
        Optional<Integer> maxSteps,
        double lr,
        Optional<Double> scalingsLr,
        Schedule schedule,
        int warmup,
        double weightDecay,
        double clip,
        long seed,
        boolean shuffle,
        Optional<Integer> evalEvery,
        Optional<Integer> saveEvery,
        int keep,
        int patience,
        TrainingSettings.Trained trained,
        Precision precision) {

    /** The same plan with another seed. */
    TrainingPlan withSeed(long other) {
        return new TrainingPlan(
                batchSize,
                accumulate,
                epochs,
                maxSteps,
                lr,
                scalingsLr,
                schedule,
                warmup,
                weightDecay,
                clip,
                other,
                shuffle,
                evalEvery,
                saveEvery,
                keep,
                patience,
                trained,
                precision);
    }

    /**
     * The settings for a number of examples.
     *
     * @param newHead whether the network gets a head that no training has seen, which then learns
     *     with the scalings even if they alone are asked for
     */
    TrainingSettings settings(int examples, boolean newHead) {
        int perEpoch =
                Math.toIntExact(divideUp(divideUp(Math.max(1, examples), batchSize), accumulate));
        int evaluate = evalEvery.orElse(perEpoch);
        return new TrainingSettings(
                batchSize,
                accumulate,
                maxSteps.orElse(Math.multiplyExact(epochs.orElse(1), perEpoch)),
                lr,
                scalingsLr.orElse(lr),
                schedule,
                warmup,
                weightDecay,
                clip,
                seed,
                shuffle,
                evaluate,
                saveEvery.orElse(evaluate),
                keep,
                patience,
                newHead && trained == TrainingSettings.Trained.SCALINGS
                        ? TrainingSettings.Trained.SCALINGS_AND_HEAD
                        : trained,
                precision);
    }

    private static long divideUp(long value, long by) {
        return (value + by - 1) / by;
    }
}
