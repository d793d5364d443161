package org.diagonal.eval.reports;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.diagonal.eval.report.page.Page;
import org.diagonal.eval.train.TrainingFolder;
import org.diagonal.plugin.run.RunFolder;

/** What commands have left in the folders of a folder. */
public final class RunList {

    /** Folders below that depth are parts of a result. */
    private static final int DEPTH = 2;

    /** How far a run is. */
    public enum State {
        FINISHED,
        RUNNING,
        INTERRUPTED,
        DAMAGED
    }

    /**
     * One folder.
     *
     * @param folder as it was found from where the user is
     * @param kind what was run
     * @param state how far it is
     * @param result the first sentence of its page; empty while there is none
     * @param changed when its record was written last
     */
    public record Entry(String folder, String kind, State state, String result, String changed) {}

    private RunList() {}

    /**
     * Every run in a folder, the newest first.
     *
     * @throws IOException if there is no such folder
     */
    public static List<Entry> of(Path root) throws IOException {
        if (!Files.isDirectory(root)) {
            throw new NotDirectoryException(root.toString());
        }
        List<Entry> entries = new ArrayList<>();
        collect(root, 0, entries);
        entries.sort((a, b) -> b.changed().compareTo(a.changed()));
        return List.copyOf(entries);
    }

    private static void collect(Path folder, int depth, List<Entry> entries) throws IOException {
        Optional<Entry> entry = entry(folder);
        entry.ifPresent(entries::add);
        boolean isWhole =
                entry.isPresent() && !entry.get().kind().equals(ResultKind.COMPARISON.toString());
        if (isWhole || depth == DEPTH) {
            return;
        }
        try (Stream<Path> folders = Files.list(folder)) {
            for (Path next : folders.filter(Files::isDirectory).sorted().toList()) {
                collect(next, depth + 1, entries);
            }
        }
    }

    private static Optional<Entry> entry(Path folder) throws IOException {
        Optional<ResultKind> kind = ResultKind.in(folder);
        if (kind.isPresent()) {
            Path file = kind.get().file(folder);
            return Optional.of(finished(folder, kind.get().toString(), file));
        }
        if (!TrainingFolder.isOne(folder)) {
            return Optional.empty();
        }
        Path result = folder.resolve(RunFolder.RESULT);
        if (Files.exists(result)) {
            return Optional.of(finished(folder, "training", result));
        }
        String left =
                RunFolder.lastCheckpoint(folder)
                        .map(checkpoint -> "last checkpoint " + checkpoint.getFileName())
                        .orElse("no checkpoint yet");
        return Optional.of(
                new Entry(
                        folder.toString(),
                        "training",
                        isLocked(folder) ? State.RUNNING : State.INTERRUPTED,
                        left,
                        changed(folder.resolve(RunFolder.RUN))));
    }

    private static Entry finished(Path folder, String kind, Path file) throws IOException {
        try {
            Page page = Reports.page(folder);
            String says = page.lead().isEmpty() ? page.title() : page.lead().get(0);
            return new Entry(folder.toString(), kind, State.FINISHED, says, changed(file));
        } catch (IOException | IllegalArgumentException e) {
            return new Entry(folder.toString(), kind, State.DAMAGED, e.getMessage(), changed(file));
        }
    }

    private static String changed(Path file) throws IOException {
        Instant time = Files.getLastModifiedTime(file).toInstant();
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** Whether a process works in a folder. */
    private static boolean isLocked(Path folder) throws IOException {
        Path lock = folder.resolve(".lock");
        if (!Files.exists(lock)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE)) {
            return channel.tryLock() == null;
        } catch (OverlappingFileLockException e) {
            return true; // this very process
        }
    }
}
