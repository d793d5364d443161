package org.diagonal.eval.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.diagonal.eval.measure.TaskScores;
import org.diagonal.plugin.checkpoint.AtomicFiles;
import org.diagonal.plugin.gpt2.Gpt2Config;

/**
 * The same training on a template task with different scalings; then accuracy on unseen symbols,
 * paired string by string.
 *
 * @param arms the scalings of each arm by its name; the first is what others are compared with
 * @param seeds trainings of each arm, from the plan's seed upwards
 * @param training the training that all arms share
 * @param measuring how accuracy is measured
 */
public record TaskCompareJob(
        Map<String, ScalingsRequest> arms,
        int seeds,
        TrainingJob training,
        TaskEvaluationJob measuring) {

    private static final String TEST = "test.json";

    /**
     * Trains what is not trained yet, measures what is not measured yet, and compares.
     *
     * @param out holds a run folder for each arm and seed, and {@code compare.json}
     * @return empty if the process was asked to end
     * @throws IllegalArgumentException if the arms or the folder are not fit for it; before
     *     anything is trained
     */
    public Optional<TaskCompareResult> run(Workplace place, Path out) throws IOException {
        ArmTrainings trainings = new ArmTrainings(arms, seeds, training);
        trainings.require(out);
        CompareResult.requireSame(out, arms.keySet(), seeds, byKey());
        Optional<Map<String, List<ArmTrainings.Run<TaskScores>>>> runs =
                trainings.run(place, out, trained -> scores(place, trained));
        if (runs.isEmpty()) {
            return Optional.empty();
        }
        TaskCompareResult result =
                new TaskCompareResult(
                        Optional.of(training.start().name()),
                        arms(runs.get()),
                        measuring.setting(),
                        place.versions());
        AtomicFiles.writeString(out.resolve(CompareResult.FILE), result.json());
        return Optional.of(result);
    }

    /**
     * Two models that are there, side by side.
     *
     * @param out where {@code compare.json} goes, if it is kept
     * @throws IllegalArgumentException if a comparison is there already
     */
    public static TaskCompareResult pair(
            Workplace place,
            ModelSource first,
            ModelSource second,
            TaskEvaluationJob measuring,
            Optional<Path> out)
            throws IOException {
        if (out.isPresent()) {
            Path file = out.get().resolve(CompareResult.FILE);
            OutFolder.COMPARISON.require(out.get());
            if (Files.exists(file)) {
                throw new IllegalArgumentException(
                        out.get() + " holds a comparison already; choose another --out");
            }
        }
        List<TaskCompareResult.Arm> arms = new ArrayList<>();
        for (ModelSource model : List.of(first, second)) {
            List<TaskScores> scores = List.of(measuring.run(place, model));
            arms.add(
                    new TaskCompareResult.Arm(
                            model.name(),
                            model.config().scalings().arm(),
                            List.of(model.folder()),
                            scores,
                            OptionalLong.empty(),
                            0,
                            TaskCompareResult.pair(arms, scores)));
        }
        TaskCompareResult result =
                new TaskCompareResult(
                        Optional.empty(), arms, measuring.setting(), place.versions());
        if (out.isPresent()) {
            AtomicFiles.writeString(out.get().resolve(CompareResult.FILE), result.json());
        }
        return result;
    }

    private static List<TaskCompareResult.Arm> arms(
            Map<String, List<ArmTrainings.Run<TaskScores>>> runs) throws IOException {
        List<TaskCompareResult.Arm> arms = new ArrayList<>();
        for (Map.Entry<String, List<ArmTrainings.Run<TaskScores>>> arm : runs.entrySet()) {
            List<ArmTrainings.Run<TaskScores>> trained = arm.getValue();
            List<TaskScores> scores = trained.stream().map(ArmTrainings.Run::evaluation).toList();
            arms.add(
                    new TaskCompareResult.Arm(
                            arm.getKey(),
                            Gpt2Config.read(trained.get(0).folder()).scalings().arm(),
                            trained.stream().map(ArmTrainings.Run::folder).toList(),
                            scores,
                            OptionalLong.of(trained.get(0).trained().trainableParameters()),
                            trained.stream().mapToDouble(run -> run.trained().seconds()).sum(),
                            TaskCompareResult.pair(arms, scores)));
        }
        return arms;
    }

    /** What two comparisons on tasks must share beside arms and seeds. */
    private Map<String, String> byKey() {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("task_sha256", TaskHash.of(measuring.task()));
        values.put("samples", Integer.toString(measuring.samples()));
        return values;
    }

    /** A run's measurement: that of an earlier call if it was made in the same way. */
    private TaskScores scores(Workplace place, TrainedRun trained) throws IOException {
        Path file = trained.folder().resolve(TEST);
        if (Files.exists(file)) {
            TaskScores before = TaskScores.read(file);
            boolean same =
                    before.unseen().subject().taskSha256().equals(TaskHash.of(measuring.task()))
                            && before.unseen().samples() == measuring.samples();
            if (same) {
                return before;
            }
        }
        TaskScores scores =
                measuring.run(
                        place,
                        new ModelSource(
                                trained.model().toString(), trained.model(), Optional.empty()));
        AtomicFiles.writeString(file, scores.toJson());
        return scores;
    }
}
