package org.diagonal.spark;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.spark.SimpleFutureAction;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import scala.Function1;
import scala.Function2;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.BoxedUnit;

/**
 * Runs trials as the tasks of one Spark job, in the order in which they are given, and keeps each
 * result as soon as its task ends. A task that is repeated, or runs twice because the first is
 * slow, changes nothing: the first result is kept.
 */
public final class Driver {

    private static final String PARENT = "DIAGONAL_CURVE_PARENT";

    private Driver() {}

    /**
     * Runs a job. Trials come on stdin, a line each: name, tab, JSON.
     *
     * @param args see {@link Arguments}
     */
    public static void main(String[] args) {
        int code;
        try {
            Arguments arguments = Arguments.parse(List.of(args));
            watchParent();
            code = run(arguments, orders(new InputStreamReader(System.in, StandardCharsets.UTF_8)));
        } catch (IOException | RuntimeException e) {
            code = failed(e);
        }
        Runtime.getRuntime().halt(code); // Spark's threads need not end by themselves
    }

    private static int failed(Throwable why) {
        Throwable cause = why;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        // Spark quotes what a task threw, with its trace behind.
        String words =
                String.valueOf(cause.getMessage())
                        .replaceFirst("(?s)^Job aborted.*?IllegalStateException: ", "");
        System.err.println("diagonal spark: " + words.lines().findFirst().orElse(""));
        return 1;
    }

    /** A trial on its way. */
    record Order(String name, String json) implements Serializable {}

    private static List<Order> orders(Reader in) {
        return new BufferedReader(in)
                .lines()
                .map(line -> line.split("\t", 2))
                .map(parts -> new Order(parts[0], parts[1]))
                .toList();
    }

    private static int run(Arguments arguments, List<Order> orders) throws IOException {
        SparkConf conf = conf(arguments);
        try (JavaSparkContext spark = new JavaSparkContext(conf)) {
            Results results = Results.of(arguments, spark.hadoopConfiguration());
            List<Order> missing = new ArrayList<>();
            for (Order order : orders) {
                if (!results.has(order.name())) {
                    missing.add(order);
                }
            }
            if (!missing.isEmpty()) {
                boolean here = arguments.master().startsWith("local");
                if (!here) {
                    arguments.classPath().stream()
                            .filter(Files::isRegularFile)
                            .forEach(jar -> spark.addFile(jar.toString()));
                }
                submit(
                        spark,
                        missing,
                        new TrialTask(
                                arguments.words(here),
                                arguments.directory().orElse(""),
                                arguments.command()),
                        results);
            }
            return 0;
        } catch (ExecutionException | SparkException e) {
            return failed(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }

    private static void submit(
            JavaSparkContext spark, List<Order> orders, TrialTask task, Results results)
            throws ExecutionException, SparkException, InterruptedException {
        spark.sc().setInterruptOnCancel(true);
        JavaRDD<Order> tasks = spark.parallelize(orders, orders.size());
        Function1<Iterator<Order>, String> process =
                (Function1<Iterator<Order>, String> & Serializable)
                        trials -> task.run(trials.next().json());
        Function2<Object, String, BoxedUnit> keep =
                (index, text) -> {
                    results.keep(orders.get((Integer) index).name(), text);
                    return BoxedUnit.UNIT;
                };
        List<Object> all = new ArrayList<>(IntStream.range(0, orders.size()).boxed().toList());
        SimpleFutureAction<BoxedUnit> job =
                spark.sc()
                        .submitJob(
                                tasks.rdd(),
                                process,
                                CollectionConverters.asScala(all).toSeq(),
                                keep,
                                () -> BoxedUnit.UNIT);
        job.get();
    }

    private static SparkConf conf(Arguments arguments) throws IOException {
        SparkConf conf = new SparkConf();
        for (Path file : arguments.defaults()) {
            Properties properties = new Properties();
            try (Reader reader = Files.newBufferedReader(file)) {
                properties.load(reader);
            }
            properties.stringPropertyNames().stream()
                    .filter(key -> key.startsWith("spark."))
                    .forEach(key -> conf.set(key, properties.getProperty(key).strip()));
        }
        conf.setMaster(arguments.master());
        if (arguments.directory().isPresent()) {
            conf.set("spark.speculation", "false"); // two would write into one folder
        }
        arguments.cores().ifPresent(cores -> conf.set("spark.task.cpus", cores.toString()));
        conf.setIfMissing("spark.app.name", "diagonal");
        conf.setIfMissing("spark.ui.enabled", "false");
        conf.setJars(JavaSparkContext.jarOfClass(Driver.class));
        return conf;
    }

    /** Ends with the process that waits for this one, however that ends. */
    private static void watchParent() {
        String parent = System.getenv(PARENT);
        if (parent == null) {
            return;
        }
        Thread watch =
                new Thread(
                        () -> {
                            ProcessHandle.of(Long.parseLong(parent))
                                    .ifPresent(process -> process.onExit().join());
                            Runtime.getRuntime().exit(1);
                        },
                        "parent");
        watch.setDaemon(true);
        watch.start();
    }
}
