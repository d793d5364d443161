package org.diagonal.eval.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.diagonal.eval.source.ModelSource;
import org.diagonal.plugin.files.AtomicFiles;

/** The folders of comparisons that were given none, and the commands that made them. */
public final class LastComparison {

    private static final Path RUNS = Path.of("runs");
    private static final String PREFIX = "compare-";

    /** Hidden, so that a folder with nothing else counts as empty. */
    private static final String COMMAND = ".command";

    private LastComparison() {}

    /** A folder that is named by the time. */
    public static Path newFolder() {
        DateTimeFormatter time = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);
        return RUNS.resolve(PREFIX + time.format(LocalDateTime.now(ZoneId.systemDefault())));
    }

    /** Keeps the words of the command whose results go into a folder. */
    public static void begin(Path folder, List<String> words) throws IOException {
        Files.createDirectories(folder);
        AtomicFiles.writeString(folder.resolve(COMMAND), String.join("\n", words) + "\n");
    }

    /**
     * The newest folder without a result.
     *
     * @throws NoSuchFileException if every comparison is finished
     */
    public static Path interrupted() throws IOException {
        if (Files.isDirectory(RUNS)) {
            try (Stream<Path> folders = Files.list(RUNS)) {
                Optional<Path> last =
                        folders.filter(LastComparison::isUnfinished)
                                .max(Comparator.comparing(Path::toString));
                if (last.isPresent()) {
                    return last.get();
                }
            }
        }
        throw new NoSuchFileException(
                RUNS.toAbsolutePath().toString(),
                null,
                "holds no interrupted comparison; name its folder with --out");
    }

    private static boolean isUnfinished(Path folder) {
        return folder.getFileName().toString().startsWith(PREFIX)
                && Files.exists(folder.resolve(COMMAND))
                && !Files.exists(folder.resolve(ModelSource.COMPARISON));
    }

    /** The words of the command that began a folder, with the folder. */
    public static List<String> words(Path folder) throws IOException {
        return Stream.concat(
                        Files.readAllLines(folder.resolve(COMMAND)).stream(),
                        Stream.of("--out", folder.toString()))
                .toList();
    }

    /** Words as a shell takes them. */
    public static String quoted(List<String> words) {
        return words.stream()
                .map(
                        word ->
                                word.matches("[\\w./:=,+%@-]+")
                                        ? word
                                        : "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
    }
}
