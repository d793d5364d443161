package org.diagonal.eval.trial;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Apache Spark: a driver in a process of its own, whose class path is Spark's, so that its
 * libraries and ours do not meet. Each task runs one order in a further process of this program.
 *
 * @param master of the cluster, as Spark writes it
 * @param home Spark's folder, with {@code jars}
 * @param driver the archive with the driver
 * @param mainClass of this program
 * @param arguments of a process that reads one order on stdin and writes its result to stdout;
 *     {@code @threads} stands for the cores of a task
 * @param store a path of any Hadoop file system that keeps the results, too; empty for none
 * @param directory where processes run that find files by relative paths; empty for anywhere, and
 *     only then is an order given to two processes at once where the first is slow
 * @param cores of a task; the cluster's setting where it is absent
 */
public record SparkCluster(
        String master,
        Path home,
        Path driver,
        String mainClass,
        List<String> arguments,
        Optional<String> store,
        Optional<Path> directory,
        Optional<Integer> cores) {
    private static final String DRIVER = "org.diagonal.spark.Driver";

    private static final Pattern MASTER =
            Pattern.compile(
                    "local-cluster\\[\\s*\\d+\\s*,\\s*\\d+\\s*,\\s*\\d+\\s*\\]|yarn"
                            + "|spark://[^\\s,/]+:\\d+(,[^\\s,/]+:\\d+)*|k8s://\\S+");

    private static final Pattern HOST =
            Pattern.compile("(?:k8s://https?|spark)://([^:/,]+|\\[[^]]+\\])(?::(\\d+))?.*");

    private static final int PATIENCE_MILLIS = 5000;

    /** Copies the arguments. */
    public SparkCluster {
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

    /**
     * Starts the driver.
     *
     * @param results the folder for a file NAME.json of each order
     * @param orders a line each, NAME, a tab and what a process reads; the first begin first
     * @return what runs until it is closed
     */
    public WorkerProcesses.Running start(Path results, List<String> orders) throws IOException {
        WorkerProcesses.Running running = new WorkerProcesses.Running();
        try {
            ProcessBuilder builder = new ProcessBuilder(line(results));
            Map<String, String> environment = builder.environment();
            environment.put("SPARK_HOME", home.toString());
            environment.put("SPARK_SCALA_VERSION", "2.13");
            environment.put("CLASSPATH", driver + File.pathSeparator + home.resolve("jars/*"));
            running.add(builder, running.input(orders));
        } catch (IOException e) {
            running.close();
            throw e;
        }
        return running;
    }

    private List<String> line(Path results) {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(OPENED);
        line.add(DRIVER);
        line.addAll(List.of("--master", master, "--out", results.toAbsolutePath().toString()));
        store.ifPresent(path -> line.addAll(List.of("--store", path)));
        directory.ifPresent(path -> line.addAll(List.of("--directory", path.toString())));
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
