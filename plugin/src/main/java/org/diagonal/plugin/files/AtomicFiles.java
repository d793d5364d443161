package org.diagonal.plugin.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Writes files and folders beside their place and moves them there when they are whole and on disk:
 * a reader sees the old or the new, never a part.
 *
 * <p>The temporary name is {@code .NAME.PID-START-RANDOM.part}; what a killed process left of a
 * target is removed by the target's next writer.
 */
public final class AtomicFiles {

    private static final Pattern PART =
            Pattern.compile("\\.(.+)\\.(\\d{1,18})-(\\d{1,18})-[0-9a-f]+\\.part");

    private static final String UNWRITTEN = "could not be written: ";

    private AtomicFiles() {}

    /** A consumer that may fail with an IOException. */
    @FunctionalInterface
    public interface IoConsumer<T> {
        /** Takes one value. */
        void accept(T value) throws IOException;
    }

    /**
     * Writes a file, replacing an old one; missing parent folders are made.
     *
     * @param writer creates and fills the file it is given, which does not exist yet
     * @throws IOException if the writer fails or the file cannot be written; the old file stays and
     *     the temporary one is removed
     */
    public static void write(Path target, IoConsumer<Path> writer) throws IOException {
        place(
                target,
                target,
                part -> {
                    writer.accept(part);
                    sync(part);
                });
    }

    /** Writes a file of UTF-8 text as {@link #write} does. */
    public static void writeString(Path target, String text) throws IOException {
        write(target, part -> Files.writeString(part, text));
    }

    /**
     * Moves a whole file to its place, replacing an old one: a part that outlives its process, such
     * as that of a download.
     *
     * @param whole in the folder of the target; a link is refused
     * @throws IOException if it cannot be brought to the disk or moved
     */
    public static void moveInto(Path whole, Path target) throws IOException {
        try (FileChannel channel =
                FileChannel.open(whole, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            channel.force(true);
        }
        Files.move(whole, target, StandardCopyOption.ATOMIC_MOVE);
        syncFolder(target.toAbsolutePath().getParent());
    }

    /**
     * Writes a folder that does not exist yet, or takes the place of an empty one, which stays
     * until then; missing parent folders are made. A process that is asked to end meanwhile, by
     * SIGINT or SIGTERM, leaves nothing of it.
     *
     * @param writer fills the folder it is given, which is empty
     * @throws FileAlreadyExistsException if the target is a file or holds something, before
     *     anything is written
     * @throws IOException if the writer fails or a file cannot be written; nothing is left
     */
    public static void writeFolder(Path target, IoConsumer<Path> writer) throws IOException {
        checkFree(target);
        place(
                target,
                target,
                part -> {
                    String name = target.getFileName().toString();
                    try (Unfinished unfinished = new Unfinished(() -> removeAtExit(part, name))) {
                        fill(part, target, writer);
                        unfinished.whole();
                    }
                });
    }

    /**
     * Writes a folder whose place is about to be another one: what goes wrong is said of that. A
     * process that is asked to end meanwhile may finish it.
     *
     * @param named the folder that messages name
     * @throws IOException as {@link #writeFolder(Path, IoConsumer)} does
     */
    public static void writeFolder(Path target, Path named, IoConsumer<Path> writer)
            throws IOException {
        checkFree(target);
        place(target, named, part -> fill(part, target, writer));
    }

    private static void fill(Path part, Path target, IoConsumer<Path> writer) throws IOException {
        Files.createDirectory(part);
        writer.accept(part);
        for (Path path : tree(part)) {
            sync(path);
        }
        checkFree(target);
        Files.deleteIfExists(target); // empty: no system but POSIX moves onto it
    }

    /**
     * Removes a folder, if there is one: it is whole or gone. What a killed process left of it is
     * removed by the target's next writer.
     *
     * @throws IOException if something cannot be removed
     */
    public static void removeFolder(Path target) throws IOException {
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            Path doomed = target.resolveSibling(partName(target.getFileName().toString()));
            Files.move(target, doomed, StandardCopyOption.ATOMIC_MOVE);
            remove(doomed);
        }
    }

    /** Under another name first, where its writer, who does not know of this, makes no more. */
    private static void removeAtExit(Path part, String name) {
        Path doomed = part.resolveSibling(partName(name));
        try {
            Files.move(part, doomed, StandardCopyOption.ATOMIC_MOVE);
            remove(doomed);
        } catch (IOException e) {
            return; // as if killed: the target's next writer removes it
        }
    }

    /**
     * Checks, without writing, that a file or a folder could be written: so that work that takes
     * hours does not end with a place that never could take its result.
     *
     * @throws FileSystemException if the nearest folder above that exists is none or takes no files
     */
    public static void requirePlace(Path target) throws IOException {
        Path above = target.toAbsolutePath().normalize().getParent();
        while (above != null && !Files.exists(above)) {
            above = above.getParent();
        }
        if (above == null || !Files.isDirectory(above)) {
            throw FileFault.of(target, "cannot be written: " + above + " is no folder");
        }
        if (!Files.isWritable(above)) {
            throw FileFault.of(target, "cannot be written: no permission in " + above);
        }
    }

