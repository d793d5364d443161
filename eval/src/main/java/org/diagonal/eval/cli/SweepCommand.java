package org.diagonal.eval.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.diagonal.eval.cli.console.Action;
import org.diagonal.eval.cli.console.Heading;
import org.diagonal.eval.cli.console.ResultFile;
import org.diagonal.eval.cli.option.BatchOptions;
import org.diagonal.eval.cli.option.JsonOption;
import org.diagonal.eval.cli.option.SparkOption;
import org.diagonal.eval.hub.Settings;
import org.diagonal.eval.report.page.TextWriter;
import org.diagonal.eval.report.terminal.TextTable;
import org.diagonal.eval.source.Reporter;
import org.diagonal.eval.sweep.PlanPage;
import org.diagonal.eval.sweep.PlannedTrials;
import org.diagonal.eval.sweep.Sweep;
import org.diagonal.eval.sweep.SweepCatalogue;
import org.diagonal.eval.sweep.SweepCost;
import org.diagonal.eval.sweep.SweepJob;
import org.diagonal.eval.sweep.SweepPage;
import org.diagonal.eval.sweep.SweepScale;
import org.diagonal.eval.trial.NetworkTrials;
import org.diagonal.eval.trial.Shard;
import org.diagonal.eval.trial.SparkWorkers;
import org.diagonal.eval.trial.TemplateTrials;
import org.diagonal.eval.trial.TrialBatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code diagonal sweep}: every combination of some settings, as one figure. */
@Command(
        name = "sweep",
        header = "Train every combination of settings, as one figure",
        description =
                "Trains networks on template tasks at every combination of settings that a YAML file"
                        + " names, and draws one figure: how does the loss depend on the learning"
                        + " rate, depth, heads, width, task or number of samples? The figures of"
                        + " the paper are such files: see --list. Every trial is a file, so an"
                        + " interrupted sweep resumes where it stopped.",
        customSynopsis = {
            "diagonal sweep FILE.yaml|NAME --out DIR [options]",
            "diagonal sweep FILE.yaml|NAME --plan",
            "diagonal sweep --list"
        },
        footer = {
            "diagonal sweep --list",
            "diagonal sweep figure-13 --scale small --plan",
            "diagonal sweep figure-13 --scale small --jobs 2 --out runs/figure-13",
            "diagonal sweep my-sweep.yaml --out runs/mine --shard 1/4",
            "SPARK_HOME=/opt/spark diagonal sweep figure-13 --spark spark://host:7077 \\",
            "    --out runs/figure-13"
        })
@Heading("Sweep")
public final class SweepCommand extends Action {

