package org.diagonal.eval.compare;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.diagonal.eval.evaluate.TaskEvaluationJob;
import org.diagonal.eval.measure.accuracy.MeanAccuracy;
import org.diagonal.eval.measure.accuracy.TaskEvaluation;
import org.diagonal.eval.measure.accuracy.TaskScores;
import org.diagonal.eval.measure.effect.AccuracyDifference;
import org.diagonal.eval.measure.effect.Effect;
import org.diagonal.eval.record.Form;
import org.diagonal.eval.source.Backend;
import org.diagonal.eval.source.ModelSource;
import org.diagonal.eval.source.Workplace;
import org.diagonal.eval.task.TaskHash;
import org.diagonal.eval.task.TaskSetting;
import org.diagonal.eval.train.Start;
import org.diagonal.eval.train.TrainingJob;

/**
 * Accuracy on strings of a template task.
 *
 * @param job how it is measured
 */
public record TaskMeasuring(TaskEvaluationJob job) implements Measuring<TaskScores> {

    @Override
    public Map<String, String> byKey(Workplace place, Start start) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("task_sha256", TaskHash.of(job.measured()));
        values.put("samples", Integer.toString(job.samples()));
        return values;
    }

    @Override
    public TaskMeasuring forPair(Workplace place, ModelSource first, ModelSource second) {
        return this;
    }

    @Override
    public TaskScores measure(Workplace place, ModelSource model) throws IOException {
        return job.run(place, model, Backend.DJL);
    }

    @Override
    public TaskScores measureBefore(Workplace place, TrainingJob training) throws IOException {
        return job.run(place, training);
    }

    @Override
    public Form<TaskScores> form() {
        return TaskScores.FORM;
    }

    @Override
    public boolean isSame(TaskScores measurement, Map<String, String> byKey) {
        TaskEvaluation unseen = measurement.unseen();
        return unseen.subject().model().changedScalings().isEmpty()
                && unseen.subject().taskSha256().equals(byKey.get("task_sha256"))
                && Integer.toString(unseen.samples()).equals(byKey.get("samples"));
    }

    @Override
    public Comparison.OnTask measured(TaskScores measurement) {
        TaskEvaluation unseen = measurement.unseen();
        TaskSetting setting = job.setting();
        return new Comparison.OnTask(
                unseen.subject().task(),
                unseen.subject().taskSha256(),
                unseen.labels().toString(),
                unseen.samples(),
                unseen.samplesSha256(),
                setting.symbols().toString().toLowerCase(Locale.ROOT),
                setting.alphabets().training(),
                setting.alphabets().validation(),
                setting.alphabets().test(),
                setting.seed(),
                job.tested().map(other -> job.name()),
                job.tested().map(other -> TaskHash.of(job.task())));
    }

    @Override
    public Comparison.Accuracies scores(List<TaskScores> trainings) {
        List<TaskEvaluation> unseen = trainings.stream().map(TaskScores::unseen).toList();
        MeanAccuracy right = MeanAccuracy.of(unseen, TaskEvaluation::accuracy);
        MeanAccuracy seen = MeanAccuracy.of(trainings, scores -> scores.seen().accuracy());
        Optional<MeanAccuracy> among =
                unseen.get(0).amongSymbols().isPresent()
                        ? Optional.of(
                                MeanAccuracy.of(unseen, one -> one.amongSymbols().orElseThrow()))
                        : Optional.empty();
        return new Comparison.Accuracies(
                right.value(),
                right.ci95(),
                seen.value(),
                seen.ci95(),
                among.isPresent() ? OptionalDouble.of(among.get().value()) : OptionalDouble.empty(),
                among.map(MeanAccuracy::ci95),
                unseen.stream().mapToDouble(TaskEvaluation::loss).average().orElseThrow(),
                right.perSeed());
    }

    @Override
    public OptionalLong step(TaskScores measurement) {
        return measurement.unseen().subject().model().step();
    }

    @Override
    public Effect effect(List<Long> seeds, List<TaskScores> first, List<TaskScores> second) {
        return AccuracyDifference.of(
                seeds,
                first.stream().map(TaskScores::unseen).toList(),
                second.stream().map(TaskScores::unseen).toList());
    }
}
