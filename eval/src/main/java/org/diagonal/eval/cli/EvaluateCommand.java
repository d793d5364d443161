package org.diagonal.eval.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.diagonal.eval.cli.console.Action;
import org.diagonal.eval.cli.console.Heading;
import org.diagonal.eval.cli.console.Purpose;
import org.diagonal.eval.cli.console.ResultFile;
import org.diagonal.eval.cli.option.ChangeOptions;
import org.diagonal.eval.cli.option.DataOptions;
import org.diagonal.eval.cli.option.JsonOption;
import org.diagonal.eval.cli.option.ModelOptions;
import org.diagonal.eval.cli.option.PrecisionOption;
import org.diagonal.eval.cli.option.ProtocolOptions;
import org.diagonal.eval.cli.option.RowOptions;
import org.diagonal.eval.cli.option.TaskOptions;
import org.diagonal.eval.evaluate.ChangesText;
import org.diagonal.eval.evaluate.EvaluationJob;
import org.diagonal.eval.evaluate.EvaluationText;
import org.diagonal.eval.evaluate.LoadedModel;
import org.diagonal.eval.evaluate.ScalingChanges;
import org.diagonal.eval.evaluate.TaskEvaluationJob;
import org.diagonal.eval.evaluate.TaskScoresText;
import org.diagonal.eval.measure.ChangedScalings;
import org.diagonal.eval.measure.accuracy.TaskScores;
import org.diagonal.eval.measure.perplexity.Evaluation;
import org.diagonal.eval.record.Records;
import org.diagonal.eval.source.Backend;
import org.diagonal.eval.source.ModelSource;
import org.diagonal.eval.source.Workplace;
import org.diagonal.plugin.onnx.graph.Dtype;
import org.diagonal.wikitext.Corpus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code diagonal evaluate}: one model on one text, or on one template task. */
@Command(
        name = "evaluate",
        header = "Measure a model: perplexity on a text, accuracy on a task",
        description =
                "Measures the perplexity of a model on a text, or its accuracy on a template task;"
                        + " as trained, or with its scalings changed.",
        customSynopsis = "diagonal evaluate --model M --data D [options]",
        footer = {
            "diagonal evaluate --model nano --data europarl:test",
            "diagonal evaluate --model gpt2 --data wikitext-2-raw:test --stride 512",
            "diagonal evaluate --model runs/both --data wikitext-2-raw:test \\",
            "    --protocol lm-eval --json both.json",
            "diagonal evaluate --model runs/same --data task:same-different",
            "diagonal evaluate --model runs/both --data europarl:test --scale-qk 0,0.5,1",
            "diagonal evaluate --model runs/both --data europarl:test --without-heads 0.1",
            "diagonal evaluate --model runs/aba/models/0123456789abcdef",
            "diagonal evaluate --model exported --runtime onnx --data europarl:test"
        })
@Heading("Measurement")
public final class EvaluateCommand extends Action {

    @Mixin ModelOptions model;
    @Mixin DataOptions.OfModel data;
    @Mixin RowOptions rows;
    @Mixin ProtocolOptions measuring;
    @Mixin JsonOption json;
    @Mixin ProtocolOptions.Windows windows;

    @Option(
            names = "--runtime",
            description = "a model folder by DJL, or an exported one by ONNX Runtime")
    Backend runtime = Backend.DJL;

    @Option(
            names = "--dtype",
            description = "which file of an exported folder [the first there in this order]")
    Optional<Dtype> dtype;

    @Mixin ChangeOptions changed;
    @Mixin PrecisionOption products;
    @Mixin TaskOptions tasks;
    @Mixin TaskOptions.Test strings;

    @Purpose(Purpose.Of.TASKS)
    @Option(
            names = "--test-data",
            paramLabel = "task:T",
            description =
                    "measure on strings of another task, with the alphabets of --data [--data]")
    Optional<String> testData;

    @Override
    protected int run() throws IOException {
        if (runtime == Backend.DJL) {
            global.refuse("is for --runtime onnx, not for djl", List.of("--dtype"));
        }
        measuring.check(global, windows.blockSize);
        json.check(global, ResultFile.Kind.MEASUREMENT);
        if (KeptEvaluation.isFor(model.model)) {
            return new KeptEvaluation(global, json, model.model)
                    .run(tested(), tasks, strings, runtime);
        }
        if (!data.isGiven()) {
            throw global.wrong("missing --data D");
        }
        tasks.check(global, data.data());
        TaskOptions.checkTested(global, data.data(), testData);
        if (runtime == Backend.ONNX) {
            global.refuse("is for --runtime djl, not for onnx", List.of("--precision"));
            ChangeOptions.refuse(global, "is for --runtime djl, not for onnx");
        }
        return TaskOptions.isTask(data.data()) ? onTask() : onText();
    }

    /** What the network of a trial is measured on: it knows what it was trained on. */
    private Optional<String> tested() {
        if (data.isGiven() && testData.isPresent()) {
            throw global.wrong(
                    "--data and --test-data: %s knows its training task; give one of the two"
                            .formatted(model.model));
        }
        return data.isGiven() ? Optional.of(data.data()) : testData;
    }

    private int onTask() throws IOException {
        TaskEvaluationJob job = tasks.measuring(data.data(), testData, strings, products.precision);
        Workplace place = new Requests(global).workplace(products.precision);
        ModelSource source = source(place);
        List<ChangedScalings> changes = changes(source);
        List<TaskScores> all =
                changes.isEmpty()
                        ? List.of(job.run(place, source, runtime))
                        : job.with(place, source, model -> each(model, place, changes));
        if (all.size() == 1) {
            json.write(TaskScores.FORM.text(all.get(0)));
            TaskScoresText.write(all.get(0), json.words());
        } else {
            json(all);
            ChangesText.tasks(changes, all, json.words());
        }
        return 0;
    }

    private int onText() throws IOException {
        Workplace place = new Requests(global).workplace(products.precision);
        ModelSource source = source(place);
        Corpus text = windows.open(place, data.data(), rows);
        EvaluationJob job = measuring.job(windows.blockSize, products.precision);
        List<ChangedScalings> changes = changes(source);
        List<Evaluation> all =
                changes.isEmpty()
                        ? List.of(job.run(place, source, text, runtime))
                        : job.with(place, source, text, model -> each(model, place, changes));
        if (all.size() == 1) {
            json.write(Evaluation.FORM.text(all.get(0)));
            EvaluationText.write(all.get(0), json.words());
        } else {
            json(all);
            ChangesText.texts(changes, all, json.words());
        }
        return 0;
    }

    /** The changes to measure with, checked; none for the model as it is. */
    private List<ChangedScalings> changes(ModelSource source) throws IOException {
        ScalingChanges wanted = changed.changes();
        if (wanted.isEmpty()) {
            return List.of();
        }
        wanted.requireIn(source.name(), source.config());
        return wanted.all();
    }

    private static <E> List<E> each(
            LoadedModel<E> model, Workplace place, List<ChangedScalings> changes)
            throws IOException {
        List<E> measured = new ArrayList<>();
        for (ChangedScalings change : changes) {
            measured.add(model.measure(place, change));
        }
        return measured;
    }

    private void json(List<?> measurements) throws IOException {
        json.write("measurements", measurements.stream().map(Records::tree).toList());
    }

    private ModelSource source(Workplace place) throws IOException {
        return ModelSource.resolve(place.hub(), model.model, model.adapter).in(dtype);
    }
}
