package org.diagonal.eval.trial;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Trials on Apache Spark: a driver in a process of its own, whose class path is Spark's, so that
 * its libraries and ours do not meet. Each task runs one trial in a further process of this
 * program.
 *
 * @param master of the cluster, as Spark writes it
 * @param home Spark's folder, with {@code jars}
 * @param driver the archive with the driver
 * @param mainClass of this program
 * @param arguments of a process that reads one trial and writes its file to stdout;
 *     {@code @threads} stands for the cores of a task
 * @param store a path of any Hadoop file system that keeps the trials, too; empty for none
 * @param cores of a task; the cluster's setting where it is absent
 * @param cost what a trial takes: the costliest begin first
 */
public record SparkWorkers(
        String master,
        Path home,
        Path driver,
        String mainClass,
        List<String> arguments,
        Optional<String> store,
        Optional<Integer> cores,
        ToDoubleFunction<Trial> cost)
        implements TrialWorkers {

    private static final String DRIVER = "org.diagonal.spark.Driver";

    private static final Pattern MASTER =
            Pattern.compile(
                    "local-cluster\\[\\s*\\d+\\s*,\\s*\\d+\\s*,\\s*\\d+\\s*\\]|yarn"
                            + "|spark://[^\\s,/]+:\\d+(,[^\\s,/]+:\\d+)*|k8s://\\S+");

    private static final Pattern HOST =
            Pattern.compile("(?:k8s://https?|spark)://([^:/,]+|\\[[^]]+\\])(?::(\\d+))?.*");

    private static final int PATIENCE_MILLIS = 5000;

    /** Copies the arguments. */
    public SparkWorkers {
        arguments = List.copyOf(arguments);
    }

    /**
     * Checks what can be checked before anything is written.
     *
     * @throws IllegalArgumentException in one line, if the master's name is none, nobody listens
     *     there, or Spark is not installed
     */
    public void require() {
        if (!MASTER.matcher(master).matches()) {
            throw new IllegalArgumentException(
                    "Spark: '%s' is not a master: expected spark://HOST:PORT, yarn, k8s://HOST:PORT or local-cluster[N,CORES,MB]"
                            .formatted(master));
        }
        if (!Files.isDirectory(home.resolve("jars"))) {
            throw new IllegalArgumentException(
                    "Apache Spark 4 is needed: SPARK_HOME is %s, which has no folder jars"
                            .formatted(home));
        }
        if (!Files.isRegularFile(driver)) {
            throw new IllegalArgumentException(
                    "Spark needs %s, which is not there; ./diagonal builds it".formatted(driver));
        }
        if (master.equals("yarn")
                && System.getenv("HADOOP_CONF_DIR") == null
                && System.getenv("YARN_CONF_DIR") == null) {
            throw new IllegalArgumentException(
                    "yarn needs HADOOP_CONF_DIR or YARN_CONF_DIR, the folder with yarn-site.xml");
        }
        requireListener();
    }

    private void requireListener() {
        Matcher host = HOST.matcher(master);
        if (!host.matches() || master.contains(",")) {
            return; // none, or several of which one may be down
        }
        int port = host.group(2) == null ? 443 : Integer.parseInt(host.group(2));
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host.group(1), port), PATIENCE_MILLIS);
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "Spark: nobody answers at %s (%s)".formatted(master, e.getMessage()), e);
        }
    }

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
        WorkerProcesses.Running running = new WorkerProcesses.Running();
        try {
            List<String> lines =
                    pending.stream()
                            .sorted(Comparator.comparingDouble(cost).reversed())
                            .map(trial -> trial.hash() + "\t" + TrialOrder.line(trial))
                            .toList();
            ProcessBuilder builder = new ProcessBuilder(line(trials));
            Map<String, String> environment = builder.environment();
            environment.put("SPARK_HOME", home.toString());
            environment.put("SPARK_SCALA_VERSION", "2.13");
            environment.put(
                    "CLASSPATH", driver + java.io.File.pathSeparator + home.resolve("jars/*"));
            running.add(builder, running.input(lines));
        } catch (IOException e) {
            running.close();
            throw e;
        }
        return running;
    }

    private List<String> line(Path trials) {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(OPENED);
        line.add(DRIVER);
        line.addAll(List.of("--master", master, "--out", trials.toAbsolutePath().toString()));
        store.ifPresent(path -> line.addAll(List.of("--store", path)));
        cores.ifPresent(count -> line.addAll(List.of("--task-cpus", count.toString())));
        line.addAll(List.of("--class-path", System.getProperty("java.class.path")));
        line.add("--");
        line.add("java");
        line.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        line.add(mainClass);
        line.addAll(arguments);
        return line;
    }

    /** What Spark 4 needs of Java 17, as its own launcher opens it. */
    private static final List<String> OPENED =
            List.of(
                    "-Xmx1g",
                    "-XX:+IgnoreUnrecognizedVMOptions",
                    "--add-modules=jdk.incubator.vector",
                    "--add-opens=java.base/java.lang=ALL-UNNAMED",
                    "--add-opens=java.base/java.lang.invoke=ALL-UNNAMED",
                    "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
                    "--add-opens=java.base/java.io=ALL-UNNAMED",
                    "--add-opens=java.base/java.net=ALL-UNNAMED",
                    "--add-opens=java.base/java.nio=ALL-UNNAMED",
                    "--add-opens=java.base/java.util=ALL-UNNAMED",
                    "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
                    "--add-opens=java.base/java.util.concurrent.atomic=ALL-UNNAMED",
                    "--add-opens=java.base/jdk.internal.ref=ALL-UNNAMED",
                    "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                    "--add-opens=java.base/sun.nio.cs=ALL-UNNAMED",
                    "--add-opens=java.base/sun.security.action=ALL-UNNAMED",
                    "--add-opens=java.base/sun.util.calendar=ALL-UNNAMED");
}
