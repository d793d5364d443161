package org.diagonal.plugin.finetune;

import java.util.function.Consumer;
import org.apiguardian.api.API;
import org.apiguardian.api.API.Status;
import org.diagonal.plugin.kernels.Precision;

/**
 * Everything that decides the bits of a training, beside the network and the examples.
 *
 * <p>Begin with {@link #DEFAULTS} and change what shall differ: {@code
 * TrainingSettings.DEFAULTS.withMaxSteps(200).withLr(1e-4)}.
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
@API(status = Status.MAINTAINED, since = "0.1.0")
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

    /**
     * 1,000 steps of AdamW on batches of 8 in a new random order every epoch, all parameters, at a
     * rate of 5e-5 that falls linearly to 0; evaluated and saved at the end only.
     */
    public static final TrainingSettings DEFAULTS =
            new TrainingSettings(
                    8, // batchSize
                    1, // accumulate
                    1000, // maxSteps
                    5e-5, // lr
                    5e-5, // scalingsLr
                    Schedule.LINEAR,
                    0, // warmup
                    0.01, // weightDecay
                    1, // clip
                    42, // seed
                    true, // shuffle
                    0, // evalEvery
                    0, // saveEvery
                    2, // keep
                    0, // patience
                    Trained.ALL,
                    Precision.F32);

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
        atLeast("batchSize", batchSize, 1);
        atLeast("accumulate", accumulate, 1);
        atLeast("maxSteps", maxSteps, 1);
        atLeast("lr", lr, 0);
        atLeast("scalingsLr", scalingsLr, 0);
        atLeast("warmup", warmup, 0);
        atLeast("weightDecay", weightDecay, 0);
        atLeast("clip", clip, 0);
        atLeast("evalEvery", evalEvery, 0);
        atLeast("saveEvery", saveEvery, 0);
        atLeast("keep", keep, 1);
        atLeast("patience", patience, 0);
    }

    private static void atLeast(String name, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(
                    "%s must be at least %d: %s=%d".formatted(name, least, name, value));
        }
    }

    private static void atLeast(String name, double value, double least) {
        if (!(value >= least) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(
                    "%s must be a finite number of at least %s: %s=%s"
                            .formatted(name, least, name, value));
        }
    }

    /** Optimizer steps that one pass over a number of examples takes. */
    public long stepsPerEpoch(int examples) {
        long batches = (examples + (long) batchSize - 1) / batchSize;
        return (batches + accumulate - 1) / accumulate;
    }

    public TrainingSettings withBatchSize(int value) {
        return with(draft -> draft.batchSize = value);
    }

    public TrainingSettings withAccumulate(int value) {
        return with(draft -> draft.accumulate = value);
    }

    public TrainingSettings withMaxSteps(int value) {
        return with(draft -> draft.maxSteps = value);
    }

    public TrainingSettings withLr(double value) {
        return with(draft -> draft.lr = value);
    }

    public TrainingSettings withScalingsLr(double value) {
        return with(draft -> draft.scalingsLr = value);
    }

    public TrainingSettings withSchedule(Schedule value) {
        return with(draft -> draft.schedule = value);
    }

    public TrainingSettings withWarmup(int value) {
        return with(draft -> draft.warmup = value);
    }

    public TrainingSettings withWeightDecay(double value) {
        return with(draft -> draft.weightDecay = value);
    }

    public TrainingSettings withClip(double value) {
        return with(draft -> draft.clip = value);
    }

    public TrainingSettings withSeed(long value) {
        return with(draft -> draft.seed = value);
    }

    public TrainingSettings withShuffle(boolean value) {
        return with(draft -> draft.shuffle = value);
    }

    public TrainingSettings withEvalEvery(int value) {
        return with(draft -> draft.evalEvery = value);
    }

    public TrainingSettings withSaveEvery(int value) {
        return with(draft -> draft.saveEvery = value);
    }

    public TrainingSettings withKeep(int value) {
        return with(draft -> draft.keep = value);
    }

    public TrainingSettings withPatience(int value) {
        return with(draft -> draft.patience = value);
    }

    public TrainingSettings withTrained(Trained value) {
        return with(draft -> draft.trained = value);
    }

    /** The same with operands of products in another precision. */
    public TrainingSettings withPrecision(Precision value) {
        return with(draft -> draft.precision = value);
    }

    private TrainingSettings with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.settings();
    }

    /** A copy in which components can be changed. */
    private static final class Draft {

        private int batchSize;
        private int accumulate;
        private int maxSteps;
        private double lr;
        private double scalingsLr;
        private Schedule schedule;
        private int warmup;
        private double weightDecay;
        private double clip;
        private long seed;
        private boolean shuffle;
        private int evalEvery;
        private int saveEvery;
        private int keep;
        private int patience;
        private Trained trained;
        private Precision precision;

        Draft(TrainingSettings settings) {
            batchSize = settings.batchSize;
            accumulate = settings.accumulate;
            maxSteps = settings.maxSteps;
            lr = settings.lr;
            scalingsLr = settings.scalingsLr;
            schedule = settings.schedule;
            warmup = settings.warmup;
            weightDecay = settings.weightDecay;
            clip = settings.clip;
            seed = settings.seed;
            shuffle = settings.shuffle;
            evalEvery = settings.evalEvery;
            saveEvery = settings.saveEvery;
            keep = settings.keep;
            patience = settings.patience;
            trained = settings.trained;
            precision = settings.precision;
        }

        TrainingSettings settings() {
            return new TrainingSettings(
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
                    precision);
        }
    }
}
