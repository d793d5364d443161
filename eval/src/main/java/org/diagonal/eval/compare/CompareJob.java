package org.diagonal.eval.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.diagonal.eval.source.ModelSource;
import org.diagonal.eval.source.Workplace;
import org.diagonal.eval.train.Start;
import org.diagonal.eval.train.TrainedRun;
import org.diagonal.eval.train.TrainingFolder;
import org.diagonal.eval.train.TrainingJob;
import org.diagonal.eval.trial.SparkCluster;
import org.diagonal.plugin.files.AtomicFiles;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.identity.Arm;

/**
 * The main job: the same training with different scalings, from the same weights, on the same
 * batches, with the same seeds; then what each arm changes on the same text or strings, against the
 * first arm and against the model untouched.
 *
 * @param trainings every arm with every seed
 * @param measuring how models are measured
 * @param <E> one model's measurement
 */
public record CompareJob<E extends Record>(ArmTrainings trainings, Measuring<E> measuring) {

    /** A run's measurement, in the run's folder. */
    static final String TEST = "test.json";

    /** The measurement of the model untouched, in the comparison's folder. */
    private static final String BEFORE = "before.json";

    /**
     * Trains what is not trained yet, measures what is not measured yet, and compares. A signal to
     * end the process while an arm is trained saves a checkpoint first.
     *
     * @param out holds a run folder for each arm and seed, and {@code compare.json}
     * @return empty if the process was asked to end
     * @throws IllegalArgumentException if the arms, what is measured or the folder are not fit for
     *     it; before anything is trained
     */
    public Optional<Comparison> run(Workplace place, Path out) throws IOException {
        Map<String, String> byKey = require(place, out);
        Optional<Map<String, List<ArmTrainings.Run<E>>>> runs =
                trainings.run(place, out, trained -> measure(place, trained, byKey));
        if (runs.isEmpty()) {
            return Optional.empty();
        }
        // Last, when the runs in the folder are known to be of this very model.
        E before =
                kept(
                        out.resolve(BEFORE),
                        byKey,
                        () -> measuring.measureBefore(place, trainings.training()));
        Comparison result = comparison(place, runs.get(), before);
        ComparisonFile.write(out, result);
        return Optional.of(result);
    }

    /**
     * The same, with all trainings on a cluster that have not finished.
     *
     * @param cluster whose processes do {@link #runOne}
     */
    public Optional<Comparison> runOn(SparkCluster cluster, Workplace place, Path out)
            throws IOException {
        require(place, out);
        return new ClusterTrainings(trainings, cluster).run(out, place.reporter())
                ? run(place, out)
                : Optional.empty();
    }

    /**
     * One training with its measurement, in a process of a cluster.
     *
     * @param order arm, a space and seed
     * @return false if the process was asked to end
     */
    public boolean runOne(String order, Workplace place, Path out) throws IOException {
        String[] words = order.strip().split(" ", -1);
        if (words.length != 2 || !words[1].matches("-?\\d{1,18}")) {
            throw new IllegalArgumentException(
                    "expected an arm and a seed on stdin, found '%s'".formatted(order));
        }
        ArmTrainings.One one = new ArmTrainings.One(words[0], Long.parseLong(words[1]));
        Map<String, String> byKey = byKey(place);
        return trainings.run(place, out, one, trained -> measure(place, trained, byKey));
    }

    /** Refuses what cannot be compared in this folder; what must be the same there, by key. */
    private Map<String, String> require(Workplace place, Path out) throws IOException {
        trainings.require(out);
        Map<String, String> byKey = byKey(place);
        ComparisonFile.requireSame(out, trainings.arms().keySet(), trainings.seeds(), byKey);
        return byKey;
    }

    private Map<String, String> byKey(Workplace place) throws IOException {
        return measuring.byKey(place, trainings.training().start());
    }

    private E measure(Workplace place, TrainedRun trained, Map<String, String> byKey)
            throws IOException {
        ModelSource model =
                new ModelSource(trained.model().toString(), trained.model(), Optional.empty());
        return kept(trained.folder().resolve(TEST), byKey, () -> measuring.measure(place, model));
    }

    /** Makes a measurement. */
    @FunctionalInterface
    private interface Maker<E> {
        E make() throws IOException;
    }

    /** The measurement of an earlier call if it was made in the same way, else a new one. */
    private E kept(Path file, Map<String, String> byKey, Maker<E> maker) throws IOException {
        if (Files.exists(file)) {
            E earlier = measuring.form().readFile(file);
            if (measuring.isSame(earlier, byKey)) {
                return earlier;
            }
        }
        E made = maker.make();
        AtomicFiles.writeString(file, measuring.form().text(made));
        return made;
    }

    private Comparison comparison(
            Workplace place, Map<String, List<ArmTrainings.Run<E>>> runs, E before)
            throws IOException {
        TrainingJob training = trainings.training();
        Start start = training.start();
        int seeds = trainings.seeds();
        long first = training.plan().settings().seed();
        List<Long> numbers = LongStream.range(first, first + seeds).boxed().toList();
        List<E> untouched = Collections.nCopies(seeds, before);
        List<E> reference = new ArrayList<>();
        List<Comparison.Arm> compared = new ArrayList<>();
        for (Map.Entry<String, List<ArmTrainings.Run<E>>> arm : runs.entrySet()) {
            List<ArmTrainings.Run<E>> trained = arm.getValue();
            List<E> measured = trained.stream().map(ArmTrainings.Run::evaluation).toList();
            boolean isFirst = compared.isEmpty();
            if (isFirst) {
                reference.addAll(measured);
            }
            compared.add(
                    new Comparison.Arm(
                            arm.getKey(),
                            arm(arm.getKey(), trained.get(0).trained()),
                            measuring.scores(measured),
                            OptionalLong.of(trained.get(0).trained().trainableParameters()),
                            OptionalDouble.of(
                                    trained.stream()
                                            .mapToDouble(run -> run.trained().seconds())
                                            .sum()),
                            trained.stream().map(run -> run.folder().toString()).toList(),
                            measuring.steps(measured),
                            isFirst
                                    ? Optional.empty()
                                    : Optional.of(measuring.effect(numbers, reference, measured)),
                            Optional.of(measuring.effect(numbers, untouched, measured))));
        }
        return new Comparison(
                ComparisonFile.VERSION,
                Optional.of(start.name()),
                measuring.measured(before),
                seeds,
                Optional.of(shared(runs.values())),
                Optional.of(
                        new Comparison.Before(
                                start.name(), start.init(), measuring.scores(List.of(before)))),
                compared,
                place.versions());
    }

    private Map<String, String> shared(Collection<List<ArmTrainings.Run<E>>> arms)
            throws IOException {
        List<TrainingFolder> trainings = new ArrayList<>();
        for (List<ArmTrainings.Run<E>> arm : arms) {
            for (ArmTrainings.Run<E> run : arm) {
                trainings.add(TrainingFolder.read(run.folder()));
            }
        }
        return TrainingFolder.shared(trainings);
    }

    /** What the trained model has, or the control that was asked for. */
    private Arm arm(String name, TrainedRun trained) throws IOException {
        Arm asked = trainings.arms().get(name).arm();
        return asked.control().isPresent()
                ? asked
                : Gpt2Config.read(trained.model()).scalings().arm();
    }
}
