package org.diagonal.plugin.finetune;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.diagonal.plugin.network.Loss;
import org.diagonal.plugin.network.Network;

/** Keeps a training in a run's folder. */
final class KeptInFolder extends Keeping {

    private final RunFolder run;
    private final ModelWriter writer;
    private final Optional<Instant> started;
    private Optional<Events> events = Optional.empty();
    private TrainingSettings settings;
    private Checkpoints checkpoints;
    private Metrics metrics;

    KeptInFolder(RunFolder run, ModelWriter writer, Optional<Instant> started) {
        this.run = run;
        this.writer = writer;
        this.started = started;
    }

    @Override
    Network network() {
        return writer.network();
    }

    @Override
    TrainingState begin(TrainingSettings settings, AdamW optimizer, TrainingListener listener)
            throws IOException {
        this.settings = settings;
        checkpoints = new Checkpoints(run, settings);
        TrainingState state = TrainingState.START;
        Optional<Path> last = checkpoints.last();
        if (last.isPresent()) {
            state = Checkpoints.restore(last.get(), network(), optimizer);
            listener.resumed(state.step(), last.get());
        }
        boolean perplexity = network().loss() == Loss.NATS;
        long written = state.awaited().isPresent() ? state.step() - 1 : state.step();
        metrics = Metrics.open(run.metrics(), written, perplexity);
        if (started.isPresent()) {
            events = Optional.of(Events.make(run.path(), started.get()));
        }
        return state;
    }

    @Override
    void stepped(TrainingStep step) throws IOException {
        Map<String, String> row = metrics.append(step);
        if (events.isPresent()) {
            events.get().append(row);
        }
    }

    @Override
    void keep(TrainingState state, boolean interrupted, AdamW optimizer, TrainingListener listener)
            throws IOException {
        if (!interrupted && !checkpoints.isPlanned(state)) {
            return;
        }
        if (!optimizer.isFinite()) { // what cannot be read again must not replace what can
            throw new TrainingDivergedException(
                    "a weight is not finite after step " + state.step(), remains());
        }
        metrics.sync();
        listener.saved(checkpoints.save(standing(state), writer, optimizer));
    }

    @Override
    String remains() throws IOException {
        return checkpoints
                .last()
                .map(path -> "the last checkpoint is " + path)
                .orElse("no checkpoint was due yet");
    }

    /**
     * Writes the final model into the run's folder, and the best on validation to {@code best/};
     * without validation, the final model is the best that is known.
     */
    @Override
    void finish(TrainingState state) throws IOException {
        metrics.sync();
        checkpoints.prune(state); // the last save may have been cut off by a kill
        writer.write(run.path(), standing(state));
        if (state.bestStep() == 0) {
            RunFolder.replace(run.best(), folder -> writer.write(folder, standing(state)));
            return;
        }
        Path source = run.checkpoint(state.bestStep());
        RunFolder.replace(run.best(), folder -> writeBest(source, folder));
        network().restore(run.checkpoint(state.step()));
    }

    /** Writes the model of a checkpoint; the network holds the checkpoint's values afterwards. */
    private void writeBest(Path checkpoint, Path folder) throws IOException {
        network().restore(checkpoint);
        writer.write(folder, standing(TrainingState.read(checkpoint)));
    }

    private Standing standing(TrainingState state) {
        return new Standing(state, settings.maxSteps(), metrics.validLoss(state.step()));
    }

    @Override
    public void close() {}
}
