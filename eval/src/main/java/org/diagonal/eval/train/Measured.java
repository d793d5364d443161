package org.diagonal.eval.train;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.diagonal.eval.report.terminal.Words;
import org.diagonal.eval.source.Notice;
import org.diagonal.eval.source.Room;
import org.diagonal.eval.source.Setting;
import org.diagonal.plugin.finetune.Evaluation;
import org.diagonal.plugin.finetune.Examples;
import org.diagonal.plugin.finetune.Stepper;
import org.diagonal.plugin.finetune.TrainingSettings;
import org.diagonal.plugin.finetune.TrainingSettings.Trained;
import org.diagonal.plugin.network.Network;

/** Measures a step, and compares what a training takes with what there is. */
final class Measured {

    private Measured() {}

    /**
     * The first of some examples.
     *
     * @param all of them
     * @param count how many are left
     */
    private record FirstExamples(Examples all, int count) implements Examples {

        @Override
        public int length(int example) {
            return all.length(example);
        }

        @Override
        public int targets(int example) {
            return all.targets(example);
        }

        @Override
        public NDList batch(NDManager manager, int[] examples) {
            return all.batch(manager, examples);
        }
    }

    /** What a training takes, judging by its first steps; they move the network. */
    static Forecast forecast(
            Network network, TrainingData.Lesson lesson, TrainingSettings settings, Path out)
            throws IOException {
        Examples train = lesson.train();
        double seconds;
        long tokens;
        try (Stepper stepper = new Stepper(network, train, settings)) {
            stepper.step(0); // the first allocates and compiles
            Stepper.Outcome outcome = stepper.step(settings.maxSteps() > 1 ? 1 : 0);
            seconds = outcome.seconds();
            tokens = outcome.tokens();
        }
        OptionalLong peak = Room.peak();
        long evaluations = 0;
        double evaluation = 0;
        if (lesson.valid().isPresent()) {
            long every = settings.evalEvery();
            evaluations = 1 + (every > 0 ? (settings.maxSteps() + every - 1) / every : 1);
            evaluation = evaluation(network, lesson.valid().get(), settings.batchSize());
        }
        long parameters = TrainingJob.numbers(network, Trained.ALL);
        long trainable = TrainingJob.numbers(network, settings.trained());
        return new Forecast(
                settings.maxSteps(),
                tokens * settings.maxSteps(),
                evaluations,
                parameters,
                trainable,
                seconds,
                evaluation,
                peak,
                Room.memory(),
                Forecast.disk(parameters, trainable, settings.keep(), lesson.valid().isPresent()),
                Room.disk(out));
    }

    private static double evaluation(Network network, Examples valid, int batchSize) {
        int batch = Math.min(batchSize, valid.count());
        long begin = System.nanoTime();
        Evaluation.loss(network, new FirstExamples(valid, batch), batch, () -> false);
        double batches = Math.ceil((double) valid.count() / batch);
        return (System.nanoTime() - begin) / 1e9 * batches;
    }

    /** What to say of a training that does not fit; empty where it does, or nobody knows. */
    static List<Notice> warnings(
            long parameters, long trainable, TrainingSettings settings, boolean validates, Path out)
            throws IOException {
        List<Notice> warnings = new ArrayList<>();
        long disk = Forecast.disk(parameters, trainable, settings.keep(), validates);
        long free = Room.disk(out);
        if (disk > free) {
            warnings.add(
                    Notice.of(
                            "the run may not fit on the disk: its folder takes up to %s, and %s are free"
                                    .formatted(Words.gigabytes(disk), Words.gigabytes(free)),
                            Setting.OUT,
                            Setting.KEEP));
        }
        long memory = Forecast.leastMemory(trainable);
        OptionalLong left = Room.memory();
        if (left.isPresent() && memory > left.getAsLong()) {
            warnings.add(
                    Notice.of(
                            "the training may not fit into memory: gradients and moments take %s, and %s are free"
                                    .formatted(
                                            Words.gigabytes(memory),
                                            Words.gigabytes(left.getAsLong())),
                            Setting.TRAIN));
        }
        return warnings;
    }
}
