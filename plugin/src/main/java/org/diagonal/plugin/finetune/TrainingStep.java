package org.diagonal.plugin.finetune;

import java.util.OptionalDouble;
import org.apiguardian.api.API;
import org.apiguardian.api.API.Status;

/**
 * What one optimizer step did.
 *
 * @param step its number, from 1
 * @param epoch passes over the examples after it
 * @param tokens input ids seen in all
 * @param lr learning rate of the weights
 * @param loss per target before, in nats or squared the update
 * @param gradNorm global norm of the gradients before clipping
 * @param validLoss loss per target of the validation examples after the update, if it was measured
 * @param tokensPerSecond input ids of the step by its time, evaluation not counted
 */
@API(status = Status.MAINTAINED, since = "0.1.0")
public record TrainingStep(
        long step,
        double epoch,
        long tokens,
        double lr,
        double loss,
        double gradNorm,
        OptionalDouble validLoss,
        double tokensPerSecond) {

    /** This step with an evaluation after it. */
    TrainingStep withValidLoss(double loss) {
        return new TrainingStep(
                step,
                epoch,
                tokens,
                lr,
                this.loss,
                gradNorm,
                OptionalDouble.of(loss),
                tokensPerSecond);
    }
}
