package org.diagonal.plugin.finetune;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import org.diagonal.plugin.network.Network;

/**
 * Where a training keeps what it finds: in a run's folder, from which it can go on, or in memory
 * alone, for trainings so short that they are rather done again.
 */
public abstract sealed class Keeping implements AutoCloseable permits KeptInFolder, KeptInMemory {

    Keeping() {}

    /**
     * Metrics, checkpoints, the final model and the best one as files.
     *
     * @param run stays open
     * @param writer the network and what belongs into its folder
     */
    public static Keeping in(RunFolder run, ModelWriter writer) {
        return new KeptInFolder(run, writer, Optional.empty());
    }

    /**
     * The same, and the metrics as {@link Events} for TensorBoard too.
     *
     * @param started when the run was begun
     */
    public static Keeping withEvents(RunFolder run, ModelWriter writer, Instant started) {
        return new KeptInFolder(run, writer, Optional.of(started));
    }

    /**
     * No file: when the training ends, the network holds the values that were best on validation,
     * or without validation the last ones. An interrupted training leaves the last ones and cannot
     * go on.
     */
    public static Keeping inMemory(Network network) {
        return new KeptInMemory(network);
    }

    /** What is trained. */
    abstract Network network();

    /**
     * Prepares for a training; the result is where it goes on, {@link TrainingState#START} mostly.
     */
    abstract TrainingState begin(
            TrainingSettings settings, AdamW optimizer, TrainingListener listener)
            throws IOException;

    /** Takes note of the loss per target of validation before the first step. */
    abstract void began(double validLoss) throws IOException;

    /** Takes note of a step. */
    abstract void stepped(TrainingStep step) throws IOException;

    /**
     * Keeps the values of a state if that is due.
     *
     * @param interrupted whether the training ends here although it is not done
     * @throws TrainingDivergedException if a value that must be kept is not finite
     */
    abstract void keep(
            TrainingState state, boolean interrupted, AdamW optimizer, TrainingListener listener)
            throws IOException;

    /** Says in words what of a training that fails now is left. */
    abstract String remains() throws IOException;

    /** Ends a training that is done. */
    abstract void finish(TrainingState state) throws IOException;

    /** Frees what only the training needed. */
    @Override
    public abstract void close();
}
