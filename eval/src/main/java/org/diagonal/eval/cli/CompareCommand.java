package org.diagonal.eval.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.diagonal.eval.cli.console.Action;
import org.diagonal.eval.cli.console.Heading;
import org.diagonal.eval.cli.console.Purpose;
import org.diagonal.eval.cli.console.ResultFile;
import org.diagonal.eval.cli.option.DataOptions;
import org.diagonal.eval.cli.option.IdentityOptions;
import org.diagonal.eval.cli.option.JsonOption;
import org.diagonal.eval.cli.option.ProtocolOptions;
import org.diagonal.eval.cli.option.RowOptions;
import org.diagonal.eval.cli.option.RunOptions;
import org.diagonal.eval.cli.option.SparkOption;
import org.diagonal.eval.cli.option.SplitOptions;
import org.diagonal.eval.cli.option.TaskOptions;
import org.diagonal.eval.cli.option.TrainingOptions;
import org.diagonal.eval.cli.option.WeightOptions;
import org.diagonal.eval.compare.ArmTrainings;
import org.diagonal.eval.compare.CompareJob;
import org.diagonal.eval.compare.Comparison;
import org.diagonal.eval.compare.ComparisonFile;
import org.diagonal.eval.compare.ComparisonPage;
import org.diagonal.eval.compare.Measuring;
import org.diagonal.eval.compare.PairJob;
import org.diagonal.eval.compare.TaskMeasuring;
import org.diagonal.eval.compare.TextMeasuring;
import org.diagonal.eval.hub.Hub;
import org.diagonal.eval.report.page.Page;
import org.diagonal.eval.source.ModelSource;
import org.diagonal.eval.source.Reading;
import org.diagonal.eval.source.TextSource;
import org.diagonal.eval.source.Workplace;
import org.diagonal.eval.train.Forecast;
import org.diagonal.eval.train.ForecastText;
import org.diagonal.eval.train.ScalingsRequest;
import org.diagonal.eval.train.TrainingJob;
import org.diagonal.eval.trial.SparkCluster;
import org.diagonal.plugin.identity.Arm;
import org.diagonal.plugin.kernels.Precision;
import org.diagonal.wikitext.Corpus;
import org.diagonal.wikitext.Split;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code diagonal compare}: the main job, or two finished models side by side. */
@Command(
        name = "compare",
        header = "Train with and without identity scalings, and compare",
        description = {
            "Trains a model with and without identity scalings under identical conditions and"
                    + " says, with an interval, what they change. Given two folders, compares"
                    + " what is in them instead. With the bundled model and text, which are the"
                    + " default: 3 seeds, 30 steps at a learning rate of 3e-3, unless options say"
                    + " otherwise."
        },
        customSynopsis = {
            "diagonal compare [options]",
            "diagonal compare FOLDER_A FOLDER_B [--data D] [options]"
        },
        footer = {
            "diagonal compare",
            "diagonal compare --model gpt2 --data wikitext-2-raw --arms none,qk,ov,both \\",
            "    --seeds 3 --out runs/wikitext",
            "diagonal compare runs/plain runs/both --data wikitext-2-raw:test",
            "diagonal compare --data task:symbolic-majority-3 --epochs 20 --lr 1e-3"
        })
@Heading("Comparison")
public final class CompareCommand extends Action {

    /** On what is bundled: both arms with three seeds take two to three minutes on two cores. */
    private static final int DEMONSTRATION_STEPS = 30;

    private static final int DEMONSTRATION_SEEDS = 3;

    /** The best on validation of those tried, by a seed that the demonstration does not use. */
    private static final double DEMONSTRATION_LR = 3e-3;

    @Parameters(
            arity = "0..*",
            paramLabel = "FOLDER_A FOLDER_B",
            description = "run or model folders to compare")
    List<Path> folders = List.of();

    @Purpose(Purpose.Of.TRAINING)
    @Option(
            names = "--arms",
            split = ",",
            paramLabel = "A,B[,…]",
            description =
                    "two or more of none, qk, ov, both, or of the controls temperature, fixed-A,"
                            + " permuted, head, lora-R; the others are measured against the first")
    List<Arm> arms = List.of(Arm.NONE, Arm.BOTH);

