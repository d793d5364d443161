package org.diagonal.eval.trial;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Trials on Apache Spark, one a task.
 *
 * @param cluster whose processes read a trial and write its file
 * @param cost what a trial takes: the costliest begin first
 */
public record SparkWorkers(SparkCluster cluster, ToDoubleFunction<Trial> cost)
        implements TrialWorkers {

    @Override
    public WorkerProcesses.Running start(Path trials, List<Trial> pending) throws IOException {
        long filed =
                pending.stream().filter(trial -> Files.exists(TrialFile.of(trials, trial))).count();
        if (filed > 0) {
            throw new IllegalStateException(
                    ("%d trials in %s have a file and no network, and Spark runs no trial twice:"
                                    + " train them again on this machine, or choose another folder")
                            .formatted(filed, trials));
        }
        return cluster.start(
                trials,
                pending.stream()
                        .sorted(Comparator.comparingDouble(cost).reversed())
                        .map(trial -> trial.hash() + "\t" + TrialOrder.line(trial))
                        .toList());
    }
}
