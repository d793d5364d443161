package org.diagonal.eval.trial;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.diagonal.eval.source.Parent;
import org.diagonal.plugin.files.FileFault;

/**
 * Further processes of this program, which share a folder of trials.
 *
 * <p>They are the same Java with the same flags. The class path goes through the environment: ONNX
 * Runtime 1.29 ends a process whose command line is longer than about 4 KB.
 *
 * @param mainClass of this program
 * @param arguments of each process, as on a command line
 * @param count how many
 */
public record WorkerProcesses(String mainClass, List<String> arguments, int count)
        implements TrialWorkers {

    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final long POLL_MILLIS = 300;

    /** Copies the arguments. */
    public WorkerProcesses {
        arguments = List.copyOf(arguments);
        if (count < 1) {
            throw new IllegalArgumentException("processes must be 1 or more: " + count);
        }
    }

    /** Starts the processes, but no more than there are trials; each gets all trials on stdin. */
    @Override
    public Running start(Path trials, List<Trial> pending) throws IOException {
        Running running = new Running();
        try {
            Path orders = running.input(pending.stream().map(TrialOrder::line).toList());
            for (int i = 0; i < Math.min(count, pending.size()); i++) {
                ProcessBuilder builder = new ProcessBuilder(line());
                builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
                running.add(builder, orders);
            }
        } catch (IOException e) {
            running.close();
            throw unstarted(e);
        }
        return running;
    }

    /** A full disk says no more than that. */
    private static IOException unstarted(IOException cause) {
        return new IOException(
                "processes cannot be started with the temporary folder %s: %s; DIAGONAL_JAVA_OPTS=-Djava.io.tmpdir=FOLDER names another"
                        .formatted(System.getProperty("java.io.tmpdir"), FileFault.why(cause)),
                cause);
    }

    private List<String> line() {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        line.add(mainClass);
        line.addAll(arguments);
        return line;
    }

    /** Processes that were started, until they are closed. */
    public static final class Running implements AutoCloseable {

        private final List<Process> processes = new ArrayList<>();
        private final List<Path> errors = new ArrayList<>();
        private final List<Path> inputs = new ArrayList<>();

        /** A file for the processes to read, which is deleted in the end. */
        Path input(List<String> lines) throws IOException {
            Path file = Files.createTempFile("diagonal-trials-", ".jsonl");
            inputs.add(file);
            Files.write(file, lines);
            return file;
        }

        /** Starts a process, which is told who waits for it. */
        void add(ProcessBuilder builder, Path input) throws IOException {
            Path error = Files.createTempFile("diagonal-curve-", ".err");
            errors.add(error);
            builder.environment()
                    .put(Parent.VARIABLE, Long.toString(ProcessHandle.current().pid()));
            builder.redirectInput(input.toFile());
            builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
            builder.redirectError(error.toFile());
            processes.add(builder.start());
        }

        /** Looks at what the processes have left. */
        @FunctionalInterface
        public interface Look {
            /** Whether that is all. */
            boolean isAll() throws IOException;
        }

        /**
         * Waits until the processes have left all that they are to leave.
         *
         * @param stop becomes true when this process is asked to end
         * @return false if it was asked to end before
         * @throws IllegalStateException with the words of the first process that failed, or how it
         *     ended, once no process works any more
         */
        public boolean await(Look look, BooleanSupplier stop) throws IOException {
            while (true) {
                boolean working = processes.stream().anyMatch(Process::isAlive);
                if (!pause() || stop.getAsBoolean()) {
                    return false;
                }
                if (look.isAll()) {
                    return true;
                }
                if (!working) {
                    throw new IllegalStateException(failure());
                }
            }
        }

        /** False if this thread was asked to end. */
        static boolean pause() {
            try {
                Thread.sleep(POLL_MILLIS);
                return true;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }

        private String failure() throws IOException {
            for (int i = 0; i < processes.size(); i++) {
                int code = processes.get(i).exitValue();
                if (code != 0) {
                    return words(code, errors.get(i));
                }
            }
            return "all processes have ended before all trials";
        }

        private static String words(int code, Path error) throws IOException {
            String line =
                    new String(Files.readAllBytes(error), StandardCharsets.UTF_8)
                            .lines()
                            .filter(text -> text.startsWith("diagonal"))
                            .findFirst()
                            .map(text -> text.replaceFirst("^diagonal[a-z ]*: ", ""))
                            .orElse("");
            return line.isEmpty()
                    ? "a worker process ended with exit code %d%s; run the same command again to resume"
                            .formatted(code, code == 137 ? " (killed; memory?)" : "")
                    : line;
        }

        /** Ends the processes: asks first, and forces what still lives after ten seconds. */
        @Override
        public void close() throws IOException {
            processes.forEach(Process::destroy);
            Instant end = Instant.now().plus(GRACE);
            for (Process process : processes) {
                long left = Math.max(0, Duration.between(Instant.now(), end).toMillis());
                try {
                    if (!process.waitFor(left, TimeUnit.MILLISECONDS)) {
                        process.destroyForcibly();
                    }
                } catch (InterruptedException e) {
                    process.destroyForcibly();
                    Thread.currentThread().interrupt();
                }
            }
            for (Path error : errors) {
                Files.deleteIfExists(error);
            }
            for (Path input : inputs) {
                Files.deleteIfExists(input);
            }
        }
    }
}
