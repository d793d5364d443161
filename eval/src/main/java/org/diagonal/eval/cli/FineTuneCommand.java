package org.diagonal.eval.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.diagonal.eval.cli.console.Action;
import org.diagonal.eval.cli.console.Heading;
import org.diagonal.eval.cli.console.ResultFile;
import org.diagonal.eval.cli.option.DataOptions;
import org.diagonal.eval.cli.option.IdentityOptions;
import org.diagonal.eval.cli.option.JsonOption;
import org.diagonal.eval.cli.option.ModelOptions;
import org.diagonal.eval.cli.option.RowOptions;
import org.diagonal.eval.cli.option.RunOptions;
import org.diagonal.eval.cli.option.SplitOptions;
import org.diagonal.eval.cli.option.TaskOptions;
import org.diagonal.eval.cli.option.TrainingOptions;
import org.diagonal.eval.cli.option.WeightOptions;
import org.diagonal.eval.source.ModelSource;
import org.diagonal.eval.source.Workplace;
import org.diagonal.eval.train.TrainingJob;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code diagonal fine-tune}: one model, one text or template task, one run folder. */
@Command(
        name = "fine-tune",
        header = "Train a model, with or without identity scalings",
        description =
                "Trains a model on a text or a template task, with or without identity scalings.",
        customSynopsis = "diagonal fine-tune --model M --data D --out DIR [options]",
        footer = {
            "diagonal fine-tune --model nano --data europarl --out runs/both",
            "diagonal fine-tune --model gpt2 --data wikitext-2-raw --out runs/plain \\",
            "    --scalings none --lr 5e-5 --epochs 3",
            "diagonal fine-tune --model gpt2 --data notes.txt --out runs/few \\",
            "    --train scalings --scalings-lr 1e-2",
            "diagonal fine-tune --model nano --data task:same-different --out runs/same \\",
            "    --scalings both --epochs 20 --lr 1e-3"
        })
@Heading("Model and data")
public final class FineTuneCommand extends Action {

    @Mixin ModelOptions model;
    @Mixin DataOptions data;
    @Mixin RowOptions rows;
    @Mixin SplitOptions splits;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "the run folder; resumes an interrupted run")
    Path out;

    @Mixin IdentityOptions.OfArm circuits;
    @Mixin IdentityOptions identity;
    @Mixin WeightOptions weights;
    @Mixin TrainingOptions training;
    @Mixin RunOptions keeping;
    @Mixin TaskOptions tasks;
    @Mixin TaskOptions.Training strings;
    @Mixin JsonOption json;

    @Override
    protected int run() throws IOException {
        training.check(global);
        splits.check(global);
        json.check(global, ResultFile.Kind.TRAINING);
        tasks.check(global, data.data());
        weights.check(global);
        Requests requests = new Requests(global);
        Workplace place = requests.workplace(training.products.precision);
        ModelSource source = ModelSource.resolve(place.hub(), model.model, model.adapter);
        TrainingJob job =
                Requests.training(
                        weights.of(source),
                        requests.data(place, data.data(), rows, splits, training, tasks, strings),
                        Requests.scalings(circuits.scalings, identity),
                        training,
                        keeping,
                        weights.trained());
        return requests.train(place, job, out, keeping, json);
    }
}
