package org.diagonal.plugin.finetune;

/** The loss or the gradients were not finite for several steps in a row. */
public final class TrainingDivergedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    TrainingDivergedException(long first, long last, String checkpoint) {
        super(
                "the loss was not finite in steps "
                        + first
                        + " to "
                        + last
                        + ", so the training stopped; "
                        + checkpoint
                        + "; a lower --lr or a --clip may help");
    }
}
