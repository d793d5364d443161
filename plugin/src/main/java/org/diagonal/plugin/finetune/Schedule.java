package org.diagonal.plugin.finetune;

import org.apiguardian.api.API;
import org.apiguardian.api.API.Status;

/** Learning rate over the steps, as Hugging Face's schedules of the same names. */
@API(status = Status.MAINTAINED, since = "0.1.0")
public enum Schedule {
    /** Constant after the warm-up. */
    CONSTANT,
    /** A straight line to 0 at the last step. */
    LINEAR,
    /** Half a cosine to 0 at the last step. */
    COSINE;

    /**
     * The factor of the learning rate.
     *
     * @param step steps done, from 0
     * @param warmup steps over which the factor rises from 0 to 1
     * @param total all steps
     */
    public double factor(long step, long warmup, long total) {
        if (step < warmup) {
            return (double) step / warmup;
        }
        double done = (double) (step - warmup) / Math.max(1, total - warmup);
        return switch (this) {
            case CONSTANT -> 1;
            case LINEAR -> Math.max(0, 1 - done);
            case COSINE -> Math.max(0, 0.5 * (1 + Math.cos(Math.PI * done)));
        };
    }
}
