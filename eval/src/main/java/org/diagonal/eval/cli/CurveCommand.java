package org.diagonal.eval.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.diagonal.eval.cli.console.Action;
import org.diagonal.eval.cli.console.Heading;
import org.diagonal.eval.cli.console.ResultFile;
import org.diagonal.eval.cli.option.BatchOptions;
import org.diagonal.eval.cli.option.JsonOption;
import org.diagonal.eval.cli.option.NetworkOptions;
import org.diagonal.eval.cli.option.TaskOptions;
import org.diagonal.eval.cli.option.TrialOptions;
import org.diagonal.eval.curve.Curve;
import org.diagonal.eval.curve.CurveForecast;
import org.diagonal.eval.curve.CurveForecastText;
import org.diagonal.eval.curve.CurveJob;
import org.diagonal.eval.curve.CurvePage;
import org.diagonal.eval.curve.CurvePlan;
import org.diagonal.eval.hub.Settings;
import org.diagonal.eval.source.Reporter;
import org.diagonal.eval.task.NetworkKind;
import org.diagonal.eval.trial.NetworkTrials;
import org.diagonal.eval.trial.TemplateTrials;
import org.diagonal.eval.trial.Trial;
import org.diagonal.eval.trial.TrialBatch;
import org.diagonal.plugin.identity.Arm;
import org.diagonal.templates.alphabet.SymbolKind;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code diagonal curve}: how many samples a network needs to learn a template task. */
@Command(
        name = "curve",
        header = "Learn a template task from more and more samples",
        description =
                "Trains networks with and without identity scalings on a template task, from few"
                        + " samples to many, and tests them on symbols that they have never seen:"
                        + " the paper's figures, and the paper's own points beside ours. Every"
                        + " trial is a file, so an interrupted curve resumes where it stopped.",
        customSynopsis = "diagonal curve --data task:T --out DIR [options]",
        footer = {
            "diagonal curve --data task:same-different --out runs/same",
            "diagonal curve --data task:aba-abb --arms none,qk --n 16,64,256 --trials 3 \\",
            "    --jobs 2 --out runs/aba",
            "diagonal curve --data task:copy --width 256 --arms none,ov --n 8,64,256 \\",
            "    --out runs/copy-256 --shard 1/4",
            "diagonal curve --data task:my-task.yaml --network mlp --out runs/mine"
        })
@Heading("Curve")
public final class CurveCommand extends Action {

    @Option(
            names = "--data",
            paramLabel = "task:NAME|task:FILE.yaml",
            required = true,
            converter = TaskName.class,
            description = "a name of diagonal tasks, or a task file")
    String task;

    @Option(
            names = "--test-data",
            paramLabel = "task:NAME|task:FILE.yaml",
            converter = TaskName.class,
            description =
                    "measure on another task: distractors, or other lengths where the network"
                            + " reads them [--data]")
    Optional<String> testTask;

    @Option(
            names = "--arms",
            split = ",",
            paramLabel = "A[,…]",
            description =
                    "some of none, qk, ov, both, or of the controls temperature, fixed-A, permuted,"
                            + " head, lora-R; none and head alone where there are no heads")
    List<Arm> arms = Arm.OF_PAPER;

    @Option(
            names = "--n",
            split = ",",
            paramLabel = "N[,…]",
            description = "numbers of training samples; as many symbols, or --train-alphabet")
    List<Integer> n = List.of(16, 32, 64, 128, 256, 512, 1024);

