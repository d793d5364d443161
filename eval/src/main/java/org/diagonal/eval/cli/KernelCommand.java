package org.diagonal.eval.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.diagonal.eval.cli.console.Action;
import org.diagonal.eval.cli.console.Heading;
import org.diagonal.eval.cli.console.Numbers;
import org.diagonal.eval.cli.console.ResultFile;
import org.diagonal.eval.cli.console.Versions;
import org.diagonal.eval.cli.option.JsonOption;
import org.diagonal.eval.cli.option.KernelOptions;
import org.diagonal.eval.cli.option.PointOptions;
import org.diagonal.eval.kernel.CopyJob;
import org.diagonal.eval.kernel.CopyKernel;
import org.diagonal.eval.kernel.CopyPage;
import org.diagonal.eval.kernel.KernelFiles;
import org.diagonal.eval.kernel.KernelJob;
import org.diagonal.eval.kernel.KernelPage;
import org.diagonal.eval.kernel.KernelPlan;
import org.diagonal.eval.kernel.RankedTasks;
import org.diagonal.eval.kernel.RankingJob;
import org.diagonal.eval.kernel.RankingPage;
import org.diagonal.eval.kernel.TaskKernel;
import org.diagonal.eval.kernel.TrainedCurve;
import org.diagonal.eval.kernel.numeric.Workers;
import org.diagonal.eval.record.OutFolder;
import org.diagonal.eval.source.Reporter;
import org.diagonal.eval.trial.TemplateTrials;
import org.diagonal.eval.trial.Trial;
import org.diagonal.templates.catalogue.Catalogue;
import org.diagonal.templates.task.LabelKind;
import org.diagonal.templates.task.Task;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code diagonal kernel}: what the paper's theory predicts for a template task, as numbers. */
@Command(
        name = "kernel",
        header = "Compute the theory: how many samples a template task takes",
        description =
                "Computes the kernel of a random transformer on a template task (Section 4 of the"
                        + " paper): the template matrix N and whether it is nonsingular, and the loss"
                        + " of ridge regression on unseen symbols after n samples. Trains nothing."
                        + " --depth 2 and a other than 0 are extensions that the paper does not"
                        + " have. For task:copy it computes the rates of Section 5.",
        customSynopsis = {
            "diagonal kernel --data task:T [options]",
            "diagonal kernel --all-tasks [--against CURVE,…] [--out DIR]"
        },
        footer = {
            "diagonal kernel --data task:same-different",
            "diagonal kernel --data task:aba-abb --against reports/curves/aba-abb --out k",
            "diagonal kernel --data task:aba-abb --depth 2 --mask-diagonal --a 0,1,2,4,8",
            "diagonal kernel --data task:copy --widths 64,256,1024"
        })
@Heading("Kernel regression")
public final class KernelCommand extends Action {

    static final List<Integer> COPY_N = List.of(8, 16, 32, 64, 128, 256, 512, 1024);
    static final List<Integer> COPY_WIDTHS = List.of(64, 256, 1024);
    private static final int COPY_TOKENS = 150;
    private static final String KERNEL = "kernel";

    private static final List<Integer> ALL_N = List.of(16, 32, 64, 128, 256, 512, 1024, 2048, 4096);

    @Option(
            names = "--data",
            paramLabel = "task:NAME|task:FILE.yaml",
            converter = CurveCommand.TaskName.class,
            description = "a name of diagonal tasks, or a task file")
    Optional<String> task = Optional.empty();

    @Option(
            names = "--all-tasks",
            description = "every task of the paper's curves: predicted beside trained")
    boolean allTasks;

    @Option(names = "--n", split = ",", paramLabel = "N[,…]", description = "numbers of samples")
    List<Integer> n = ALL_N;

    @Option(
            names = "--alphabet",
            paramLabel = "n|A",
            converter = AlphabetWords.class,
            description = "symbols to draw from: as many as samples, or a number [n]")
    OptionalInt alphabet = OptionalInt.empty();

    @Option(names = "--lambda", converter = Numbers.AboveZero.class, description = "the ridge")
    double lambda = 1e-4;

    @Option(
            names = "--trials",
            converter = Numbers.Whole.class,
            description = "draws of samples at every n; 0: N and the closed form alone")
    int trials = 3;

    @Option(
            names = "--against",
            split = ",",
            paramLabel = "DIR[,DIR…]",
            description = "folders of diagonal curve, shown beside the prediction")
    List<Path> against = List.of();

    @Option(
            names = "--widths",
            split = ",",
            paramLabel = "D[,…]",
            description = "random networks of these widths: how far they are from the kernel")
    List<Integer> widths = List.of();