    @Parameters(
            arity = "0..1",
            paramLabel = "FILE",
            description = "base, grid, except, tie, select and figure as YAML; or a name of --list")
    Optional<String> file;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description =
                    "for trials, sweep.json, points.csv, trials.csv and figures; resumes what is there")
    Optional<Path> out;

    @Option(names = "--list", description = "list the paper's figures, which are sweeps by name")
    boolean list;

    @Option(
            names = "--plan",
            description = "print the number of trials and core-hours; train nothing")
    boolean plan;

    @Option(
            names = "--scale",
            description = "small: the file's reduced grid, about an hour on 2 cores")
    SweepScale scale = SweepScale.FULL;

    @Mixin BatchOptions batch;

    @Mixin SparkOption spark;

    @Option(
            names = "--store",
            paramLabel = "PATH",
            description =
                    "--spark: keep trials at a path of any Hadoop file system, too, such as"
                            + " hdfs://…; those that are there are not run again")
    Optional<String> store;

    @Mixin JsonOption json;

    @Override
    protected int run() throws IOException {
        check();
        json.check(global, ResultFile.Kind.SWEEP);
        if (list) {
            return list();
        }
        Requests requests = new Requests(global);
        SweepJob job =
                SweepJob.of(
                        file.orElseThrow(),
                        scale,
                        (model, pretrained, symbols) ->
                                TemplateTrials.weights(
                                        requests.hub(Settings.fromEnvironment()),
                                        model,
                                        pretrained,
                                        symbols),
                        batch.shard,
                        batch.keepModels);
        if (out.isPresent()) {
            job.check(out.get());
        }
        if (plan) {
            PlannedTrials planned = job.planned(out);
            json.write("plan", List.of(planned));
            TextWriter.write(PlanPage.of(planned), json.words());
            return 0;
        }
        return run(job, out.orElseThrow(), requests);
    }

    private void check() {
        if (list) {
            if (file.isPresent() || out.isPresent() || plan) {
                throw global.wrong("--list lists alone: it takes no FILE, --out or --plan");
            }
            return;
        }
        if (file.isEmpty()) {
            throw global.wrong("missing FILE: a sweep file, or a name of diagonal sweep --list");
        }
        if (out.isEmpty() && !plan) {
            throw global.wrong("missing --out DIR");
        }
        if (spark.master.isPresent() && (batch.jobs != 1 || !batch.shard.equals(Shard.WHOLE))) {
            throw global.wrong(
                    "--spark shares trials out itself: it goes without --jobs and --shard");
        }
        if (store.isPresent() && spark.master.isEmpty()) {
            throw global.wrong("--store is for --spark");
        }
        if (store.isPresent() && batch.keepModels) {
            throw global.wrong(
                    "--keep-models keeps networks in a folder that all machines share, not in"
                            + " --store");
        }
    }

    private int list() throws IOException {
        TextTable table = new TextTable("Name", "Shows").left(0).left(1);
        for (SweepCatalogue.Entry entry : SweepCatalogue.entries()) {
            table.row(entry.name(), entry.title());
        }
        json.write("sweeps", SweepCatalogue.entries());
        PrintWriter words = json.words();
        table.write(words);
        words.flush();
        return 0;
    }

    private int run(SweepJob job, Path folder, Requests requests) throws IOException {
        Reporter reporter = requests.reporter();
        TrialBatch.Running running;
        if (spark.master.isPresent()) {
            SparkWorkers cluster =
                    new SparkWorkers(
                            spark.cluster(global, worker(folder), store, Optional.empty()),
                            new SweepCost()::seconds);
            running = trials -> trials.runWith(folder, cluster, reporter);
        } else if (batch.jobs > 1) {
            running = trials -> trials.runWith(folder, batch.workers(global, folder), reporter);
        } else {
            NetworkTrials here = new NetworkTrials(requests::workplace, batch.kept(folder));
            running = trials -> trials.run(folder, here, reporter);
        }
        Optional<SweepJob.Outcome> outcome = job.run(folder, running, reporter);
        if (outcome.isEmpty()) {
            return 1;
        }
        write(outcome.get(), folder);
        return 0;
    }

    private void write(SweepJob.Outcome outcome, Path folder) throws IOException {
        if (outcome.sweep().isPresent()) {
            Sweep result = outcome.sweep().get();
            ReportCommand.show(
                    json,
                    Sweep.FORM.text(result),
                    SweepPage.of(result, "sweep"),
                    Optional.of(folder));
            return;
        }
        json.write("missing", List.of(outcome.missing()));
        json.words()
                .printf(
                        "The trials of shard %s are done; %d of %d%s are missing. %s%n",
                        batch.shard,
                        outcome.missing(),
                        outcome.trials(),
                        outcome.choosing() ? " that choose" : "",
                        outcome.choosing()
                                ? "When all are there,\nrun the same command again: the reported"
                                        + " trials follow from them."
                                : "The figure is drawn\nwhen all are there: the same command"
                                        + " without --shard draws it.");
        global.out().flush();
    }

    private List<String> worker(Path folder) {
        List<String> worker = BatchOptions.worker(global, "@threads");
        if (batch.keepModels) {
            worker.addAll(List.of("--keep-in", folder.toAbsolutePath().toString()));
        }
        return worker;
    }
}