    @Option(names = "--trials", description = "trainings of every point, from --seed on upwards")
    int trials = 5;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "for trials, curve.csv and curve.json; resumes what is there")
    Path out;

    @Mixin BatchOptions batch;
    @Mixin NetworkOptions network;
    @Mixin TrialOptions training;

    @Option(
            names = "--plan",
            description = "measure a step, say what the trials take, and write nothing")
    boolean forecast;

    @Mixin JsonOption json;

    /** Takes {@code task:} off. */
    static final class TaskName implements ITypeConverter<String> {
        @Override
        public String convert(String words) {
            if (!TaskOptions.isTask(words) || TaskOptions.name(words).isEmpty()) {
                throw new TypeConversionException(
                        "needs a template task, task:NAME or task:FILE.yaml, not '" + words + "'");
            }
            return TaskOptions.name(words);
        }
    }

    @Override
    protected int run() throws IOException {
        network.check(global);
        json.check(global, ResultFile.Kind.CURVE);
        check();
        return train();
    }

    private void check() {
        global.requireDistinct("--arms", arms);
        global.requireDistinct("--n", n);
        boolean hasHeads = network.kind().hasHeads();
        if (!hasHeads && !global.isGiven("--arms")) {
            arms = List.of(Arm.NONE);
        }
        if (!hasHeads && !Set.of(Arm.NONE, Arm.HEAD).containsAll(arms)) {
            throw global.wrong(
                    "--arms: %s has no heads for identity scalings, so its only arms are none and head"
                            .formatted(network.network));
        }
    }

    private int train() throws IOException {
        Optional<Trial.Weights> weights =
                network.kind() == NetworkKind.GPT2
                        ? Optional.of(
                                TemplateTrials.weights(
                                        new Requests(global).hub(Settings.fromEnvironment()),
                                        network.network,
                                        network.isPretrained(),
                                        network.symbols.orElse(SymbolKind.WORDS)))
                        : Optional.empty();
        CurvePlan plan =
                new CurvePlan(
                        new Curve.Settings(
                                TemplateTrials.task(task),
                                network.network(weights),
                                training.seed,
                                training.training(network.kind()),
                                training.samples(),
                                testTask.isPresent()
                                        ? Optional.of(TemplateTrials.task(testTask.get()))
                                        : Optional.empty()),
                        arms,
                        n,
                        trials);
        for (Arm arm : plan.arms()) {
            TemplateTrials.requireFit(plan.trial(arm, Collections.min(plan.n()), 0));
        }
        if (forecast) {
            plan(plan);
            return 0;
        }
        CurveJob job = new CurveJob(plan, batch.shard, batch.keepModels);
        Requests requests = new Requests(global);
        Reporter reporter = requests.reporter();
        TrialBatch.Running running =
                trials -> trials.runWith(out, batch.workers(global, out), reporter);
        if (batch.jobs == 1) {
            NetworkTrials here =
                    new NetworkTrials(
                            () -> requests.workplace(training.products.precision), batch.kept(out));
            running = trials -> trials.run(out, here, reporter);
        }
        Optional<CurveJob.Outcome> outcome = job.run(out, running);
        if (outcome.isEmpty()) {
            return 1;
        }
        write(outcome.get());
        return 0;
    }

    private void plan(CurvePlan plan) throws IOException {
        Requests requests = new Requests(global);
        CurveForecast forecast =
                CurveForecast.measure(
                        plan,
                        new NetworkTrials(
                                () -> requests.workplace(training.products.precision),
                                Optional.empty()),
                        out);
        json.write("plan", List.of(forecast));
        CurveForecastText.write(forecast, plan, batch.jobs, out, json.words());
        if (batch.keepModels) {
            requests.reporter().note("Disk does not count the networks that are kept.");
        }
    }

    private void write(CurveJob.Outcome outcome) throws IOException {
        if (outcome.curve().isPresent()) {
            Curve result = outcome.curve().get();
            ReportCommand.show(
                    json, Curve.FORM.text(result), CurvePage.of(result, "curve"), Optional.of(out));
            return;
        }
        json.write("missing", List.of(outcome.missing()));
        json.words()
                .printf(
                        "The trials of shard %s are done; %d of %d are missing. The curve is drawn"
                                + "%nwhen all are there: the same command without --shard shows"
                                + " it.%n",
                        batch.shard, outcome.missing(), outcome.trials());
        global.out().flush();
    }
}
