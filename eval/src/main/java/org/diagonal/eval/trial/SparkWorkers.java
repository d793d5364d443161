package org.diagonal.eval.trial;

import java.io.IOException;
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
        return cluster.start(
                trials,
                pending.stream()
                        .sorted(Comparator.comparingDouble(cost).reversed())
                        .map(trial -> trial.hash() + "\t" + TrialOrder.line(trial))
                        .toList());
    }
}
