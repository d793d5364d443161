package org.diagonal.eval.train;

import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.diagonal.eval.source.Notice;
import org.diagonal.eval.source.Setting;
import org.diagonal.eval.source.SettingException;
import org.diagonal.eval.source.Workplace;
import org.diagonal.plugin.checkpoint.TensorType;
import org.diagonal.plugin.control.Controls;
import org.diagonal.plugin.finetune.FineTuner;
import org.diagonal.plugin.finetune.TrainingSettings;
import org.diagonal.plugin.gpt2.Gpt2;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.identity.Adapter;
import org.diagonal.plugin.network.Network;
import org.diagonal.plugin.run.Events;
import org.diagonal.plugin.run.RunFolder;
import org.diagonal.plugin.tokenizer.ModelTokenizer;

/**
 * One training: a model, something to learn, a run folder.
 *
 * @param start what it begins with
 * @param data what it learns from
 * @param scalings which scalings the network gets beside the model's
 * @param dropout everywhere; empty for the model's own
 * @param plan how to train
 * @param dtype element type of the saved models
 * @param resume whether to go on with an interrupted run
 * @param tensorboard whether the run folder gets its curves as {@link Events}, too; where it has
 *     them already they go on
 */
public record TrainingJob(
        Start start,
        TrainingData data,
        ScalingsRequest scalings,
        Optional<Double> dropout,
        TrainingPlan plan,
        TensorType dtype,
        boolean resume,
        boolean tensorboard) {

    /** The same job for another arm and seed. */
    public TrainingJob with(ScalingsRequest other, long seed) {
        return new TrainingJob(
                start, data, other, dropout, plan.withSeed(seed), dtype, resume, tensorboard);
    }

    /** The network's configuration. */
    public Gpt2Config config() {
        Gpt2Config scaled =
                start.config().withScalings(scalings.addedTo(start.config().scalings()));
        return data.fit(dropout.map(scaled::withDropout).orElse(scaled));
    }

    /**
     * Trains, or goes on with a training, or reads the result of one that has ended. A signal to
     * end the process while it trains saves a checkpoint first.
     *
     * @param out the run's folder; made when all that can be checked before was
     * @return empty if the process was asked to end
     */
    public Optional<TrainedRun> run(Workplace place, Path out) throws IOException {
        return run(place, out, unused());
    }

    /**
     * The same, saying this of options without effect: an option that has none on one of several
     * trainings may have one on another.
     */
    public Optional<TrainedRun> run(Workplace place, Path out, List<Notice> unused)
            throws IOException {
        Gpt2Config config = config();
        requireTrainable(config);
        RunFolder.require(out);
        Optional<ModelTokenizer> tokenizer = data.tokenizer(start);
        try {
            TrainingData.Lesson lesson = data.lesson(place, config, tokenizer);
            TrainingSettings settings = plan.settings(lesson.train().count(), hasNewHead(config));
            ObjectNode record = record(settings, config, lesson);
            FolderTraining training =
                    new FolderTraining(
                            this, place, out, record, config, settings, tokenizer, lesson);
            if (training.isFinished()) {
                return Optional.of(TrainedRun.read(out));
            }
            unused.forEach(place.reporter()::note);
            notes(config).forEach(place.reporter()::note);
            return training.run();
        } finally {
            tokenizer.ifPresent(ModelTokenizer::close);
        }
    }

    /**
     * What the training would take: loads everything, and does two steps and a batch of an
     * evaluation. Nothing is written but token ids in the cache.
     *
     * @param out where the run would go
     */
    public Forecast forecast(Workplace place, Path out) throws IOException {
        Gpt2Config config = config();
        requireTrainable(config);
        RunFolder.require(out);
        Optional<ModelTokenizer> tokenizer = data.tokenizer(start);
        try (NDManager manager = place.manager()) {
            TrainingData.Lesson lesson = data.lesson(place, config, tokenizer);
            TrainingSettings settings = plan.settings(lesson.train().count(), hasNewHead(config));
            Network network = network(config, settings, manager);
            return Measured.forecast(network, lesson, settings, out);
        } finally {
            tokenizer.ifPresent(ModelTokenizer::close);
        }
    }

    /** The network with its first values, and with the control that was asked for. */
    Network network(Gpt2Config config, TrainingSettings settings, NDManager manager)
            throws IOException {
        Gpt2 network = start.network(config, settings.seed(), manager);
        return Controls.on(scalings.arm().control(), network, settings.seed());
    }

    /** Whether a training of scalings alone would move nothing. */
    public boolean movesNothing() {
        return plan.settings().trained() == TrainingSettings.Trained.SCALINGS
                && !scalings.hasNumbers()
                && !scalings.movesScalings(start.config().scalings());
    }

    /**
     * Refuses to train scalings where there are none.
     *
     * @throws IllegalArgumentException naming the option
     */
    void requireTrainable(Gpt2Config config) {
        if (movesNothing()) {
            throw new SettingException(
                    "training the scalings alone needs scalings, and this network has none",
                    Setting.TRAIN,
                    Setting.SCALINGS);
        }
    }

    /** Whether the model's own head gives way to one for real labels. */
    private boolean hasNewHead(Gpt2Config config) {
        return config.regression() && !start.config().regression();
    }

    /** What a user might not expect of what he asked for. */
    private List<String> notes(Gpt2Config config) {
        List<String> notes = new ArrayList<>();
        scalings.staying(start.config().scalings(), start.name()).ifPresent(notes::add);
        if (plan.settings().trained() == TrainingSettings.Trained.SCALINGS && hasNewHead(config)) {
            notes.add(
                    "the new head for real labels is trained with the scalings, so that there is no"
                            + " adapter of scalings alone");
        }
        if (plan.settings().trained() == TrainingSettings.Trained.SCALINGS && start.hasLora()) {
            notes.add(
                    "the model's LoRA is in its weights, so that there is no adapter of what is trained"
                            + " now: the run's model holds both");
        }
        return notes;
    }

    /** Says which options have no effect. */
    public List<Notice> unused() {
        List<Notice> unused = scalings.unused();
        boolean rates = plan.settings().scalingsLr() != plan.settings().lr();
        if (rates && config().scalings().isNone() && !scalings.hasNumbers()) {
            unused.add(
                    Notice.of(
                            "the scalings' learning rate has no effect: the network has no"
                                    + " scalings",
                            Setting.SCALINGS_LR));
        }
        if (!data.validates() && (plan.settings().patience() > 0 || plan.evalEvery().isPresent())) {
            unused.add(
                    Notice.of(
                            "patience and the steps between evaluations have no effect: there is"
                                    + " no validation text",
                            Setting.PATIENCE,
                            Setting.EVAL_EVERY,
                            Setting.VALID_DATA));
        }
        return unused;
    }

    private ObjectNode record(
            TrainingSettings settings, Gpt2Config config, TrainingData.Lesson lesson)
            throws IOException {
        return RunRecord.settings(
                RunRecord.Beginning.of(start),
                lesson.record(),
                RunRecord.Trained.of(config, scalings.arm(), dtype),
                settings);
    }

    /** What it is called while it runs: after its scalings, or the control in their place. */
    String title(Gpt2Config config) {
        if (scalings.arm().control().isPresent()) {
            return scalings.arm().toString();
        }
        return config.scalings().isNone() ? "plain" : config.scalings().arm().toString();
    }

    /** How many numbers a training moves. */
    static long numbers(Network network, TrainingSettings.Trained trained) {
        return numbers(FineTuner.trainable(network, trained));
    }

    /** How many numbers parameters have together. */
    static long numbers(Map<String, Parameter> parameters) {
        return parameters.values().stream()
                .mapToLong(parameter -> parameter.getShape().size())
                .sum();
    }

    /** What is saved beside the model, if the scalings alone, or LoRA, moved. */
    Optional<Adapter> adapter(TrainingSettings settings, Gpt2Config config) throws IOException {
        boolean onlyScalings = settings.trained() == TrainingSettings.Trained.SCALINGS;
        if (!onlyScalings || start.random() || start.hasLora()) {
            return Optional.empty();
        }
        String base = start.model().orElseThrow().lasting();
        return scalings.adapter(base, start.sha256(), start.config().scalings(), config.scalings());
    }
}