    /**
     * Removes from a folder, not from those in it, what killed processes left of any target.
     *
     * @throws IOException if something cannot be removed
     */
    public static void removeLeftovers(Path folder) throws IOException {
        removePartsOf(folder, name -> true);
    }

    /**
     * The same of targets with certain names.
     *
     * @throws IOException if something cannot be removed
     */
    public static void removeLeftovers(Path folder, Predicate<String> names) throws IOException {
        removePartsOf(folder, names);
    }

    /** Whether a name is one that this class gives to what is not whole yet. */
    public static boolean isPart(Path path) {
        return path.getFileName() != null && PART.matcher(path.getFileName().toString()).matches();
    }

    private static void checkFree(Path target) throws IOException {
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS) && !isEmptyFolder(target)) {
            throw new FileAlreadyExistsException(
                    target.toString(), null, "exists already and is not overwritten");
        }
    }

    /** Whether a path is a folder, and no link to one, that holds nothing. */
    public static boolean isEmptyFolder(Path path) throws IOException {
        if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try (Stream<Path> inside = Files.list(path)) {
            return inside.findAny().isEmpty();
        }
    }

    private static void place(Path target, Path named, IoConsumer<Path> writer) throws IOException {
        Path parent = target.toAbsolutePath().getParent();
        String name = target.getFileName().toString();
        Path part = parent.resolve(partName(name));
        try {
            createParent(target, parent);
            removePartsOf(parent, name::equals);
            writer.accept(part);
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
            syncFolder(parent);
        } catch (AccessDeniedException e) {
            throw FileFault.of(named, UNWRITTEN + "no permission in " + parent, e);
        } catch (FileSystemException e) {
            throw named(named, part, e);
        } catch (IOException e) { // a full disk says no more than that
            throw FileFault.of(named, UNWRITTEN + e.getMessage(), e);
        } finally {
            remove(part);
        }
    }

    /** A failure under the name that the file would have had, not the temporary one. */
    private static FileSystemException named(Path target, Path part, FileSystemException failure) {
        Path file = Path.of(failure.getFile());
        if (!file.startsWith(part)) {
            return failure;
        }
        Path named = file.equals(part) ? target : target.resolve(part.relativize(file).toString());
        String reason = failure.getReason();
        if (reason == null) {
            reason = "cannot make a file there";
        }
        boolean said = reason.startsWith(UNWRITTEN);
        return FileFault.of(named, said ? reason : UNWRITTEN + reason, failure);
    }

    private static void createParent(Path target, Path parent) throws IOException {
        try {
            Files.createDirectories(parent);
        } catch (FileSystemException e) {
            throw FileFault.of(target, UNWRITTEN + FileFault.why(e), e);
        }
    }

    private static String partName(String name) {
        ProcessHandle self = ProcessHandle.current();
        return ".%s.%d-%d-%s.part"
                .formatted(
                        name,
                        self.pid(),
                        startOf(self),
                        UUID.randomUUID().toString().replace("-", ""));
    }

    private static void removePartsOf(Path parent, Predicate<String> name) throws IOException {
        try (DirectoryStream<Path> siblings = Files.newDirectoryStream(parent)) {
            for (Path sibling : siblings) {
                Matcher part = PART.matcher(sibling.getFileName().toString());
                if (part.matches() && name.test(part.group(1)) && !writerLives(part)) {
                    remove(sibling);
                }
            }
        }
    }

    /** A process number is used again sooner or later, a process number and its start are not. */
    private static boolean writerLives(Matcher part) {
        long start = Long.parseLong(part.group(3));
        return ProcessHandle.of(Long.parseLong(part.group(2)))
                .filter(process -> Math.abs(startOf(process) - start) <= 2)
                .isPresent();
    }

    private static long startOf(ProcessHandle process) {
        return process.info().startInstant().map(Instant::getEpochSecond).orElse(0L);
    }

    private static void remove(Path path) throws IOException {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            for (Path inside : tree(path)) {
                Files.deleteIfExists(inside);
            }
        }
    }

    /** A file, or a folder and all that it holds, the innermost first. */
    private static List<Path> tree(Path root) throws IOException {
        try (Stream<Path> paths = Files.walk(root)) {
            return paths.sorted(Comparator.reverseOrder()).toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void sync(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            syncFolder(path);
        } else {
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
        }
    }

    private static void syncFolder(Path folder) throws IOException {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        if (system.startsWith("windows")) {
            return; // there a folder cannot be opened, and renames are journalled
        }
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
