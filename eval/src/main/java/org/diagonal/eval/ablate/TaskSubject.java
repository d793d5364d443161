package org.diagonal.eval.ablate;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.diagonal.eval.ablate.Ablation.Model;
import org.diagonal.eval.ablate.Ablation.OnTask;
import org.diagonal.eval.evaluate.LoadedModel;
import org.diagonal.eval.evaluate.TaskEvaluationJob;
import org.diagonal.eval.measure.accuracy.TaskEvaluation;
import org.diagonal.eval.measure.accuracy.TaskScores;
import org.diagonal.eval.source.ModelSource;
import org.diagonal.eval.source.Workplace;
import org.diagonal.eval.task.TaskHash;
import org.diagonal.eval.task.TaskSetting;

/**
 * Accuracy on strings of a template task.
 *
 * @param source of the model
 * @param job how it is measured
 */
public record TaskSubject(ModelSource source, TaskEvaluationJob job) implements TaskScored {

    @Override
    public Model model() throws IOException {
        return Model.of(source);
    }

    @Override
    public <R> R with(Workplace place, LoadedModel.Use<TaskScores, R> use) throws IOException {
        return job.with(place, source, use);
    }

    @Override
    public Optional<OnTask> task(TaskScores measured) {
        TaskEvaluation unseen = measured.unseen();
        TaskSetting setting = job.setting();
        return Optional.of(
                new OnTask(
                        unseen.subject().task(),
                        unseen.subject().taskSha256(),
                        unseen.labels().toString(),
                        unseen.samples(),
                        unseen.samplesSha256(),
                        symbols(),
                        alphabets(),
                        setting.seed(),
                        unseen.subject().model().precision().toString()));
    }

    private String symbols() {
        return job.setting().symbols().toString().toLowerCase(Locale.ROOT);
    }

    private List<Integer> alphabets() {
        TaskSetting setting = job.setting();
        return List.of(
                setting.alphabets().training(),
                setting.alphabets().validation(),
                setting.alphabets().test());
    }

    @Override
    public boolean isSame(Workplace place, Ablation file) {
        return file.task()
                .filter(on -> on.taskSha256().equals(TaskHash.of(job.task())))
                .filter(on -> on.samples() == job.samples())
                .filter(on -> on.symbols().equals(symbols()))
                .filter(on -> on.alphabets().equals(alphabets()))
                .filter(on -> on.dataSeed() == job.setting().seed())
                .filter(on -> on.precision().equals(job.precision().toString()))
                .isPresent();
    }
}
