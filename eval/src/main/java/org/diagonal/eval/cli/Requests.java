package org.diagonal.eval.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.diagonal.eval.cli.console.Downloads;
import org.diagonal.eval.cli.console.EngineSettings;
import org.diagonal.eval.cli.console.GlobalOptions;
import org.diagonal.eval.cli.console.OptionNames;
import org.diagonal.eval.cli.console.Versions;
import org.diagonal.eval.cli.option.IdentityOptions;
import org.diagonal.eval.cli.option.JsonOption;
import org.diagonal.eval.cli.option.RowOptions;
import org.diagonal.eval.cli.option.RunOptions;
import org.diagonal.eval.cli.option.SplitOptions;
import org.diagonal.eval.cli.option.TaskOptions;
import org.diagonal.eval.cli.option.TrainingOptions;
import org.diagonal.eval.hub.Hub;
import org.diagonal.eval.hub.Settings;
import org.diagonal.eval.source.Interruption;
import org.diagonal.eval.source.Notice;
import org.diagonal.eval.source.Reading;
import org.diagonal.eval.source.Reporter;
import org.diagonal.eval.source.TextSource;
import org.diagonal.eval.source.Workplace;
import org.diagonal.eval.train.Forecast;
import org.diagonal.eval.train.ForecastText;
import org.diagonal.eval.train.ScalingsRequest;
import org.diagonal.eval.train.Start;
import org.diagonal.eval.train.TextData;
import org.diagonal.eval.train.TrainedRun;
import org.diagonal.eval.train.TrainingData;
import org.diagonal.eval.train.TrainingJob;
import org.diagonal.eval.train.TrainingPlan;
import org.diagonal.eval.train.TrainingText;
import org.diagonal.plugin.checkpoint.TensorType;
import org.diagonal.plugin.finetune.TrainingSettings;
import org.diagonal.plugin.finetune.TrainingSettings.Trained;
import org.diagonal.plugin.identity.Arm;
import org.diagonal.plugin.kernels.Precision;
import org.diagonal.plugin.kernels.Products;
import org.diagonal.plugin.run.RunFolder;
import org.diagonal.wikitext.Corpus;
import org.diagonal.wikitext.Split;
import org.diagonal.wikitext.TokenCache;

/** Turns what the options say into jobs. */
final class Requests {

    private final GlobalOptions global;
    private final Optional<String> again;

    Requests(GlobalOptions global) {
        this(global, Optional.empty());
    }

    /** With {@code again}, what resumes an interrupted job if not the same command. */
    Requests(GlobalOptions global, Optional<String> again) {
        this.global = global;
        this.again = again;
    }

    /** The surroundings of a job; loads the engine. */
    Workplace workplace() throws IOException {
        Interruption.prepare();
        EngineSettings engine = global.engine();
        Map<String, String> versions =
                global.meanwhile("Loading PyTorch …", () -> Versions.loaded(engine));
        Settings settings = Settings.fromEnvironment();
        return new Workplace(
                hub(settings),
                new TokenCache(settings.cache().resolve("tokens")),
                engine.device(),
                engine.activeThreads(),
                versions,
                reporter());
    }

    /** The same for a job that multiplies in a precision; says where that is slow. */
    Workplace workplace(Precision precision) throws IOException {
        Workplace place = workplace();
        if (precision == Precision.BF16 && !Products.hasFastBfloat16()) {
            place.reporter()
                    .note(
                            "This processor has no bfloat16 instructions: --precision bf16 is"
                                    + " slower than f32 here.");
        }
        return place;
    }

    /** Models and data sets by name; says on stderr what it downloads. */
    Hub hub(Settings settings) throws IOException {
        Downloads downloads = new Downloads(global);
        return new Hub(settings, downloads);
    }

    /** Shows how jobs get on. */
    Reporter reporter() {
        return new Reporter() {
            @Override
            public Task begin(String name, long total) {
                return global.progress(name, total);
            }

            @Override
            public String again() {
                return again.orElseGet(Reporter.super::again);
            }

            @Override
            public void note(Notice notice) {
                note(OptionNames.line(notice, global.spec));
            }

            @Override
            public void note(String line) {
                global.say(line);
            }
        };
    }

    /** A training as the options describe it. */
    static TrainingJob training(
            Start start,
            TrainingData data,
            ScalingsRequest scalings,
            TrainingOptions training,
            RunOptions keeping,
            Trained trained) {
        return new TrainingJob(
                start,
                data,
                scalings,
                training.optimizer.dropout,
                new TrainingPlan(
                        keeping.on(training.on(TrainingSettings.DEFAULTS)).withTrained(trained),
                        training.epochs,
                        training.maxSteps,
                        keeping.evalEvery,
                        keeping.saveEvery),
                TensorType.valueOf(keeping.dtype.name()),
                keeping.resume != RunOptions.Resume.NEVER,
                keeping.tensorboard);
    }

    /** A text or a template task to train on. */
    TrainingData data(
            Workplace place,
            String data,
            RowOptions rows,
            SplitOptions splits,
            TrainingOptions training,
            TaskOptions tasks,
            TaskOptions.Training strings)
            throws IOException {
        if (TaskOptions.isTask(data)) {
            return tasks.data(data, strings);
        }
        return text(place, data, rows, splits, training);
    }

    /** A text to train on. */
    static TrainingData text(
            Workplace place,
            String data,
            RowOptions rows,
            SplitOptions splits,
            TrainingOptions training)
            throws IOException {
        TextSource source =
                TextSource.parse(data).with(rows.reading().first(splits.maxTrainSamples));
        Corpus train = source.open(place.hub(), Split.TRAIN);
        if (splits.validationSplit.isPresent()) {
            return new TextData(
                    train, Optional.empty(), splits.validationSplit.get(), training.blockSize);
        }
        Reading evaluated = rows.reading().first(splits.maxEvalSamples);
        Optional<Corpus> valid =
                splits.validData.isPresent()
                        ? Optional.of(
                                TextSource.parse(splits.validData.get())
                                        .with(evaluated)
                                        .open(place.hub(), Split.VALIDATION))
                        : source.with(evaluated).sibling(place.hub(), Split.VALIDATION);
        return new TextData(train, valid, 0, training.blockSize);
    }

    /** The text that a comparison is measured on. */
    static Corpus test(Workplace place, String data, Optional<String> testData, Reading reading)
            throws IOException {
        if (testData.isPresent()) {
            return TextSource.parse(testData.get()).with(reading).open(place.hub(), Split.TEST);
        }
        return TextSource.parse(data)
                .with(reading)
                .sibling(place.hub(), Split.TEST)
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        data
                                                + " has no test split: name a text with"
                                                + " --test-data"));
    }

    static ScalingsRequest scalings(Arm arm, IdentityOptions identity) {
        return new ScalingsRequest(
                arm, identity.qkMultiplier, identity.ovMultiplier, identity.maskDiagonal);
    }

    /** Runs a training and prints how it ended, or what it would take if that is asked. */
    int train(Workplace place, TrainingJob job, Path out, RunOptions keeping, JsonOption json)
            throws IOException {
        if (keeping.plan) {
            Forecast forecast = job.forecast(place, out);
            json.write("plan", List.of(forecast));
            ForecastText.write(forecast, 1, out.toString(), json.words());
            return 0;
        }
        Optional<TrainedRun> trained = job.run(place, out);
        if (trained.isEmpty()) {
            return 1;
        }
        json.copy(out.resolve(RunFolder.RESULT));
        PrintWriter words = json.words();
        TrainingText.write(trained.get(), words);
        ReportCommand.leave(out, words);
        return 0;
    }
}
