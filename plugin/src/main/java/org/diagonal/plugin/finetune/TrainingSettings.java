package org.diagonal.plugin.finetune;

import org.diagonal.plugin.kernels.Precision;

/**
 * Everything that decides the bits of a training, beside the network and the examples.
 *
 * @param batchSize examples a forward pass
 * @param accumulate forward passes a step; gradients are weighted by their scored targets
 * @param maxSteps optimizer steps in all
 * @param lr learning rate of weights
 * @param scalingsLr learning rate of the identity scalings
 * @param schedule of both learning rates
 * @param warmup steps of linear warm-up
 * @param weightDecay decoupled decay of parameters with two or more dimensions
 * @param clip largest global norm of the gradients; 0 clips nothing
 * @param seed of the order of examples and of dropout
 * @param shuffle whether each epoch has an order of its own
 * @param evalEvery steps between evaluations; 0 evaluates at the end only
 * @param saveEvery steps between checkpoints; 0 saves at the end only
 * @param keep how many of the last checkpoints stay, beside the best
 * @param patience evaluations without improvement before the training stops; 0 never stops early
 * @param trained which parameters move
 * @param precision of the operands of products
 */
public record TrainingSettings(
        int batchSize,
        int accumulate,
        int maxSteps,
        double lr,
        double scalingsLr,
        Schedule schedule,
        int warmup,
        double weightDecay,
        double clip,
        long seed,
        boolean shuffle,
        int evalEvery,
        int saveEvery,
        int keep,
        int patience,
        Trained trained,
        Precision precision) {

    /** Which parameters move. */
    public enum Trained {
        /** All of them. */
        ALL,
        /** The identity scalings alone. */
        SCALINGS,
        /** The identity scalings, and the head, since nothing has trained that before. */
        SCALINGS_AND_HEAD
    }

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException naming the setting and its value
     */
    public TrainingSettings {
        atLeast("batch-size", batchSize, 1);
        atLeast("accumulate", accumulate, 1);
        atLeast("max-steps", maxSteps, 1);
        atLeast("lr", lr, 0);
        atLeast("scalings-lr", scalingsLr, 0);
        atLeast("warmup", warmup, 0);
        atLeast("weight-decay", weightDecay, 0);
        atLeast("clip", clip, 0);
        atLeast("eval-every", evalEvery, 0);
        atLeast("save-every", saveEvery, 0);
        atLeast("keep", keep, 1);
        atLeast("patience", patience, 0);
    }

    /** Settings with float32 products. */
    public TrainingSettings(
            int batchSize,
            int accumulate,
            int maxSteps,
            double lr,
            double scalingsLr,
            Schedule schedule,
            int warmup,
            double weightDecay,
            double clip,
            long seed,
            boolean shuffle,
            int evalEvery,
            int saveEvery,
            int keep,
            int patience,
            Trained trained) {
        this(
                batchSize,
                accumulate,
                maxSteps,
                lr,
                scalingsLr,
                schedule,
                warmup,
                weightDecay,
                clip,
                seed,
                shuffle,
                evalEvery,
                saveEvery,
                keep,
                patience,
                trained,
                Precision.F32);
    }

    private static void atLeast(String name, double value, double least) {
        if (!(value >= least) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(
                    name + " must be a number of at least " + least + ": " + value);
        }
    }

    /** Optimizer steps that one pass over a number of examples takes. */
    public long stepsPerEpoch(int examples) {
        long batches = (examples + (long) batchSize - 1) / batchSize;
        return (batches + accumulate - 1) / accumulate;
    }
}
