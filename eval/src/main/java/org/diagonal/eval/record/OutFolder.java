package org.diagonal.eval.record;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.diagonal.plugin.files.AtomicFiles;
import org.diagonal.plugin.files.FileFault;

/**
 * The folder that a job writes into: keeps results out of folders that hold somebody's files.
 *
 * @param kind what is written, such as "comparison"
 * @param result the name of the file that is written last
 * @param own a regular expression: names of which a folder of this kind holds at least one
 */
public record OutFolder(String kind, String result, String own) {

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
            if (!names.isEmpty() && names.stream().noneMatch(name -> name.matches(own))) {
                throw FileFault.of(
                        folder,
                        "is not empty and holds no %s (contains %s); choose another folder"
                                .formatted(kind, names.get(0)));
            }
        }
    }
}