    @Purpose(Purpose.Of.TRAINING)
    @Option(names = "--seeds", description = "trainings of each arm, seeds from --seed upwards")
    int seeds = 1;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "for the report and the runs [runs/compare-TIME]")
    Optional<Path> out;

    @Option(names = "--one", hidden = true, description = "train what stdin names: arm and seed")
    boolean one;

    @Mixin SparkOption spark;
    @Mixin DefaultSource source;
    @Mixin RowOptions rows;
    @Mixin SplitOptions splits;

    @Heading("Model and data")
    @Purpose(Purpose.Of.TRAINING)
    @Option(
            names = "--test-data",
            paramLabel = "D",
            description =
                    "for the finished models; of a task another one, such as one with"
                            + " distractors [--data's :test; --data]")
    Optional<String> testData;

    @Mixin ProtocolOptions measuring;
    @Mixin JsonOption json;
    @Mixin IdentityOptions identity;
    @Mixin WeightOptions weights;
    @Mixin TrainingOptions training;
    @Mixin RunOptions keeping;
    @Mixin TaskOptions tasks;
    @Mixin TaskOptions.Training trained;
    @Mixin TaskOptions.Test tested;

    /** What is compared where the user names nothing: all of it comes with the program. */
    @Heading("Model and data")
    static final class DefaultSource {

        @Purpose(Purpose.Of.TRAINING)
        @Option(
                names = "--model",
                paramLabel = "M",
                description = "a name of diagonal models, or a model or run folder")
        String model = "nano";

        @Option(names = "--data", paramLabel = "D", description = DataOptions.DESCRIPTION)
        List<String> files = List.of(Hub.EUROPARL);

        String data() {
            return String.join(",", files);
        }

        /** Whether both come with the program. */
        boolean isBundled() {
            return model.equals("nano") && data().equals(Hub.EUROPARL);
        }
    }

    @Override
    protected int run() throws IOException {
        training.check(global);
        splits.check(global);
        measuring.check(global, training.blockSize);
        json.check(global, ResultFile.Kind.COMPARISON);
        tasks.check(global, source.data());
        TaskOptions.checkTested(global, source.data(), testData);
        weights.check(global);
        check();
        if (isResumed()) {
            return resumeLast();
        }
        return folders.isEmpty() ? train() : compareFolders();
    }

    private void check() {
        if (!folders.isEmpty() && folders.size() != 2) {
            throw global.wrong("give no folder to train the arms, or two to compare them");
        }
        if (arms.size() < 2 || new HashSet<>(arms).size() < arms.size()) {
            throw global.wrong("--arms: give two or more different ones of none, qk, ov, both");
        }
        if (folders.isEmpty()) {
            return;
        }
        for (OptionSpec option : global.spec.commandLine().getParseResult().matchedOptions()) {
            if (Purpose.Of.TRAINING.isOf(option)) {
                throw global.wrong(option.longestName() + " is for training, not for two folders");
            }
        }
    }

    /** Whether an interrupted comparison is asked for, and no folder named. */
    private boolean isResumed() {
        return folders.isEmpty()
                && out.isEmpty()
                && global.isGiven("--resume")
                && keeping.resume == RunOptions.Resume.AUTO;
    }

    /** Runs the command again that began the last comparison which has no result. */
    private int resumeLast() throws IOException {
        Path folder = LastComparison.interrupted();
        List<String> words = new ArrayList<>(LastComparison.words(folder));
        List<String> given = words();
        given.stream()
                .skip(1)
                .filter(word -> !word.matches("--resume(=auto)?|auto"))
                .forEach(words::add);
        requests(folder).reporter().note("Resuming " + folder);
        return global.spec.commandLine().getParent().execute(words.toArray(new String[0]));
    }

    private List<String> words() {
        return global.spec.commandLine().getParent().getParseResult().originalArgs();
    }

    private Requests requests(Path folder) {
        if (out.isPresent()) {
            return new Requests(global);
        }
        List<String> words = new ArrayList<>(List.of("diagonal"));
        words.addAll(words());
        words.addAll(List.of("--out", folder.toString()));
        return new Requests(
                global,
                Optional.of(LastComparison.quoted(words) + " (or diagonal compare --resume)"));
    }

    private int train() throws IOException {
        Path folder = out.orElseGet(LastComparison::newFolder);
        Requests requests = requests(folder);
        Workplace place = requests.workplace(training.products.precision);
        ModelSource model = ModelSource.resolve(place.hub(), source.model, Optional.empty());
        if (source.isBundled()) {
            demonstrate();
        }
        TrainingJob job =
                Requests.training(
                        weights.of(model),
                        requests.data(place, source.data(), rows, splits, training, tasks, trained),
                        Requests.scalings(Arm.NONE, identity),
                        training,
                        keeping,
                        weights.trained());
        Map<String, ScalingsRequest> requested = new LinkedHashMap<>();
        arms.forEach(arm -> requested.put(arm.toString(), Requests.scalings(arm, identity)));
        Measuring<?> measured = measured(place);
        if (keeping.plan) {
            ScalingsRequest most = requested.get(Arm.costliest(arms).toString());
            Forecast forecast = job.with(most, training.seed).forecast(place, folder);
            ForecastText.write(forecast, arms.size() * seeds, folder.toString(), global.out());
            return 0;
        }
        CompareJob<?> comparison =
                new CompareJob<>(new ArmTrainings(requested, seeds, job), measured);
        if (one) {
            String order = new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
            boolean done = comparison.runOne(order, place, folder);
            global.out().println(order.strip());
            return done ? 0 : 1;
        }
        Optional<SparkCluster> cluster = spark.master.map(master -> cluster(folder));
        if (out.isEmpty()) {
            place.reporter().note("Results go to " + folder);
            LastComparison.begin(folder, words());
        }
        Optional<Comparison> result =
                cluster.isPresent()
                        ? comparison.runOn(cluster.get(), place, folder)
                        : comparison.run(place, folder);
        if (result.isEmpty()) {
            return 1;
        }
        write(result.get(), Optional.of(folder));
        return 0;
    }

    /** Processes of a cluster are told what this one was, and what of it is theirs on stdin. */
    private SparkCluster cluster(Path folder) {
        List<String> words = new ArrayList<>();
        for (Iterator<String> all = words().iterator(); all.hasNext(); ) {
            String word = all.next();
            if (word.equals("--spark")) {
                all.next();
            } else if (!word.startsWith("--spark=")) {
                words.add(word);
            }
        }
        words.add("--one");
        if (Collections.disjoint(words, List.of("--quiet", "-q"))) {
            words.add("--quiet");
        }
        if (out.isEmpty()) {
            words.addAll(List.of("--out", folder.toString()));
        }
        if (global.threads.isEmpty()) {
            words.addAll(List.of("--threads", "@threads"));
        }
        Path here = Path.of("").toAbsolutePath();
        return spark.cluster(global, words, Optional.empty(), Optional.of(here));
    }

    private void write(Comparison result, Optional<Path> folder) throws IOException {
        Page page = ComparisonPage.of(result, folder.orElse(Path.of("")), "comparison");
        ReportCommand.show(json, ComparisonFile.text(result), page, folder);
    }

    /** The bundled model has learned another kind of text: rates at which it learns this one. */
    private void demonstrate() {
        if (training.epochs.isEmpty() && training.maxSteps.isEmpty()) {
            training.maxSteps = Optional.of(DEMONSTRATION_STEPS);
        }
        if (!global.isGiven("--seeds")) {
            seeds = DEMONSTRATION_SEEDS;
        }
        if (!global.isGiven("--lr")) {
            training.optimizer.learningRate = DEMONSTRATION_LR;
        }
    }

    /** How each model is measured. */
    private Measuring<?> measured(Workplace place) throws IOException {
        Precision precision = training.products.precision;
        Optional<String> other = folders.isEmpty() ? testData : Optional.empty();
        if (TaskOptions.isTask(source.data())) {
            return new TaskMeasuring(tasks.measuring(source.data(), other, tested, precision));
        }
        Reading reading = rows.reading().first(splits.maxEvalSamples);
        Corpus text =
                folders.isEmpty()
                        ? Requests.test(place, source.data(), other, reading)
                        : TextSource.parse(source.data())
                                .with(reading)
                                .open(place.hub(), Split.TEST);
        return new TextMeasuring(measuring.job(training.blockSize, precision), text);
    }

    private int compareFolders() throws IOException {
        Requests requests = new Requests(global);
        Workplace place = requests.workplace(training.products.precision);
        ModelSource first =
                ModelSource.resolve(place.hub(), folders.get(0).toString(), Optional.empty());
        ModelSource second =
                ModelSource.resolve(place.hub(), folders.get(1).toString(), Optional.empty());
        Measuring<?> measured = measured(place);
        write(new PairJob<>(first, second, measured).run(place, out), out);
        return 0;
    }
}
