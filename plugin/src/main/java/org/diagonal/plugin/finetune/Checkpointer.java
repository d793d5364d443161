package org.diagonal.plugin.finetune;

import java.io.IOException;
import org.diagonal.plugin.network.Network;

/**
 * Keeps the metrics and values of a training: in a run folder, from which the training can resume,
 * or in memory alone, for trainings so short that they are rather done again.
 */
public interface Checkpointer extends AutoCloseable {

    /**
     * No file: when the training ends, the network holds the values that were best on validation,
     * or without validation the last ones. An interrupted training leaves the last ones and cannot
     * go on.
     */
    static Checkpointer inMemory(Network network) {
        return new MemoryCheckpointer(network);
    }

    /** What is trained. */
    Network network();

    /**
     * Prepares for a training; the result is where it goes on, {@link TrainingState#START} mostly.
     */
    TrainingState begin(TrainingSettings settings, AdamW optimizer, TrainingListener listener)
            throws IOException;

    /** Takes note of the loss per target of validation before the first step. */
    void began(double validLoss) throws IOException;

    /** Takes note of a step. */
    void stepped(TrainingStep step) throws IOException;

    /**
     * Keeps the values of a state if that is due.
     *
     * @param interrupted whether the training ends here although it is not done
     * @throws TrainingDivergedException if a value that must be kept is not finite
     */
    void keep(TrainingState state, boolean interrupted, AdamW optimizer, TrainingListener listener)
            throws IOException;

    /** Says in words what of a training that fails now is left. */
    String remains() throws IOException;

    /** Ends a training that is done. */
    void finish(TrainingState state) throws IOException;

    /** Frees what only the training needed. */
    @Override
    void close();
}
