package org.diagonal.eval.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.diagonal.eval.cli.console.Action;
import org.diagonal.eval.cli.console.Heading;
import org.diagonal.eval.source.Interruption;
import org.diagonal.eval.trial.KeptNetworks;
import org.diagonal.eval.trial.NetworkTrials;
import org.diagonal.eval.trial.Shard;
import org.diagonal.eval.trial.Trial;
import org.diagonal.eval.trial.TrialBatch;
import org.diagonal.eval.trial.TrialFile;
import org.diagonal.eval.trial.TrialOrder;
import org.diagonal.eval.trial.TrialResult;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code diagonal trials}: what workers of a sweep run, here and on a cluster. Trials come on
 * stdin, whole, so nothing of the sweep must be there.
 */
@Command(
        name = "trials",
        hidden = true,
        header = "Run trials that come on stdin",
        description =
                "Reads trials, one JSON object a line, and trains them. With --out the files go to a"
                        + " folder that may be shared; without it there is one trial, whose file is"
                        + " written to stdout.",
        customSynopsis = "diagonal trials [--out DIR] < trials.jsonl")
@Heading("Trials")
public final class TrialsCommand extends Action {

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "the folder of the sweep; its trials are in trials/ there")
    Optional<Path> out;

    @Option(names = "--keep-models", description = "keep networks in models/ of --out")
    boolean keepModels;

    @Option(
            names = "--keep-in",
            paramLabel = "DIR",
            description =
                    "without --out: keep the network in models/ of a folder that all machines share")
    Optional<Path> keepIn;

    @Override
    protected int run() throws IOException {
        List<Trial> trials = stdin();
        Requests requests = new Requests(global);
        Optional<KeptNetworks> kept = (keepModels ? out : keepIn).map(KeptNetworks::new);
        NetworkTrials runner = new NetworkTrials(requests::workplace, kept);
        if (out.isPresent()) {
            return new TrialBatch(trials, Shard.WHOLE, keepModels)
                            .run(out.get(), runner, requests.reporter())
                            .isPresent()
                    ? 0
                    : 1;
        }
        if (trials.size() != 1) {
            throw new IllegalArgumentException(
                    "expected one trial on stdin, found %d; several need --out"
                            .formatted(trials.size()));
        }
        if (kept.isPresent()) {
            kept.get().requireShared();
        }
        try (Interruption interruption = new Interruption()) {
            Optional<TrialResult> result = runner.run(trials.get(0), interruption);
            if (result.isEmpty()) {
                return 1;
            }
            global.out().print(TrialFile.text(trials.get(0), result.get()));
            global.out().flush();
            return 0;
        }
    }

    private static List<Trial> stdin() throws IOException {
        try {
            return new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))
                    .lines()
                    .filter(line -> !line.isBlank())
                    .map(TrialOrder::parse)
                    .toList();
        } catch (UncheckedIOException e) { // of a folder, say
            throw new IOException("stdin: cannot be read: " + e.getCause().getMessage(), e);
        }
    }
}
