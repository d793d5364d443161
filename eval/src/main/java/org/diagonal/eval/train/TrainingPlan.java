package org.diagonal.eval.train;

import java.util.Optional;
import org.diagonal.plugin.finetune.TrainingSettings;
import org.diagonal.plugin.finetune.TrainingSettings.Trained;

/**
 * Settings some of which are left open until the number of examples is known.
 *
 * @param settings all others
 * @param epochs passes over the data, where {@code maxSteps} is empty; 1 where it is empty itself
 * @param maxSteps optimizer steps in all
 * @param evalEvery empty for once an epoch
 * @param saveEvery empty for {@code evalEvery}
 */
public record TrainingPlan(
        TrainingSettings settings,
        Optional<Integer> epochs,
        Optional<Integer> maxSteps,
        Optional<Integer> evalEvery,
        Optional<Integer> saveEvery) {

    /** The same plan with another seed. */
    TrainingPlan withSeed(long seed) {
        return new TrainingPlan(settings.withSeed(seed), epochs, maxSteps, evalEvery, saveEvery);
    }

    /**
     * The settings for a number of examples.
     *
     * @param newHead whether the network gets a head that no training has seen, which then learns
     *     with the scalings even if they alone are asked for
     */
    TrainingSettings settings(int examples, boolean newHead) {
        int perEpoch = Math.toIntExact(settings.stepsPerEpoch(Math.max(1, examples)));
        int evaluate = evalEvery.orElse(perEpoch);
        boolean head = newHead && settings.trained() == Trained.SCALINGS;
        return settings.withMaxSteps(
                        maxSteps.orElse(Math.multiplyExact(epochs.orElse(1), perEpoch)))
                .withEvalEvery(evaluate)
                .withSaveEvery(saveEvery.orElse(evaluate))
                .withTrained(head ? Trained.SCALINGS_AND_HEAD : settings.trained());
    }
}
