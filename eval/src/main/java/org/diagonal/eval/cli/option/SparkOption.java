package org.diagonal.eval.cli.option;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.diagonal.eval.cli.console.GlobalOptions;
import org.diagonal.eval.cli.console.Heading;
import org.diagonal.eval.cli.console.Purpose;
import org.diagonal.eval.trial.SparkCluster;
import picocli.CommandLine.Option;

/** A cluster for many trainings. */
@Heading("Computing")
public final class SparkOption {

    private static final String DRIVER = "diagonal.spark";

    @Purpose(Purpose.Of.TRAINING)
    @Option(
            names = "--spark",
            paramLabel = "MASTER",
            description =
                    "train on Apache Spark 4 at SPARK_HOME: spark://HOST:PORT, yarn,"
                            + " k8s://HOST:PORT or local-cluster[N,CORES,MB]")
    public Optional<String> master;

    /**
     * The cluster, checked as far as can be before anything is written. Spark's own number of cores
     * a task is given to its process.
     *
     * @param arguments of a process, {@code @threads} for the cores of a task
     * @param store a path of any Hadoop file system for results
     * @param directory of a process; empty for any
     * @throws IllegalArgumentException in one line, if there is no such cluster
     */
    public SparkCluster cluster(
            GlobalOptions global,
            List<String> arguments,
            Optional<String> store,
            Optional<Path> directory) {
        String home = System.getenv("SPARK_HOME");
        if (home == null || home.isBlank()) {
            throw new IllegalArgumentException(
                    "--spark needs Apache Spark 4: set SPARK_HOME to its folder");
        }
        SparkCluster cluster =
                new SparkCluster(
                        master.orElseThrow(),
                        Path.of(home),
                        Path.of(System.getProperty(DRIVER, "diagonal-spark.jar")),
                        global.mainClass(),
                        arguments,
                        store,
                        directory,
                        global.threads);
        cluster.require();
        return cluster;
    }
}
