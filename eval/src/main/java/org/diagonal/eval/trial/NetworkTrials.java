package org.diagonal.eval.trial;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.diagonal.eval.measure.MeasuredModel;
import org.diagonal.eval.measure.accuracy.TaskScores;
import org.diagonal.eval.source.Workplace;
import org.diagonal.eval.task.SampleExamples;
import org.diagonal.plugin.finetune.Checkpointer;
import org.diagonal.plugin.finetune.Examples;
import org.diagonal.plugin.finetune.FineTuner;
import org.diagonal.plugin.finetune.Schedule;
import org.diagonal.plugin.finetune.TrainingDivergedException;
import org.diagonal.plugin.finetune.TrainingListener;
import org.diagonal.plugin.finetune.TrainingResult;
import org.diagonal.plugin.finetune.TrainingSettings;
import org.diagonal.plugin.kernels.Denormals;
import org.diagonal.plugin.network.Network;
import org.diagonal.templates.alphabet.Alphabets;
import org.diagonal.templates.alphabet.Role;
import org.diagonal.templates.alphabet.Samples;

/** Trains networks on template tasks, each in memory alone, and measures their best epoch. */
public final class NetworkTrials implements TrialRunner {

    /** Where trials run; opening it loads the engine. */
    @FunctionalInterface
    public interface Opening {
        Workplace open() throws IOException;
    }

    private final Opening opening;
    private final Optional<KeptNetworks> kept;
    private Optional<Workplace> opened = Optional.empty();

    /**
     * Trials that have not begun, and perhaps keep their networks.
     *
     * @param opening is called before the first
     * @param kept where networks are kept, and which are kept already: their trials are not run
     *     again
     */
    public NetworkTrials(Opening opening, Optional<KeptNetworks> kept) {
        this.opening = opening;
        this.kept = kept;
    }

    @Override
    public Optional<TrialResult> run(Trial trial, BooleanSupplier stop) throws IOException {
        if (kept.isPresent()) {
            Optional<TrialResult> before = kept.get().result(trial);
            if (before.isPresent()) {
                return before;
            }
        }
        if (opened.isEmpty()) {
            opened = Optional.of(opening.open());
        }
        Workplace place = opened.get();
        long begin = System.nanoTime();
        Denormals flushed = Denormals.flushed();
        try (NDManager manager = place.manager()) {
            return run(place, trial, stop, manager, begin);
        } catch (TrainingDivergedException e) {
            throw e.of(trial.words() + ", lr " + trial.training().lr());
        } finally {
            flushed.close();
        }
    }

    private Optional<TrialResult> run(
            Workplace place, Trial trial, BooleanSupplier stop, NDManager manager, long begin)
            throws IOException {
        TrialNetwork learner = TrialNetwork.of(place, trial, manager);
        Alphabets alphabets = learner.alphabets();
        Samples train = Samples.draw(alphabets, Role.TRAINING, trial.n(), trial.seed());
        Samples valid =
                Samples.draw(alphabets, Role.VALIDATION, trial.samples().valid(), trial.seed());
        Network network = learner.network();
        Examples examples = SampleExamples.inMemory(manager, train);
        TrainingSettings settings = settings(trial);
        TrainingResult result =
                new FineTuner(
                                Checkpointer.inMemory(network),
                                examples,
                                Optional.of(SampleExamples.inMemory(manager, valid)),
                                settings,
                                new TrainingListener() {},
                                stop)
                        .train();
        if (result.outcome() == TrainingResult.Outcome.INTERRUPTED) {
            return Optional.empty();
        }
        TaskScores scores =
                learner.scores(
                        trial,
                        MeasuredModel.of(trial.network().name())
                                .computed(trial.training().precision()),
                        trial.samples().test(),
                        trial.seed(),
                        manager);
        TrialResult measured =
                new TrialResult(
                        Math.toIntExact(
                                result.bestStep().orElseThrow()
                                        / settings.stepsPerEpoch(examples.count())),
                        result.bestLoss().orElseThrow(),
                        OptionalDouble.of(loss(network, examples, settings.batchSize(), manager)),
                        scores.unseen(),
                        scores.seen(),
                        (System.nanoTime() - begin) / 1e9,
                        place.versions());
        return Optional.of(kept.isPresent() ? kept.get().keep(trial, measured, learner) : measured);
    }

    /** Loss per example over all examples, in the network's best epoch. */
    private static double loss(Network network, Examples examples, int atOnce, NDManager manager) {
        ParameterStore store = new ParameterStore(manager, false);
        double sum = 0;
        for (int from = 0; from < examples.count(); from += atOnce) {
            int to = Math.min(from + atOnce, examples.count());
            try (NDManager step = manager.newSubManager()) {
                NDList batch = examples.batch(step, IntStream.range(from, to).toArray());
                for (float loss :
                        network.losses(store, batch.get(0), batch.get(1)).toFloatArray()) {
                    sum += loss;
                }
            }
        }
        return sum / examples.count();
    }

    /** Adam at constant rates, evaluated after every epoch (paper, Appendix A). */
    private static TrainingSettings settings(Trial trial) {
        Trial.Training training = trial.training();
        int perEpoch = trial.stepsPerEpoch();
        return TrainingSettings.DEFAULTS
                .withBatchSize(Math.min(training.batchSize(), trial.n()))
                .withMaxSteps(Math.multiplyExact(training.epochs(), perEpoch))
                .withLr(training.lr())
                .withScalingsLr(training.scalingsLr())
                .withSchedule(Schedule.CONSTANT)
                .withWeightDecay(0)
                .withClip(0)
                .withSeed(trial.seed())
                .withShuffle(perEpoch > 1)
                .withEvalEvery(perEpoch)
                .withPrecision(training.precision());
    }
}
