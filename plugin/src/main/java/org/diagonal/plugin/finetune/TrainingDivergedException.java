package org.diagonal.plugin.finetune;

/** Loss or gradients were not finite for several steps in a row, or a weight no longer is. */
public final class TrainingDivergedException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    public TrainingDivergedException(String what, String checkpoint) {
        super(
                what
                        + ", so the training stopped; "
                        + checkpoint
                        + "; a lower --lr or a --clip may help");
    }
}
