package org.diagonal.plugin.run;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.diagonal.plugin.finetune.AdamW;
import org.diagonal.plugin.finetune.Checkpointer;
import org.diagonal.plugin.finetune.Standing;
import org.diagonal.plugin.finetune.TrainingDivergedException;
import org.diagonal.plugin.finetune.TrainingListener;
import org.diagonal.plugin.finetune.TrainingSettings;
import org.diagonal.plugin.finetune.TrainingState;
import org.diagonal.plugin.finetune.TrainingStep;
import org.diagonal.plugin.network.Loss;
import org.diagonal.plugin.network.Network;

/** Keeps a training in a run's folder. */
public final class FolderCheckpointer implements Checkpointer {

    /** The most work that a kill may cost, however long an epoch is. */
    private static final Duration MOST = Duration.ofMinutes(10);

    /**
     * How many points, besides evaluations, the curves of the scalings have at most, however long a
     * training is.
     */
    private static final int POINTS = 100;

    private final RunFolder run;
    private final ModelWriter writer;
    private final Duration most;
    private long savedNanos;
    private final Optional<Instant> started;
    private Optional<Events> events = Optional.empty();
    private TrainingSettings settings;
    private Checkpoints checkpoints;
    private Metrics metrics;
    private ScalingsLog scalings;

    private FolderCheckpointer(
            RunFolder run, ModelWriter writer, Optional<Instant> started, Duration most) {
        this.run = run;
        this.writer = writer;
        this.started = started;
        this.most = most;
    }

    /**
     * Metrics, checkpoints, the final model and the best one as files. Besides the checkpoints that
     * the settings plan, one is written whenever the last is ten minutes old; it goes with the
     * next.
     *
     * @param run stays open
     * @param writer the network and what belongs into its folder
     */
    public static Checkpointer in(RunFolder run, ModelWriter writer) {
        return in(run, writer, MOST);
    }

    /** The same with another time between checkpoints. */
    static Checkpointer in(RunFolder run, ModelWriter writer, Duration most) {
        return new FolderCheckpointer(run, writer, Optional.empty(), most);
    }

    /**
     * The same, and the metrics as {@link Events} for TensorBoard too.
     *
     * @param started when the run was begun
     */
    public static Checkpointer withEvents(RunFolder run, ModelWriter writer, Instant started) {
        return new FolderCheckpointer(run, writer, Optional.of(started), MOST);
    }

    @Override
    public Network network() {
        return writer.network();
    }

    @Override
    public TrainingState begin(
            TrainingSettings settings, AdamW optimizer, TrainingListener listener)
            throws IOException {
        this.settings = settings;
        savedNanos = System.nanoTime();
        checkpoints = new Checkpoints(run, settings);
        TrainingState state = TrainingState.START;
        long written = -1;
        Optional<Path> last = checkpoints.last();
        if (last.isPresent()) {
            state = Checkpoints.restore(last.get(), network(), optimizer);
            listener.resumed(state.step(), last.get());
            written = state.awaited().isPresent() ? state.step() - 1 : state.step();
        }
        boolean perplexity = network().loss() == Loss.NATS;
        metrics = Metrics.open(run.metrics(), written, perplexity);
        scalings = ScalingsLog.open(run.scalings(), written, network());
        if (last.isEmpty()) {
            scalings.append(0);
        }
        if (started.isPresent()) {
            events = Optional.of(Events.make(run.path(), started.get()));
        }
        return state;
    }

    @Override
    public void began(double validLoss) throws IOException {
        append(metrics.begin(validLoss));
    }

    @Override
    public void stepped(TrainingStep step) throws IOException {
        append(metrics.append(step));
    }

    private void append(Map<String, String> row) throws IOException {
        if (events.isPresent()) {
            events.get().append(row);
        }
    }

    @Override
    public void keep(
            TrainingState state, boolean interrupted, AdamW optimizer, TrainingListener listener)
            throws IOException {
        if (isLogged(state)) {
            scalings.append(state.step());
        }
        if (!interrupted && !checkpoints.isPlanned(state) && !isOverdue(state)) {
            return;
        }
        if (!optimizer.isFinite()) { // what cannot be read again must not replace what can
            throw new TrainingDivergedException(
                    "a weight is not finite after step " + state.step(), remains());
        }
        sync();
        listener.saved(checkpoints.save(standing(state), writer, optimizer));
        savedNanos = System.nanoTime();
    }

    private void sync() throws IOException {
        metrics.sync();
        scalings.sync();
    }

    /**
     * Whether a step's scalings are kept: about every hundredth of the training, with every
     * evaluation, and with every checkpoint that the settings plan. An interruption adds none, so
     * that the file does not show it.
     */
    private boolean isLogged(TrainingState state) {
        long every = Math.max(1, (settings.maxSteps() + POINTS - 1) / POINTS);
        return state.awaited().isEmpty()
                && (state.step() % every == 0
                        || metrics.validLoss(state.step()).isPresent()
                        || checkpoints.isPlanned(state));
    }

    /** A step that was skipped is no place to go on from. */
    private boolean isOverdue(TrainingState state) {
        boolean sound = state.awaited().isEmpty() && state.skipped() == 0;
        return sound && System.nanoTime() - savedNanos >= most.toNanos();
    }

    @Override
    public String remains() throws IOException {
        return checkpoints
                .last()
                .map(path -> "the last checkpoint is " + path)
                .orElse("no checkpoint was due yet");
    }

    /**
     * Writes the model that is best on validation into the run's folder, and the last one to {@code
     * last/}; without validation, the last is the best that is known.
     */
    @Override
    public void finish(TrainingState state) throws IOException {
        sync();
        checkpoints.prune(state); // the last save may have been cut off by a kill
        checkpoints.lighten(state);
        RunFolder.replace(run.last(), folder -> writer.write(folder, standing(state)));
        if (state.bestStep() == 0 || state.bestStep() == state.step()) {
            writer.write(run.path(), standing(state));
            return;
        }
        Path best = run.checkpoint(state.bestStep());
        network().restore(best);
        writer.write(run.path(), standing(TrainingState.read(best)));
        network().restore(run.checkpoint(state.step()));
    }

    private Standing standing(TrainingState state) {
        return new Standing(state, settings.maxSteps(), metrics.validLoss(state.step()));
    }

    @Override
    public void close() {}
}
