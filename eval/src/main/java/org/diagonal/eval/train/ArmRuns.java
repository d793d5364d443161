package org.diagonal.eval.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.diagonal.eval.report.chart.Ink;
import org.diagonal.plugin.checkpoint.Checkpoint;
import org.diagonal.plugin.identity.Arm;

/**
 * An arm of a comparison, with what of it is there.
 *
 * @param trainings its finished runs inside of the comparison's folder, by seed
 * @param models folders of the models that were measured, if their weights are there
 * @param missing names of run folders that are not
 */
public record ArmRuns(
        String name,
        Ink ink,
        List<TrainingFolder> trainings,
        List<Path> models,
        List<String> missing) {

    /** An arm as a file of results names it. */
    public record Named(String name, Arm scalings, List<Path> folders) {}

    /**
     * A training by itself.
     *
     * @param models its model, if that is finished
     */
    public static List<ArmRuns> of(TrainingFolder training, List<Path> models) {
        Arm scalings = training.scalings();
        return List.of(
                new ArmRuns(
                        scalings.toString(),
                        Ink.of(scalings),
                        List.of(training),
                        models.stream().filter(Checkpoint::isIn).toList(),
                        List.of()));
    }

    /**
     * Looks for the arms' folders.
     *
     * @param comparison the folder of the comparison
     * @param trained whether its runs are inside of it; else the folders are where they are said to
     *     be, or nowhere
     */
    public static List<ArmRuns> find(Path comparison, boolean trained, List<Named> arms)
            throws IOException {
        Set<Ink> used = new HashSet<>();
        List<ArmRuns> found = new ArrayList<>();
        for (Named arm : arms) {
            Ink own = Ink.of(arm.scalings);
            Ink ink = used.add(own) ? own : Ink.OTHER;
            found.add(trained ? trained(comparison, arm, ink) : given(arm, ink));
        }
        return found;
    }

    private static ArmRuns trained(Path comparison, Named arm, Ink ink) throws IOException {
        List<TrainingFolder> trainings = new ArrayList<>();
        List<Path> models = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (Path folder : arm.folders) {
            Path inside = comparison.resolve(folder.getFileName());
            if (TrainingFolder.isOne(inside)) {
                TrainingFolder training = TrainingFolder.read(inside);
                trainings.add(training);
                if (Checkpoint.isIn(training.result().model())) {
                    models.add(training.result().model());
                }
            } else {
                missing.add(folder.getFileName().toString());
            }
        }
        return new ArmRuns(arm.name, ink, trainings, models, missing);
    }

    private static ArmRuns given(Named arm, Ink ink) {
        List<Path> models =
                arm.folders.stream()
                        .filter(folder -> Files.exists(folder.resolve("model.safetensors")))
                        .toList();
        return new ArmRuns(arm.name, ink, List.of(), models, List.of());
    }

    /** Whether there are runs with scalings of which the records were kept alone. */
    boolean lacksWeights() {
        return models.size() < trainings.size()
                && trainings.stream().anyMatch(one -> !one.scalings().equals(Arm.NONE));
    }

    /** Whether every run is there. */
    public boolean isWhole() {
        return !trainings.isEmpty() && missing.isEmpty();
    }

    /** The scalings of all models that are there; empty for an arm without. */
    List<LearnedScalings> learned() throws IOException {
        List<LearnedScalings> learned = new ArrayList<>();
        for (Path model : models) {
            LearnedScalings one = LearnedScalings.read(model);
            if (!one.values().isEmpty()) {
                learned.add(one);
            }
        }
        return learned;
    }

    /** The settings of a run that its arms share, those in which they differ left out. */
    public static Map<String, String> shared(List<ArmRuns> arms) {
        return TrainingFolder.shared(arms.stream().flatMap(arm -> arm.trainings.stream()).toList());
    }
}
