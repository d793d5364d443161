package org.diagonal.spark;

import java.io.File;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkFiles;
import org.apache.spark.TaskContext;

/**
 * A task: one trial in a process of its own, since a process trains one network at a time and its
 * native memory is the system's again when it ends.
 */
final class TrialTask implements Serializable {

    private static final long serialVersionUID = 1L;

    private static final String PARENT = "DIAGONAL_CURVE_PARENT";
    private static final String THREADS = "@threads";

    private final String classPath;
    private final String directory;
    private final ArrayList<String> command;

    /**
     * A task for any trial.
     *
     * @param classPath of the process; empty where it is the files that came with the job
     * @param directory where the process runs; empty for anywhere
     * @param command of the process, beginning with {@code java}; {@code @threads} stands for the
     *     cores of a task
     */
    TrialTask(String classPath, String directory, List<String> command) {
        this.classPath = classPath;
        this.directory = directory;
        this.command = new ArrayList<>(command);
    }

    /**
     * Runs a trial.
     *
     * @param json the trial
     * @return the text of its file
     * @throws IllegalStateException with what the process said, if it failed
     */
    String run(String json) {
        try {
            Path folder = Files.createTempDirectory("diagonal-trial-");
            try {
                return run(json, folder);
            } finally {
                for (String name : List.of("in", "out", "err")) {
                    Files.deleteIfExists(folder.resolve(name));
                }
                Files.deleteIfExists(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String run(String json, Path folder) throws IOException {
        Path in = Files.writeString(folder.resolve("in"), json + "\n");
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(line());
        if (!directory.isEmpty()) {
            builder.directory(new File(directory));
        }
        builder.environment().put("CLASSPATH", path());
        // Spark's own settings are not the trial's.
        builder.environment().remove("SPARK_HOME");
        builder.environment().put(PARENT, Long.toString(ProcessHandle.current().pid()));
        builder.redirectInput(in.toFile());
        builder.redirectOutput(out.toFile());
        builder.redirectError(err.toFile());
        Process process = builder.start();
        try {
            int code = process.waitFor();
            if (code != 0) {
                throw new IllegalStateException(words(code, err));
            }
        } catch (InterruptedException e) { // the job was cancelled, or another attempt was quicker
            Thread.currentThread().interrupt();
            throw new IllegalStateException("cancelled", e);
        } finally {
            process.destroyForcibly();
        }
        return Files.readString(out, StandardCharsets.UTF_8);
    }

    private List<String> line() {
        TaskContext context = TaskContext.get();
        String threads = Integer.toString(context == null ? 1 : context.cpus());
        List<String> line = new ArrayList<>(command);
        line.set(0, Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.replaceAll(word -> word.equals(THREADS) ? threads : word);
        return line;
    }

    private String path() {
        return classPath.isEmpty()
                ? Path.of(SparkFiles.getRootDirectory(), "*").toString()
                : classPath;
    }

    private static String words(int code, Path err) throws IOException {
        String said =
                Files.readAllLines(err).stream()
                        .filter(line -> line.startsWith("diagonal"))
                        .findFirst()
                        .map(line -> line.replaceFirst("^diagonal[a-z ]*: ", ""))
                        .orElse("");
        return said.isEmpty()
                ? "the process of a trial ended with exit code %d%s"
                        .formatted(code, code == 137 ? " (killed; memory?)" : "")
                : said;
    }
}
