package org.diagonal.plugin.finetune;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.diagonal.plugin.gpt2.Gpt2;
import org.diagonal.plugin.gpt2.ModelFolder;
import org.diagonal.plugin.identity.Circuit;

/**
 * The step loop: forward, backward, clip, update, evaluate, save, for as many steps as were asked
 * for.
 *
 * <p>Every random choice is a function of the seed and the step, so a run that is killed at any
 * moment and started again ends with the same bytes as one that was not. One training at a time in
 * a process: the engine collects gradients once.
 */
public final class FineTuner {

    /** A loss that is not finite this often in a row ends the training. */
    private static final int PATIENCE_WITH_NAN = 3;

    private final Gpt2 network;
    private final ModelWriter writer;
    private final Examples train;
    private final Optional<Examples> valid;
    private final TrainingSettings settings;
    private final RunFolder run;
    private final Checkpoints checkpoints;
    private final TrainingListener listener;
    private final BooleanSupplier stop;
    private TrainingState state = TrainingState.START;

    /**
     * A training that has not begun.
     *
     * @param writer the network and what belongs into its folder
     * @param train what it is trained on
     * @param valid what it is evaluated on while training, if anything
     * @param settings everything that decides the bits
     * @param run where it writes; stays open
     * @param listener is told of each step
     * @param stop asked after each step; true saves a checkpoint and ends
     */
    public FineTuner(
            ModelWriter writer,
            Examples train,
            Optional<Examples> valid,
            TrainingSettings settings,
            RunFolder run,
            TrainingListener listener,
            BooleanSupplier stop) {
        this.network = writer.network();
        this.writer = writer;
        this.train = train;
        this.valid = valid;
        this.settings = settings;
        this.run = run;
        this.checkpoints = new Checkpoints(run, settings);
        this.listener = listener;
        this.stop = stop;
        if (train.count() == 0) {
            throw new IllegalArgumentException("there is no example to train on");
        }
    }

    /** Parameters that a training moves, by name. */
    public static Map<String, Parameter> trainable(Gpt2 network, TrainingSettings.Trained trained) {
        Map<String, Parameter> moving = new LinkedHashMap<>();
        network.parameters()
                .forEach(
                        (name, parameter) -> {
                            if (trained == TrainingSettings.Trained.ALL
                                    || Circuit.isScaling(name)) {
                                moving.put(name, parameter);
                            }
                        });
        return moving;
    }

    /**
     * Trains from the beginning, or from the run's last checkpoint.
     *
     * @throws IOException if something cannot be written; what was saved before stays whole
     * @throws TrainingDivergedException if the loss stays not finite
     */
    public TrainingResult train() throws IOException {
        try (Stepper stepper = new Stepper(network, train, settings)) {
            Optional<Path> last = checkpoints.last();
            if (last.isPresent()) {
                state = Checkpoints.restore(last.get(), network, stepper.optimizer());
                listener.resumed(state.step(), last.get());
            }
            return loop(stepper);
        }
    }

    private TrainingResult loop(Stepper stepper) throws IOException {
        Metrics metrics = Metrics.open(run.metrics(), state.step());
        while (!isDone()) {
            TrainingStep step = step(stepper);
            if (valid.isPresent() && isEvaluated(state.step())) {
                double loss = evaluate(stepper.store(), valid.get());
                state = state.afterEvaluation(loss);
                step = step.withValidLoss(loss);
            }
            metrics.append(step);
            listener.stepped(step, settings.maxSteps());
            boolean interrupted = stop.getAsBoolean();
            if (interrupted || checkpoints.isPlanned(state)) {
                save(stepper.optimizer());
            }
            if (interrupted && !isDone()) {
                return result(TrainingResult.Outcome.INTERRUPTED);
            }
        }
        checkpoints.prune(state); // the last save may have been cut off by a kill
        finish();
        return result(
                state.step() < settings.maxSteps()
                        ? TrainingResult.Outcome.STOPPED_EARLY
                        : TrainingResult.Outcome.FINISHED);
    }

    private boolean isDone() {
        return state.step() >= settings.maxSteps() || state.isExhausted(settings.patience());
    }

    private boolean isEvaluated(long step) {
        boolean due = settings.evalEvery() > 0 && step % settings.evalEvery() == 0;
        return due || step == settings.maxSteps();
    }

    private TrainingStep step(Stepper stepper) throws IOException {
        Stepper.Outcome outcome = stepper.step(state.step());
        state = state.afterStep(outcome.finite(), outcome.tokens());
        if (!outcome.finite()) {
            skipped(outcome.loss(), outcome.gradNorm());
        }
        return new TrainingStep(
                state.step(),
                state.step() / (double) settings.stepsPerEpoch(train.count()),
                state.tokens(),
                outcome.lr(),
                outcome.loss(),
                outcome.gradNorm(),
                OptionalDouble.empty(),
                outcome.tokens() / outcome.seconds());
    }

    private void skipped(double loss, double norm) throws IOException {
        listener.skipped(state.step(), loss, norm);
        if (state.skipped() >= PATIENCE_WITH_NAN) {
            throw diverged(
                    "the loss was not finite in steps %d to %d"
                            .formatted(state.step() - PATIENCE_WITH_NAN + 1, state.step()));
        }
    }

    private TrainingDivergedException diverged(String what) throws IOException {
        return new TrainingDivergedException(
                what,
                checkpoints
                        .last()
                        .map(path -> "the last checkpoint is " + path)
                        .orElse("no checkpoint was due yet"));
    }

    /** Nats per target over all examples, without dropout. */
    double evaluate(ParameterStore store, Examples examples) {
        double nats = 0;
        long targets = 0;
        for (int from = 0; from < examples.count(); from += settings.batchSize()) {
            int to = Math.min(from + settings.batchSize(), examples.count());
            int[] batch = IntStream.range(from, to).toArray();
            try (NDManager step = store.getManager().newSubManager()) {
                NDList arrays = examples.batch(step, batch);
                for (float value :
                        network.nats(store, arrays.get(0), arrays.get(1)).toFloatArray()) {
                    nats += value;
                    targets++;
                }
            }
        }
        return nats / targets;
    }

    private void save(AdamW optimizer) throws IOException {
        if (!optimizer.isFinite()) { // what cannot be read again must not replace what can
            throw diverged("a weight is not finite after step " + state.step());
        }
        listener.saved(checkpoints.save(state, writer, optimizer));
    }

    private OptionalLong best() {
        return state.bestStep() > 0 ? OptionalLong.of(state.bestStep()) : OptionalLong.empty();
    }

    /**
     * Writes the final model into the run's folder, and the best on validation to {@code best/};
     * without validation, the final model is the best that is known.
     */
    private void finish() throws IOException {
        writer.write(run.path());
        if (best().isEmpty()) {
            run.replace("best", writer::write);
            return;
        }
        Path source = run.checkpoint(state.bestStep());
        run.replace("best", folder -> writeBest(source, folder));
        ModelFolder.restore(network, run.checkpoint(state.step()));
    }

    /** Writes the model of a checkpoint; the network holds the checkpoint's values afterwards. */
    private void writeBest(Path checkpoint, Path folder) throws IOException {
        ModelFolder.restore(network, checkpoint);
        writer.write(folder);
    }

    private TrainingResult result(TrainingResult.Outcome outcome) {
        return new TrainingResult(
                outcome,
                state.step(),
                state.tokens(),
                best(),
                state.bestLoss() == null
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(state.bestLoss()));
    }
}
