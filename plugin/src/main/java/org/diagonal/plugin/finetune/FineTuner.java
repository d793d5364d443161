package org.diagonal.plugin.finetune;

import ai.djl.nn.Parameter;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.diagonal.plugin.network.Network;

/**
 * The step loop: forward, backward, clip, update, evaluate, save, for as many steps as were asked
 * for. The network is evaluated before its first step, too, so that it can be seen what the
 * training did; that evaluation is not a candidate for the best.
 *
 * <p>Every random choice is a function of the seed and the step, so a run that is killed at any
 * moment and started again ends with the same bytes as one that was not. One training at a time in
 * a process: the engine collects gradients once.
 */
public final class FineTuner {

    /** A loss that is not finite this often in a row ends the training. */
    private static final int PATIENCE_WITH_NAN = 3;

    private final Network network;
    private final Checkpointer keeping;
    private final Examples train;
    private final Optional<Examples> valid;
    private final TrainingSettings settings;
    private final TrainingListener listener;
    private final BooleanSupplier stop;
    private TrainingState state = TrainingState.START;

    /**
     * A training that has not begun.
     *
     * @param keeping the network, and where the training keeps what it finds
     * @param train what it is trained on
     * @param valid what it is evaluated on while training, if anything
     * @param settings everything that decides the bits
     * @param listener is told of each step
     * @param stop asked after each step and each batch of an evaluation; true keeps what is there
     *     and ends
     */
    public FineTuner(
            Checkpointer keeping,
            Examples train,
            Optional<Examples> valid,
            TrainingSettings settings,
            TrainingListener listener,
            BooleanSupplier stop) {
        this.network = keeping.network();
        this.keeping = keeping;
        this.train = train;
        this.valid = valid;
        this.settings = settings;
        this.listener = listener;
        this.stop = stop;
        if (train.count() == 0) {
            throw new IllegalArgumentException("there is no example to train on");
        }
    }

    /** Parameters that a training moves, by name. */
    public static Map<String, Parameter> trainable(
            Network network, TrainingSettings.Trained trained) {
        Map<String, Parameter> moving = new LinkedHashMap<>(network.parameters());
        Set<String> named = new HashSet<>(network.scalings());
        switch (trained) {
            case ALL -> named.addAll(moving.keySet());
            case SCALINGS -> {}
            case SCALINGS_AND_HEAD -> named.addAll(network.head());
        }
        named.removeAll(network.still());
        moving.keySet().retainAll(named);
        return moving;
    }

    /**
     * Trains from the beginning, or from where a kept training stopped. It trains once: what only
     * the training needed is freed afterwards.
     *
     * @throws IOException if something cannot be written; what was saved before stays whole
     * @throws TrainingDivergedException if the loss stays not finite
     */
    public TrainingResult train() throws IOException {
        try (Checkpointer kept = keeping;
                Stepper stepper = new Stepper(network, train, settings)) {
            state = kept.begin(settings, stepper.optimizer(), listener);
            return loop(stepper);
        }
    }

    private TrainingResult loop(Stepper stepper) throws IOException {
        if (state.step() == 0 && valid.isPresent()) {
            OptionalDouble before = evaluate(valid.get());
            if (before.isEmpty()) {
                return result(TrainingResult.Outcome.INTERRUPTED); // nothing to keep yet
            }
            keeping.began(before.getAsDouble());
            listener.began(before.getAsDouble());
        }
        while (!isDone()) {
            Optional<TrainingStep> awaited = state.awaited();
            TrainingStep step = awaited.isPresent() ? awaited.get() : step(stepper);
            if (valid.isPresent() && isEvaluated(state.step())) {
                OptionalDouble loss = evaluate(valid.get());
                if (loss.isEmpty()) {
                    state = state.awaitingEvaluation(step);
                    keeping.keep(state, true, stepper.optimizer(), listener);
                    return result(TrainingResult.Outcome.INTERRUPTED);
                }
                state = state.afterEvaluation(loss.getAsDouble());
                step = step.withValidLoss(loss.getAsDouble());
            }
            keeping.stepped(step);
            listener.stepped(step, settings.maxSteps());
            boolean interrupted = stop.getAsBoolean();
            keeping.keep(state, interrupted, stepper.optimizer(), listener);
            if (interrupted && !isDone()) {
                return result(TrainingResult.Outcome.INTERRUPTED);
            }
        }
        keeping.finish(state);
        network.prepare(settings.precision()); // of the best values
        return result(
                state.step() < settings.maxSteps()
                        ? TrainingResult.Outcome.STOPPED_EARLY
                        : TrainingResult.Outcome.FINISHED);
    }

    private boolean isDone() {
        boolean ended =
                state.step() >= settings.maxSteps() || state.isExhausted(settings.patience());
        return ended && state.awaited().isEmpty();
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
            throw new TrainingDivergedException(
                    "the loss was not finite in steps %d to %d"
                            .formatted(state.step() - PATIENCE_WITH_NAN + 1, state.step()),
                    keeping.remains());
        }
    }

    private OptionalDouble evaluate(Examples examples) {
        network.prepare(settings.precision());
        return Evaluation.loss(network, examples, settings.batchSize(), stop);
    }

    private OptionalLong best() {
        return state.bestStep() > 0 ? OptionalLong.of(state.bestStep()) : OptionalLong.empty();
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
