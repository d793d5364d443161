package org.diagonal.eval.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.diagonal.eval.source.Notice;
import org.diagonal.eval.source.Setting;
import org.diagonal.eval.source.SettingException;
import org.diagonal.eval.source.Workplace;
import org.diagonal.eval.train.ScalingsRequest;
import org.diagonal.eval.train.Start;
import org.diagonal.eval.train.TrainedRun;
import org.diagonal.eval.train.TrainingJob;
import org.diagonal.plugin.files.LockFile;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.identity.Arm;
import org.diagonal.plugin.run.RunFolder;

/**
 * The trainings of a comparison: every arm with every seed, from the same weights, on the same
 * batches.
 *
 * @param arms the scalings of each arm by its name; the first is what others are compared with
 * @param seeds trainings of each arm, from the plan's seed upwards
 * @param training the training that all arms share
 */
public record ArmTrainings(Map<String, ScalingsRequest> arms, int seeds, TrainingJob training) {

    /** Keeps the arms' order. */
    public ArmTrainings {
        arms = Collections.unmodifiableMap(new LinkedHashMap<>(arms));
    }

    /**
     * A training and its measurement.
     *
     * @param <E> the measurement's type
     */
    record Run<E>(Path folder, TrainedRun trained, E evaluation) {}

    /**
     * Measures a training's model.
     *
     * @param <E> the measurement's type
     */
    @FunctionalInterface
    interface Measurement<E> {
        E of(TrainedRun trained) throws IOException;
    }

    /**
     * Refuses arms that are the same or have nothing to train, and a folder that is a run.
     *
     * @throws IllegalArgumentException naming the arms
     */
    void require(Path out) throws IOException {
        requireDistinct();
        requireTrainable();
        ComparisonFile.OUT.refuse(out, RunFolder.RUN);
        ComparisonFile.OUT.require(out);
    }

    /**
     * Trains what is not trained yet, and measures. A signal to end the process while an arm is
     * trained saves a checkpoint first.
     *
     * @param out holds a run folder for each arm and seed
     * @return the runs of each arm; empty if the process was asked to end
     */
    <E> Optional<Map<String, List<Run<E>>>> run(
            Workplace place, Path out, Measurement<E> measurement) throws IOException {
        Map<String, List<Run<E>>> runs = new LinkedHashMap<>();
        List<Notice> unused = unused(); // said once, with the first training
        LockFile lock = LockFile.ofFolder(out);
        try {
            for (One one : all()) {
                Path folder = out.resolve(one.name());
                Optional<TrainedRun> trained =
                        training.with(arms.get(one.arm()), one.seed())
                                .run(place, folder, runs.isEmpty() ? unused : List.of());
                if (trained.isEmpty()) {
                    return Optional.empty();
                }
                E evaluation = measurement.of(trained.get());
                runs.computeIfAbsent(one.arm(), name -> new ArrayList<>())
                        .add(new Run<>(folder, trained.get(), evaluation));
            }
        } finally {
            lock.close();
        }
        return Optional.of(runs);
    }

    /** One training of a comparison. */
    record One(String arm, long seed) {

        /** The name of its run's folder. */
        String name() {
            return arm + "-seed" + seed;
        }

        /** How a process of a cluster is told of it: its name, a tab, arm and seed. */
        String line() {
            return "%s\t%s %d".formatted(name(), arm, seed);
        }
    }

    /** All of them, seed by seed. */
    List<One> all() {
        List<One> all = new ArrayList<>();
        for (int i = 0; i < seeds; i++) {
            for (String arm : arms.keySet()) {
                all.add(new One(arm, training.plan().settings().seed() + i));
            }
        }
        return all;
    }

    /**
     * Trains and measures one, in a process that shares the folder with others.
     *
     * @return false if the process was asked to end
     */
    <E> boolean run(Workplace place, Path out, One one, Measurement<E> measurement)
            throws IOException {
        ScalingsRequest arm = arms.get(one.arm());
        if (arm == null) {
            throw new IllegalArgumentException("no arm of this comparison: " + one.arm());
        }
        Optional<TrainedRun> trained =
                training.with(arm, one.seed()).run(place, out.resolve(one.name()), List.of());
        if (trained.isEmpty()) {
            return false;
        }
        measurement.of(trained.get());
        return true;
    }

    /** Says which options have no effect on any arm. */
    private List<Notice> unused() {
        List<List<Notice>> ofArms =
                arms.values().stream().map(arm -> training.with(arm, 0).unused()).toList();
        return ofArms.get(0).stream()
                .filter(line -> ofArms.stream().allMatch(unused -> unused.contains(line)))
                .toList();
    }

    private void requireTrainable() {
        arms.forEach(
                (name, request) -> {
                    if (training.with(request, 0).movesNothing()) {
                        throw new SettingException(
                                ("training the scalings alone leaves arm %s nothing to train; train"
                                                + " the others with fine-tune, and compare each with"
                                                + " the model as it is: diagonal compare MODEL RUN")
                                        .formatted(name),
                                Setting.TRAIN);
                    }
                });
    }

    private void requireDistinct() {
        Start start = training.start();
        Map<String, String> seen = new LinkedHashMap<>();
        arms.forEach(
                (name, request) -> {
                    Gpt2Config config = training.with(request, 0).config();
                    String control = request.arm().control().map(Object::toString).orElse("");
                    String other = seen.putIfAbsent(config.scalings() + control, name);
                    if (other != null) {
                        Arm own = start.config().scalings().arm();
                        throw new IllegalArgumentException(
                                "arms %s and %s are the same: %s has scalings (%s), which are never dropped"
                                        .formatted(other, name, start.name(), own));
                    }
                });
    }
}
