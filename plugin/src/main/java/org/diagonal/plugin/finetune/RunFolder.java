package org.diagonal.plugin.finetune;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.diagonal.plugin.checkpoint.AtomicFiles;

/**
 * The folder of one training: {@code run.json} (what was asked for), {@code metrics.csv}, {@code
 * checkpoints/step-N}, {@code best/}, the final model itself, and {@code result.json} at the end.
 *
 * <p>One process at a time holds it; {@link #close} lets go.
 */
public final class RunFolder implements AutoCloseable {

    /** What was asked for: settings, hashes, versions. */
    public static final String RUN = "run.json";

    /** How the run ended; only a finished run has it. */
    public static final String RESULT = "result.json";

    private static final String LOCK = ".lock";
    private static final String PREFIX = "step-";

    private final Path folder;
    private final FileChannel channel;
    private final FileLock lock;

    private RunFolder(Path folder, FileChannel channel, FileLock lock) {
        this.folder = folder;
        this.channel = channel;
        this.lock = lock;
    }

    /**
     * Creates or takes up a run's folder, and locks it.
     *
     * @throws IOException if the folder cannot be written, holds something else than a run, or
     *     another process works on it; the message says which
     */
    public static RunFolder open(Path folder) throws IOException {
        requireRunOrEmpty(folder);
        FileChannel channel;
        try {
            Files.createDirectories(folder);
            channel =
                    FileChannel.open(
                            folder.resolve(LOCK),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
        } catch (AccessDeniedException e) {
            throw new FileSystemException(folder.toString(), null, "cannot be written to");
        }
        FileLock lock = lock(channel);
        if (lock == null) {
            channel.close();
            throw new FileSystemException(
                    folder.toString(), null, "another process is working on this run");
        }
        return new RunFolder(folder, channel, lock);
    }

    private static FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // held by this very process
        }
    }

    private static void requireRunOrEmpty(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        if (!Files.isDirectory(folder)) {
            throw new FileSystemException(folder.toString(), null, "is a file, not a folder");
        }
        if (Files.exists(folder.resolve(RUN))) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            Optional<Path> other =
                    files.filter(file -> !file.getFileName().toString().startsWith("."))
                            .findFirst();
            if (other.isPresent()) {
                throw new FileSystemException(
                        folder.toString(),
                        null,
                        "is not empty and no run: it holds " + other.get().getFileName());
            }
        }
    }

    /** Where the run lies. */
    public Path path() {
        return folder;
    }

    /** Whether the run has ended by itself. */
    public boolean isFinished() {
        return Files.exists(folder.resolve(RESULT));
    }

    /** The text of {@code run.json}, if the run was begun before. */
    public Optional<String> run() throws IOException {
        Path file = folder.resolve(RUN);
        return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
    }

    /** Writes {@code run.json}. */
    public void begin(String json) throws IOException {
        AtomicFiles.writeString(folder.resolve(RUN), json);
    }

    /** Writes {@code result.json}: the run is finished from then on. */
    public void finish(String json) throws IOException {
        AtomicFiles.writeString(folder.resolve(RESULT), json);
    }

    Path metrics() {
        return folder.resolve("metrics.csv");
    }

    /** The folder of a step's checkpoint, there or not. */
    Path checkpoint(long step) {
        return folder.resolve("checkpoints").resolve(PREFIX + step);
    }

    /** The last checkpoint, if there is one. */
    public Optional<Path> lastCheckpoint() throws IOException {
        List<Long> steps = checkpointSteps();
        return steps.isEmpty()
                ? Optional.empty()
                : Optional.of(checkpoint(steps.get(steps.size() - 1)));
    }

    private List<Long> checkpointSteps() throws IOException {
        Path all = folder.resolve("checkpoints");
        if (!Files.isDirectory(all)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(all)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches(PREFIX + "\\d+"))
                    .map(name -> Long.parseLong(name.substring(PREFIX.length())))
                    .sorted()
                    .toList();
        }
    }

    /** Removes all but the last checkpoints and the best. */
    void prune(int keep, OptionalLong best) throws IOException {
        List<Long> steps = checkpointSteps();
        for (long step : steps.subList(0, Math.max(0, steps.size() - keep))) {
            if (best.isEmpty() || best.getAsLong() != step) {
                delete(checkpoint(step));
            }
        }
    }

    /** Makes a folder of this run anew from a writer, in place of an older one. */
    void replace(String name, AtomicFiles.IoConsumer<Path> writer) throws IOException {
        delete(folder.resolve(name)); // its source, a checkpoint, is still there
        AtomicFiles.writeFolder(folder.resolve(name), writer);
    }

    private static void delete(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        Path doomed = tree.resolveSibling("." + tree.getFileName() + ".deleted");
        if (!Files.exists(doomed)) {
            Files.move(tree, doomed); // a kill in the middle leaves no half checkpoint
        }
        for (Path root : List.of(doomed, tree)) {
            if (Files.exists(root)) {
                try (Stream<Path> files = Files.walk(root)) {
                    for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(file);
                    }
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        lock.release();
        channel.close();
    }
}
