package org.diagonal.eval.source;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.diagonal.eval.hub.Hub;

/** Several files from one name: paths with commas between them, each perhaps a pattern. */
final class DataFiles {

    private static final String SIGNS = ".*[*?\\[{].*";

    private DataFiles() {}

    /**
     * The files that a name lists.
     *
     * @return empty if the name is one path or the name of a data set
     * @throws NoSuchFileException if a pattern matches nothing, or a listed file is not there
     */
    static Optional<List<Path>> find(String name) throws IOException {
        boolean several = name.contains(",") || name.matches(SIGNS);
        if (!several || exists(name)) {
            return Optional.empty();
        }
        List<Path> files = new ArrayList<>();
        for (String part : name.split(",(?![^{]*\\})", -1)) {
            String words = part.strip();
            if (!exists(words) && words.matches(SIGNS)) {
                files.addAll(matches(words));
            } else if (exists(words)) {
                files.add(Path.of(words));
            } else {
                throw new NoSuchFileException(words, null, "no such file, of those in " + name);
            }
        }
        return Optional.of(files);
    }

    private static boolean exists(String words) {
        return !words.isEmpty() && Hub.existing(words).isPresent();
    }

    private static List<Path> matches(String pattern) throws IOException {
        String plain = pattern.replaceFirst("[*?\\[{].*", "");
        int slash = plain.lastIndexOf('/');
        Path from = Path.of(slash < 0 ? "" : plain.substring(0, slash + 1));
        String rest = pattern.substring(slash + 1);
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + rest);
        int depth =
                rest.contains("**")
                        ? Integer.MAX_VALUE
                        : (int) rest.chars().filter(c -> c == '/').count() + 1;
        if (Files.isDirectory(from.toAbsolutePath())) {
            try (Stream<Path> all = Files.walk(from, depth)) {
                List<Path> files =
                        all.filter(Files::isRegularFile)
                                .filter(file -> !file.getFileName().toString().startsWith("."))
                                .filter(file -> matcher.matches(from.relativize(file)))
                                .sorted()
                                .toList();
                if (!files.isEmpty()) {
                    return files;
                }
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
        }
        throw new NoSuchFileException(pattern, null, "no file matches this pattern");
    }
}
