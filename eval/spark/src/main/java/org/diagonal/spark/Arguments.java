package org.diagonal.spark;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the driver is told: {@code --master M --out DIR [--store PATH] [--directory DIR]
 * [--task-cpus N] --class-path P -- java …}.
 *
 * @param master of the cluster
 * @param out folder of this machine for results
 * @param store path of any Hadoop file system for them, too
 * @param directory where the processes run; empty for anywhere
 * @param cores of a task
 * @param classPath of the processes of trials
 * @param command of such a process, beginning with {@code java}
 */
record Arguments(
        String master,
        Path out,
        Optional<String> store,
        Optional<String> directory,
        Optional<Integer> cores,
        List<Path> classPath,
        List<String> command) {

    /**
     * Reads arguments.
     *
     * @throws IllegalArgumentException if one is missing
     */
    static Arguments parse(List<String> args) {
        int end = args.indexOf("--");
        if (end < 0 || end % 2 != 0) {
            throw new IllegalArgumentException("expected options with values, --, and a command");
        }
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < end; i += 2) {
            values.put(args.get(i), args.get(i + 1));
        }
        for (String key : List.of("--master", "--out", "--class-path")) {
            if (!values.containsKey(key)) {
                throw new IllegalArgumentException("missing " + key);
            }
        }
        return new Arguments(
                values.get("--master"),
                Path.of(values.get("--out")),
                Optional.ofNullable(values.get("--store")),
                Optional.ofNullable(values.get("--directory")),
                Optional.ofNullable(values.get("--task-cpus")).map(Integer::valueOf),
                classPath(values.get("--class-path")),
                List.copyOf(args.subList(end + 1, args.size())));
    }

    private static List<Path> classPath(String words) {
        List<Path> parts = new ArrayList<>();
        for (String part : words.split(File.pathSeparator, -1)) {
            if (!part.isEmpty()) {
                parts.add(Path.of(part).toAbsolutePath());
            }
        }
        return List.copyOf(parts);
    }

    /** The class path as words, where tasks run on this machine; empty for the files of the job. */
    String words(boolean here) {
        return here
                ? String.join(File.pathSeparator, classPath.stream().map(Path::toString).toList())
                : "";
    }

    /** Settings that {@code spark-submit} would read. */
    List<Path> defaults() {
        Stream<String> folders =
                Stream.of(
                                Optional.ofNullable(System.getenv("SPARK_CONF_DIR")),
                                Optional.ofNullable(System.getenv("SPARK_HOME"))
                                        .map(home -> home + "/conf"))
                        .flatMap(Optional::stream);
        return folders.map(folder -> Path.of(folder, "spark-defaults.conf"))
                .filter(Files::isRegularFile)
                .limit(1)
                .toList();
    }

    /** For messages. */
    @Override
    public String toString() {
        return Arrays.asList(master, out, store).toString();
    }
}
