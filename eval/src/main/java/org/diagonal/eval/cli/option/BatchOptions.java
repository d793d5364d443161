package org.diagonal.eval.cli.option;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.diagonal.eval.cli.console.GlobalOptions;
import org.diagonal.eval.cli.console.Heading;
import org.diagonal.eval.trial.KeptNetworks;
import org.diagonal.eval.trial.Shard;
import org.diagonal.eval.trial.WorkerProcesses;
import picocli.CommandLine.Option;

/** Which trials of a batch run here, and how many at a time. */
@Heading("Trials")
public final class BatchOptions {

    @Option(names = "--jobs", description = "trials at a time, in processes that divide --threads")
    public int jobs = 1;

    @Option(
            names = "--shard",
            paramLabel = "I/N",
            description = "every N-th trial from the I-th on, for a cluster's jobs")
    public Shard shard = Shard.WHOLE;

    @Option(
            names = "--keep-models",
            description =
                    "keep every trial's network in models/HASH, for evaluate --model; those of"
                            + " earlier trials are trained again")
    public boolean keepModels;

    /** Processes that get their trials on stdin, and put results into a folder. */
    public WorkerProcesses workers(GlobalOptions global, Path folder) {
        int threads = Math.max(1, global.allThreads() / jobs);
        List<String> arguments = worker(global, Integer.toString(threads));
        arguments.addAll(List.of("--out", folder.toString()));
        if (keepModels) {
            arguments.add("--keep-models");
        }
        return new WorkerProcesses(global.mainClass(), arguments, jobs);
    }

    /** Where the networks of a folder of results are kept, if they are. */
    public Optional<KeptNetworks> kept(Path folder) {
        return keepModels ? Optional.of(new KeptNetworks(folder)) : Optional.empty();
    }

    /** The command line of a process that gets trials on stdin. */
    public static List<String> worker(GlobalOptions global, String threads) {
        List<String> arguments = new ArrayList<>(List.of("trials", "--threads", threads));
        arguments.addAll(List.of("--device", global.device()));
        if (!global.verbose) {
            arguments.add("--quiet");
        }
        return arguments;
    }
}
