package org.diagonal.plugin.finetune;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.diagonal.plugin.checkpoint.AtomicFiles;
import org.diagonal.plugin.checkpoint.TensorType;
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

    private static final String OPTIMIZER = "optimizer.safetensors";

    private final Gpt2 network;
    private final ModelWriter writer;
    private final Examples train;
    private final Optional<Examples> valid;
    private final TrainingSettings settings;
    private final RunFolder run;
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
            Optional<Path> last = run.lastCheckpoint();
            if (last.isPresent()) {
                resume(last.get(), stepper.optimizer());
            }
            return loop(stepper);
        }
    }

    private void resume(Path checkpoint, AdamW optimizer) throws IOException {
        state = TrainingState.read(checkpoint);
        ModelFolder.restore(network, checkpoint);
        optimizer.load(checkpoint.resolve(OPTIMIZER), state.updates());
        listener.resumed(state.step(), checkpoint);
    }

    private TrainingResult loop(Stepper stepper) throws IOException {
        Metrics metrics = Metrics.open(run.metrics(), state.step());
        while (state.step() < settings.maxSteps() && !exhausted()) {
            TrainingStep step = step(stepper);
            boolean last = state.step() == settings.maxSteps();
            boolean improved = false;
            if (valid.isPresent() && (last || isDue(settings.evalEvery()))) {
                double loss = evaluate(stepper.store(), valid.get());
                state = state.afterEvaluation(loss);
                improved = state.bestStep() == state.step();
                step = step.withValidLoss(loss);
            }
            metrics.append(step);
            listener.stepped(step, settings.maxSteps());
            boolean interrupted = stop.getAsBoolean();
            // A step that was skipped is no place to go on from: its cause may be in the weights.
            boolean due = isDue(settings.saveEvery()) && state.skipped() == 0;
            if (last || interrupted || improved || exhausted() || due) {
                save(stepper.optimizer());
            }
            if (interrupted && !last && !exhausted()) {
                return result(TrainingResult.Outcome.INTERRUPTED);
            }
        }
        finish();
        return result(
                state.step() < settings.maxSteps()
                        ? TrainingResult.Outcome.STOPPED_EARLY
                        : TrainingResult.Outcome.FINISHED);
    }

    private boolean isDue(long every) {
        return every > 0 && state.step() % every == 0;
    }

    private boolean exhausted() {
        return settings.patience() > 0 && state.evaluationsSinceBest() >= settings.patience();
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
            String saved =
                    run.lastCheckpoint()
                            .map(path -> "the last checkpoint is " + path)
                            .orElse("no checkpoint was due yet");
            throw new TrainingDivergedException(
                    state.step() - PATIENCE_WITH_NAN + 1, state.step(), saved);
        }
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
        Path target = run.checkpoint(state.step());
        if (!Files.exists(target)) {
            Files.createDirectories(target.getParent());
            AtomicFiles.writeFolder(
                    target,
                    folder -> {
                        writer.write(folder, TensorType.F32);
                        optimizer.save(folder.resolve(OPTIMIZER));
                        AtomicFiles.writeString(folder.resolve(TrainingState.FILE), state.json());
                    });
            listener.saved(target);
        }
        run.prune(settings.keep(), best());
    }

    private OptionalLong best() {
        return state.bestStep() > 0 ? OptionalLong.of(state.bestStep()) : OptionalLong.empty();
    }

    /** Writes the best model to {@code best/} and the final one into the run's folder. */
    private void finish() throws IOException {
        writer.write(run.path());
        if (best().isPresent()) {
            Path source = run.checkpoint(state.bestStep());
            run.replace("best", folder -> writeBest(source, folder));
            ModelFolder.restore(network, run.checkpoint(state.step()));
        }
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
