package org.diagonal.plugin.finetune;

import java.nio.file.Path;
import org.apiguardian.api.API;
import org.apiguardian.api.API.Status;

/** Is told how a training goes. Every method does nothing unless it is overridden. */
@API(status = Status.MAINTAINED, since = "0.1.0")
public interface TrainingListener {

    /** The network was evaluated before its first step: its loss per target of validation. */
    default void began(double validLoss) {}

    /** The training goes on from a checkpoint. */
    default void resumed(long step, Path checkpoint) {}

    /** A step was done. */
    default void stepped(TrainingStep step, long maxSteps) {}

    /** A step was skipped since its loss or its gradients were not finite. */
    default void skipped(long step, double loss, double gradNorm) {}

    /** A checkpoint was written. */
    default void saved(Path checkpoint) {}
}
