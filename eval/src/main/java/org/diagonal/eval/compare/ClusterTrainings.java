package org.diagonal.eval.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.diagonal.eval.record.OutFolder;
import org.diagonal.eval.source.Interruption;
import org.diagonal.eval.source.Reporter;
import org.diagonal.eval.trial.SparkCluster;
import org.diagonal.eval.trial.WorkerProcesses;
import org.diagonal.plugin.files.LockFile;
import org.diagonal.plugin.run.RunFolder;

/**
 * The trainings of a comparison on a cluster, one a task. Runs lie in the comparison's folder,
 * which every machine of the cluster finds at the same path.
 *
 * @param trainings all of them
 * @param cluster whose processes read ARM, a space and SEED on stdin, and train and measure that
 */
record ClusterTrainings(ArmTrainings trainings, SparkCluster cluster) {

    /**
     * Trains and measures what has not finished yet.
     *
     * @return false if the process was asked to end
     * @throws IllegalStateException with the words of a process that failed
     */
    boolean run(Path out, Reporter reporter) throws IOException {
        List<ArmTrainings.One> pending = new ArrayList<>();
        for (ArmTrainings.One one : trainings.all()) {
            if (!isDone(out, one)) {
                pending.add(one);
            }
        }
        if (pending.isEmpty()) {
            return true;
        }
        OutFolder.make(out);
        Path results = Files.createTempDirectory("diagonal-cluster-");
        LockFile lock = LockFile.ofFolder(out);
        try (Interruption stop = new Interruption();
                Reporter.Task task = reporter.begin("Trainings", pending.size());
                WorkerProcesses.Running running =
                        cluster.start(
                                results, pending.stream().map(ArmTrainings.One::line).toList())) {
            return watch(results, pending, running, task, stop);
        } finally {
            lock.close();
            for (ArmTrainings.One one : pending) {
                Files.deleteIfExists(results.resolve(one.name() + ".json"));
            }
            Files.deleteIfExists(results);
        }
    }

    private static boolean isDone(Path out, ArmTrainings.One one) {
        Path folder = out.resolve(one.name());
        return RunFolder.isFinished(folder) && Files.exists(folder.resolve(CompareJob.TEST));
    }

    private static boolean watch(
            Path results,
            List<ArmTrainings.One> all,
            WorkerProcesses.Running running,
            Reporter.Task task,
            Interruption stop)
            throws IOException {
        List<ArmTrainings.One> pending = new ArrayList<>(all);
        boolean done =
                running.await(
                        () -> {
                            pending.removeIf(
                                    one -> Files.exists(results.resolve(one.name() + ".json")));
                            int count = all.size() - pending.size();
                            task.step(count, "%d of %d".formatted(count, all.size()));
                            return pending.isEmpty();
                        },
                        stop);
        if (!done) {
            task.note("Stopped; the same command goes on with what has not finished.");
        }
        return done;
    }
}
