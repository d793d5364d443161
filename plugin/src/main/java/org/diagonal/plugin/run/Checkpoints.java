package org.diagonal.plugin.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.diagonal.plugin.checkpoint.TensorType;
import org.diagonal.plugin.finetune.AdamW;
import org.diagonal.plugin.finetune.Standing;
import org.diagonal.plugin.finetune.TrainingSettings;
import org.diagonal.plugin.finetune.TrainingState;
import org.diagonal.plugin.network.Network;

/**
 * When a run writes a checkpoint and which of them stay: model, moments and state of a step, so
 * that a training goes on from there to the same bits.
 */
final class Checkpoints {

    private static final String OPTIMIZER = "optimizer.safetensors";

    private final RunFolder run;
    private final TrainingSettings settings;

    Checkpoints(RunFolder run, TrainingSettings settings) {
        this.run = run;
        this.settings = settings;
    }

    /** Whether a training saves in a state even if nobody interrupts it there. */
    boolean isPlanned(TrainingState state) {
        if (state.awaited().isPresent()) {
            return false; // it is written again when its evaluation is done
        }
        // A step that was skipped is no place to go on from: its cause may be in the weights.
        boolean due =
                settings.saveEvery() > 0
                        && state.step() % settings.saveEvery() == 0
                        && state.skipped() == 0;
        boolean improved = state.bestStep() == state.step();
        boolean last = state.step() == settings.maxSteps();
        return due || improved || last || state.isExhausted(settings.patience());
    }

    /** Writes a checkpoint and removes those that are no longer needed. */
    Path save(Standing standing, ModelWriter writer, AdamW optimizer) throws IOException {
        TrainingState state = standing.state();
        Path target = run.checkpoint(state.step());
        RunFolder.replace( // one that awaits its evaluation
                target,
                folder -> {
                    writer.write(folder, TensorType.F32, standing);
                    optimizer.save(folder.resolve(OPTIMIZER));
                });
        prune(state);
        return target;
    }

    /**
     * Keeps the last checkpoints, the best and the newest. One that only an interruption asked for
     * does not count and goes with the next, so that a run ends with the same checkpoints however
     * often it was interrupted.
     */
    void prune(TrainingState newest) throws IOException {
        List<Long> planned = new ArrayList<>();
        for (long step : run.checkpointSteps()) {
            Path checkpoint = run.checkpoint(step);
            if (TrainingState.isIn(checkpoint) && isPlanned(TrainingState.read(checkpoint))) {
                planned.add(step);
            }
        }
        int first = Math.max(0, planned.size() - settings.keep());
        Set<Long> kept = new HashSet<>(planned.subList(first, planned.size()));
        kept.add(newest.bestStep());
        kept.add(newest.step());
        run.keepOnly(kept);
    }

    /**
     * Removes the optimizer's moments, two thirds of a checkpoint, from all but the newest: a
     * training that is done resumes from none of them, and their models stay.
     */
    void lighten(TrainingState newest) throws IOException {
        for (long step : run.checkpointSteps()) {
            if (step != newest.step()) {
                Files.deleteIfExists(run.checkpoint(step).resolve(OPTIMIZER));
            }
        }
    }

    /** The last checkpoint, if there is one. */
    Optional<Path> last() throws IOException {
        return run.lastCheckpoint();
    }

    /**
     * Gives network and optimizer the values of a checkpoint.
     *
     * @return its state
     * @throws IOException if the checkpoint is not whole, which no kill can bring about
     */
    static TrainingState restore(Path checkpoint, Network network, AdamW optimizer)
            throws IOException {
        try {
            TrainingState state = TrainingState.read(checkpoint);
            network.restore(checkpoint);
            optimizer.load(checkpoint.resolve(OPTIMIZER), state.updates());
            return state;
        } catch (IOException e) {
            throw new IOException(
                    "%s cannot be taken up (%s); without this folder the run goes on from before it"
                            .formatted(checkpoint, reason(checkpoint, e)),
                    e);
        }
    }

    private static String reason(Path checkpoint, IOException failure) {
        return failure instanceof NoSuchFileException missing && missing.getReason() == null
                ? "it has no " + checkpoint.relativize(Path.of(missing.getFile()))
                : failure.getMessage();
    }
}
