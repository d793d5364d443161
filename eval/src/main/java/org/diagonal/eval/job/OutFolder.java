package org.diagonal.eval.job;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.diagonal.plugin.checkpoint.AtomicFiles;

/** Keeps results out of folders that hold somebody's files. */
enum OutFolder {
    /** Of compare: its result, or the runs of its arms. */
    COMPARISON("comparison", ComparisonFile.NAME, "compare\\.json|(none|qk|ov|both)-seed-?\\d+"),

    /** Of curve: its result, or its trials. */
    CURVE("curve", CurveFiles.JSON, "curve\\.json|trials"),

    /** Of inspect. */
    INSPECTION("inspection", InspectFiles.JSON, "inspect\\.json");

    private final String word;
    private final String result;
    private final String own;

    OutFolder(String word, String result, String names) {
        this.word = word;
        this.result = result;
        this.own = names;
    }

    /**
     * Checks, without writing, that a folder could be made, is empty, or holds such a result.
     *
     * @throws FileSystemException if it holds something else, naming it
     */
    void require(Path folder) throws IOException {
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
                throw new FileSystemException(
                        folder.toString(),
                        null,
                        "is not empty and holds no %s (contains %s); choose another folder"
                                .formatted(word, names.get(0)));
            }
        }
    }
}
