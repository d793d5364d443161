package org.diagonal.eval.record;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.diagonal.plugin.files.AtomicFiles;
import org.diagonal.plugin.files.FileFault;
import org.diagonal.plugin.files.JsonFile;

/**
 * The folder that a job writes into: keeps results out of folders that hold somebody's files.
 *
 * @param kind what is written, such as "comparison"
 * @param result the name of the file that is written last
 * @param own a regular expression: names of which a folder of this kind holds at least one
 */
public record OutFolder(String kind, String result, String own) {

    private static final String TRIALS = "trials";
    private static final String TRIAL = "[0-9a-f]{16}\\.json";

    /**
     * Checks, without writing, that a folder could be made, is empty, or holds such a result.
     *
     * @throws FileSystemException if it holds something else, naming it
     */
    public void require(Path folder) throws IOException {
        AtomicFiles.requirePlace(folder.resolve(result));
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            List<String> names =
                    files.map(file -> file.getFileName().toString())
                            .filter(name -> !name.startsWith("."))
                            .sorted()
                            .toList();
            boolean ours = false;
            for (String name : names) {
                ours |= name.matches(own) && isOurs(folder.resolve(name));
            }
            if (!names.isEmpty() && !ours) {
                throw FileFault.of(
                        folder,
                        "is not empty and holds no %s (contains %s); choose another folder"
                                .formatted(kind, names.get(0)));
            }
        }
    }

    /**
     * Refuses a folder that holds results of another kind.
     *
     * @param others names of their files
     */
    public void refuse(Path folder, String... others) throws FileSystemException {
        for (String other : others) {
            if (Files.exists(folder.resolve(other))) {
                throw FileFault.of(
                        folder,
                        "holds a %s, and cannot become a %s; choose another folder"
                                .formatted(other, kind));
            }
        }
    }

    /** A record that has a version, or a folder of trials or runs: others use such names, too. */
    private static boolean isOurs(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return isRecord(path);
        }
        if (!path.endsWith(TRIALS)) {
            return true;
        }
        try (Stream<Path> files = Files.list(path)) {
            return files.map(file -> file.getFileName().toString())
                    .allMatch(name -> name.startsWith(".") || name.matches(TRIAL));
        }
    }

    private static boolean isRecord(Path file) throws IOException {
        try {
            return JsonFile.read(file).path("version").isInt();
        } catch (FileSystemException notJson) {
            return false;
        }
    }

    /**
     * Makes a folder.
     *
     * @throws FileSystemException naming it, if it cannot be made
     */
    public static Path make(Path folder) throws IOException {
        try {
            return Files.createDirectories(folder);
        } catch (FileSystemException e) {
            throw FileFault.of(folder, "cannot be made: " + FileFault.why(e), e);
        }
    }
}
