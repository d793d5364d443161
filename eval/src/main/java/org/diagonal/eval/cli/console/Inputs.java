package org.diagonal.eval.cli.console;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.diagonal.eval.hub.Settings;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The files and folders that a command reads: all that its options and parameters name, the cache,
 * and the program itself.
 *
 * @param paths without links
 */
public record Inputs(List<Path> paths) {

    private static final Set<String> OUTPUTS = Set.of("--json", "--out");

    public Inputs {
        paths = List.copyOf(paths);
    }

    /** What a command was given. */
    public static Inputs of(CommandSpec spec) throws IOException {
        List<Path> paths = new ArrayList<>();
        for (ArgSpec argument : spec.args()) {
            boolean output =
                    argument instanceof OptionSpec option && OUTPUTS.contains(option.longestName());
            if (!output) {
                add(paths, argument.getValue());
            }
        }
        add(paths, Settings.fromEnvironment().cache());
        for (String library : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            add(paths, library); // open in this process, under numbers that nobody gave
        }
        add(paths, System.getProperty("java.home") + "/lib/modules");
        return new Inputs(paths);
    }

    private static void add(List<Path> paths, Object value) throws IOException {
        if (value instanceof Optional<?> optional) {
            if (optional.isPresent()) {
                add(paths, optional.get());
            }
        } else if (value instanceof Iterable<?> values && !(value instanceof Path)) {
            for (Object each : values) {
                add(paths, each);
            }
        } else if (value instanceof Path || value instanceof String) {
            existing(value.toString()).ifPresent(paths::add);
        }
    }

    /** The file of that name, or the folder of a name with a split behind it. */
    private static Optional<Path> existing(String words) throws IOException {
        for (String name : List.of(words, words.replaceFirst(":[a-z]+$", ""))) {
            try {
                Path path = Path.of(name);
                if (!name.isEmpty() && Files.exists(path)) {
                    return Optional.of(path.toRealPath());
                }
            } catch (InvalidPathException e) {
                return Optional.empty(); // a value, not a path
            }
        }
        return Optional.empty();
    }

    /** Whether a file that exists is itself an input. */
    boolean isOne(Path file) throws IOException {
        for (Path path : paths) {
            if (Files.isSameFile(path, file)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a file that exists lies in a folder that is an input. */
    boolean holds(Path file) throws IOException {
        Path real = file.toRealPath();
        return paths.stream().anyMatch(real::startsWith);
    }
}