    @Option(names = "--networks", description = "networks of each width")
    int networks = 8;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "for kernel.json, kernel.csv and report.html")
    Optional<Path> out;

    @Mixin KernelOptions kernel;
    @Mixin PointOptions accuracy;
    @Mixin JsonOption json;

    /** Takes {@code n} or a number; empty for n. */
    static final class AlphabetWords implements ITypeConverter<OptionalInt> {
        @Override
        public OptionalInt convert(String words) {
            return words.equals("n")
                    ? OptionalInt.empty()
                    : OptionalInt.of(Numbers.positive(words));
        }
    }

    /** A folder that holds the record of a kernel. */
    private static final OutFolder OUT = new OutFolder("kernel", TaskKernel.FILE, "kernel\\.json");

    @Override
    protected int run() throws IOException {
        check();
        json.check(global, ResultFile.Kind.KERNEL);
        if (out.isPresent()) {
            OUT.require(out.get());
        }
        try (Workers workers = new Workers(global.allThreads())) {
            run(workers);
        }
        return 0;
    }

    private void check() {
        if (allTasks == task.isPresent()) {
            throw global.wrong(
                    allTasks ? "--all-tasks takes no --data" : "missing --data task:NAME");
        }
        for (List<?> values : List.of(n, kernel.a, widths)) {
            if (new HashSet<>(values).size() < values.size()) {
                throw global.wrong("--n, --a and --widths take each value once");
            }
        }
        if (kernel.depth > 2) {
            throw global.wrong("--depth: must be 1 or 2, not " + kernel.depth);
        }
    }

    private void run(Workers workers) throws IOException {
        if (allTasks) {
            global.refuse(
                    "is for one task, not for --all-tasks",
                    List.of("--n", "--alphabet", "--trials", "--widths", "--networks", "--depth"));
            ranking(workers);
            return;
        }
        Task found = Catalogue.task(task.orElseThrow());
        if (found.kind() == LabelKind.REAL) {
            oneTask(found, workers);
        } else if (CopyJob.isCopying(found)) {
            copying(workers);
        } else {
            throw new IllegalArgumentException(
                    "%s has symbolic labels, and the kernel predicts real ones; of symbolic tasks only copying has a theory: --data task:copy"
                            .formatted(found.name()));
        }
    }

    private void oneTask(Task found, Workers workers) throws IOException {
        Trial.Task named = TemplateTrials.task(task.orElseThrow());
        KernelPlan plan =
                new KernelPlan(
                        found,
                        named.name(),
                        named.sha256(),
                        kernel.setting(),
                        kernel.a,
                        accuracy.estimator(),
                        n,
                        alphabet,
                        lambda,
                        trials,
                        TrainedCurve.read(against, named.sha256()),
                        widths,
                        networks,
                        Versions.withoutEngine());
        TaskKernel result;
        try (Reporter.Task progress = global.progress(KERNEL, KernelJob.steps(plan))) {
            result = KernelJob.run(plan, workers, progress::step);
        }
        PrintWriter words = json.write(TaskKernel.FORM.text(result), KernelPage.of(result, KERNEL));
        if (out.isPresent()) {
            KernelFiles.write(out.get(), result);
            ReportCommand.leave(out.get(), words);
        }
    }

    private void copying(Workers workers) throws IOException {
        global.refuse(
                "has no effect on copying",
                List.of(
                        "--a",
                        "--depth",
                        "--beta",
                        "--phi",
                        "--b1",
                        "--b2",
                        "--lambda",
                        "--points"));
        Trial.Task named = TemplateTrials.task(task.orElseThrow());
        int tokens = alphabet.orElse(COPY_TOKENS);
        boolean chosen = global.isGiven("--n");
        List<TrainedCurve> curves = new ArrayList<>(TrainedCurve.read(against, named.sha256()));
        curves.removeIf(TrainedCurve::paper); // all of them come next
        curves.addAll(PaperCurves.of(task.orElseThrow()));
        CopyKernel result =
                new CopyJob(
                                new TaskKernel.TaskName(named.name(), named.sha256()),
                                widths.isEmpty() ? COPY_WIDTHS : widths,
                                chosen ? n : COPY_N,
                                chosen ? n : List.of(tokens / 3),
                                tokens,
                                global.isGiven("--gamma") ? kernel.gamma : 0,
                                networks,
                                accuracy.seed,
                                TrainedCurve.distinct(curves),
                                Versions.withoutEngine())
                        .run(workers);
        PrintWriter words = json.write(CopyKernel.FORM.text(result), CopyPage.of(result, KERNEL));
        if (out.isPresent()) {
            KernelFiles.write(out.get(), result);
            ReportCommand.leave(out.get(), words);
        }
    }

    private void ranking(Workers workers) throws IOException {
        RankingJob job =
                new RankingJob(
                        kernel.setting(),
                        accuracy.estimator(),
                        lambda,
                        PaperCurves.all(against),
                        Versions.withoutEngine());
        RankedTasks result;
        try (Reporter.Task progress = global.progress("tasks", job.steps())) {
            result = job.run(workers, progress::step);
        }
        PrintWriter words =
                json.write(RankedTasks.FORM.text(result), RankingPage.of(result, KERNEL));
        if (out.isPresent()) {
            KernelFiles.write(out.get(), result);
            ReportCommand.leave(out.get(), words);
        }
    }
}
