package org.diagonal.plugin.finetune;

import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.apiguardian.api.API;
import org.apiguardian.api.API.Status;

/**
 * How a training ended.
 *
 * @param outcome why it ended
 * @param step optimizer steps done
 * @param tokens input ids seen
 * @param bestStep the step of the best evaluation
 * @param bestLoss its loss per target
 */
@API(status = Status.MAINTAINED, since = "0.1.0")
public record TrainingResult(
        Outcome outcome, long step, long tokens, OptionalLong bestStep, OptionalDouble bestLoss) {

    /** Why a training ended. */
    public enum Outcome {
        /** All steps are done. */
        FINISHED,
        /** The validation loss no longer fell. */
        STOPPED_EARLY,
        /** Asked to stop; a checkpoint holds the state. */
        INTERRUPTED
    }
}
