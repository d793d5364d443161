package org.diagonal.eval.train;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.diagonal.eval.source.Interruption;
import org.diagonal.eval.source.Reporter;
import org.diagonal.eval.source.Setting;
import org.diagonal.eval.source.SettingException;
import org.diagonal.eval.source.Workplace;
import org.diagonal.plugin.checkpoint.OutOfRangeException;
import org.diagonal.plugin.checkpoint.SafetensorsWriter;
import org.diagonal.plugin.checkpoint.TensorType;
import org.diagonal.plugin.finetune.Checkpointer;
import org.diagonal.plugin.finetune.FineTuner;
import org.diagonal.plugin.finetune.TrainingResult;
import org.diagonal.plugin.finetune.TrainingSettings;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.kernels.Products;
import org.diagonal.plugin.network.Network;
import org.diagonal.plugin.run.Events;
import org.diagonal.plugin.run.FolderCheckpointer;
import org.diagonal.plugin.run.ModelWriter;
import org.diagonal.plugin.run.RunFolder;
import org.diagonal.plugin.tokenizer.ModelTokenizer;

/**
 * A training in the folder of its run: begins the run or goes on with it, trains, and writes what
 * comes of it.
 *
 * @param job what was asked for
 * @param place where it runs
 * @param out the run's folder
 * @param record what decides the bits of the run, for {@code run.json}
 * @param config the network's configuration
 * @param settings how it is trained
 * @param tokenizer of the model, which is saved beside it
 * @param lesson the examples
 */
record FolderTraining(
        TrainingJob job,
        Workplace place,
        Path out,
        ObjectNode record,
        Gpt2Config config,
        TrainingSettings settings,
        Optional<ModelTokenizer> tokenizer,
        TrainingData.Lesson lesson) {

    private static final String DTYPE = "dtype";

    /**
     * Whether the folder holds this very run, finished.
     *
     * @throws SettingException if the run there is another, or must not be resumed
     */
    boolean isFinished() throws IOException {
        Optional<RunRecord> before = RunRecord.find(out);
        if (before.isEmpty()) {
            return false;
        }
        boolean finished = RunFolder.isFinished(out);
        if (!job.resume() && !finished) {
            throw new SettingException(
                    out + ": holds an unfinished run, and resuming is not allowed", Setting.RESUME);
        }
        RunRecord same = finished ? before.get() : before.get().with(DTYPE, record.path(DTYPE));
        same.requireSame(out, record);
        if (finished) {
            place.reporter().note(out + " is finished already");
            Instant started = before.get().begun(out);
            if (job.tensorboard() && !Files.exists(Events.file(out, started))) {
                Events.make(out, started);
            }
        }
        return finished;
    }

    /**
     * Trains, or goes on.
     *
     * @return empty if the process was asked to end
     */
    Optional<TrainedRun> run() throws IOException {
        // The process may end as soon as the interruption is closed: so it is closed last.
        try (Interruption stop = new Interruption();
                NDManager manager = place.manager()) {
            Network network = job.network(config, settings, manager);
            requireRange(network);
            if (!RunFolder.isFinished(out)) {
                Measured.warnings(
                                TrainingJob.numbers(network, TrainingSettings.Trained.ALL),
                                TrainingJob.numbers(network, settings.trained()),
                                settings,
                                lesson.valid().isPresent(),
                                out)
                        .forEach(place.reporter()::note);
            }
            try (RunFolder run = RunFolder.open(out)) {
                if (isFinished()) { // by another process just now
                    return Optional.of(TrainedRun.read(out));
                }
                begin(run);
                ModelWriter writer =
                        new ModelWriter(
                                network,
                                tokenizer,
                                job.adapter(settings, config),
                                job.dtype(),
                                Optional.of(RunCard.of(out, config.scalings())));
                return train(run, writer, stop);
            }
        }
    }

    /** What does not fit before a training will not fit after it. */
    private void requireRange(Network network) {
        if (job.dtype() != TensorType.F16) {
            return;
        }
        network.parameters()
                .forEach(
                        (name, parameter) -> {
                            try {
                                SafetensorsWriter.requireHalves(name, parameter.getArray());
                            } catch (OutOfRangeException e) {
                                throw new SettingException(
                                        "%s: %s before the training; choose f32"
                                                .formatted(job.start().name(), e.getMessage()),
                                        e,
                                        Setting.DTYPE);
                            }
                        });
    }

    private void begin(RunFolder run) throws IOException {
        Optional<RunRecord> before = RunRecord.find(out);
        if (before.isPresent()) {
            Products.use(before.get().products(out));
            // Its weights may be wanted in another type now.
            RunRecord kept = before.get().with(DTYPE, record.path(DTYPE));
            if (!kept.equals(before.get())) {
                run.begin(kept.text());
            }
        } else {
            Origin origin = Origin.of(place.hub(), job.start(), job.data());
            run.begin(RunRecord.now(record, origin, place.versions()).text());
        }
    }

    private Optional<TrainedRun> train(RunFolder run, ModelWriter writer, BooleanSupplier stop)
            throws IOException {
        long begin = System.nanoTime();
        try (Reporter.Task reported =
                place.reporter().begin("Training " + job.title(config), settings.maxSteps())) {
            Network network = writer.network();
            TrainingResult result =
                    new FineTuner(
                                    keeping(run, writer),
                                    lesson.train(),
                                    lesson.valid(),
                                    settings,
                                    new Narration(reported, network.loss()),
                                    stop)
                            .train();
            if (result.outcome() == TrainingResult.Outcome.INTERRUPTED) {
                String again = place.reporter().again();
                reported.note(
                        result.step() == 0
                                ? "Stopped before the first step; %s starts it.".formatted(again)
                                : "Stopped after step %d of %d with a checkpoint; %s resumes there."
                                        .formatted(result.step(), settings.maxSteps(), again));
                return Optional.empty();
            }
            TrainedRun trained =
                    new TrainedRun(
                            run.path(),
                            result.outcome(),
                            result.step(),
                            result.tokens(),
                            result.bestStep(),
                            result.bestLoss(),
                            network.loss(),
                            TrainingJob.numbers(network, settings.trained()),
                            TrainingJob.numbers(network.parameters()),
                            (System.nanoTime() - begin) / 1e9);
            run.finish(trained.json());
            return Optional.of(trained);
        } catch (OutOfRangeException e) {
            throw new SettingException(
                    "%s: %s; the training is done and kept in its last checkpoint: the same command with f32 writes the model"
                            .formatted(run.path(), e.getMessage()),
                    e,
                    Setting.DTYPE);
        }
    }

    private Checkpointer keeping(RunFolder run, ModelWriter writer) throws IOException {
        Instant started = RunRecord.FORM.read(run.path()).begun(run.path());
        return job.tensorboard() || Files.exists(Events.file(run.path(), started))
                ? FolderCheckpointer.withEvents(run, writer, started)
                : FolderCheckpointer.in(run, writer);
    }
}
