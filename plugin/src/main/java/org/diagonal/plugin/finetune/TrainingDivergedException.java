package org.diagonal.plugin.finetune;

import org.apiguardian.api.API;
import org.apiguardian.api.API.Status;

/** Loss or gradients were not finite for several steps in a row, or a weight no longer is. */
@API(status = Status.MAINTAINED, since = "0.1.0")
public final class TrainingDivergedException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    private TrainingDivergedException(String message) {
        super(message);
    }

    /** The same, of a training among others. */
    public TrainingDivergedException of(String training) {
        TrainingDivergedException named =
                new TrainingDivergedException(training + ": " + getMessage());
        named.initCause(this);
        return named;
    }

    public TrainingDivergedException(String what, String checkpoint) {
        super(
                what
                        + ", so the training stopped; "
                        + checkpoint
                        + "; a lower learning rate, or clipping the gradients, may help");
    }
}
