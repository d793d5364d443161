package org.diagonal.templates.catalogue;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.diagonal.templates.task.Nearest;
import org.diagonal.templates.task.Quoted;
import org.diagonal.templates.task.Task;
import org.diagonal.templates.task.TaskYaml;

/** The tasks that are known by name, the paper's, and the way to all others. */
public final class Catalogue {

    /** Tasks that are files on the class path, in the order of the list. */
    private static final List<String> FILES =
            List.of(
                    "same-different",
                    "aba-abb",
                    "aabb-abab",
                    "programs",
                    "symbolic-programs",
                    "print",
                    "copy",
                    "word-problem",
                    "symbolic-word-problem");

    private static final Pattern MAJORITY = Pattern.compile("(symbolic-)?majority-(\\d{1,9})");

    /**
     * A line of the list.
     *
     * @param name what users write; K in it is a number of theirs
     * @param about one sentence on what the task tests
     */
    public record Entry(String name, String about) {}

    private Catalogue() {}

    /** All names, with a sentence each. */
    public static List<Entry> entries() throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (String name : FILES) {
            entries.add(new Entry(name, file(name).about()));
        }
        entries.add(3, new Entry(Majority.REAL_NAME, Majority.REAL_ABOUT));
        entries.add(4, new Entry(Majority.SYMBOLIC_NAME, Majority.SYMBOLIC_ABOUT));
        entries.add(5, new Entry(RandomTemplates.NAME, RandomTemplates.ABOUT));
        entries.add(new Entry(Puzzles.DISTRIBUTION_OF_3, Puzzles.DISTRIBUTION_ABOUT));
        entries.add(new Entry(Puzzles.MATCH_TO_SAMPLE, Puzzles.MATCH_ABOUT));
        entries.add(new Entry(Puzzles.RAVEN, Puzzles.RAVEN_ABOUT));
        return List.copyOf(entries);
    }

    /**
     * Finds or makes a task.
     *
     * @param nameOrPath a name of the catalogue, with its parameters as in {@code majority-4} or
     *     {@code random-templates:r=10,k=5}, or the path of a file that ends in {@code .yaml} or
     *     {@code .yml}
     * @throws IllegalArgumentException if there is no such name, with the nearest and all names
     * @throws IOException if the file cannot be read or is no task
     */
    public static Task task(String nameOrPath) throws IOException {
        if (nameOrPath.endsWith(".yaml") || nameOrPath.endsWith(".yml")) {
            return TaskYaml.read(path(nameOrPath));
        }
        Optional<Task> family = family(nameOrPath);
        if (family.isPresent()) {
            return family.get();
        }
        if (FILES.contains(nameOrPath)) {
            return file(nameOrPath);
        }
        List<String> names = entries().stream().map(Entry::name).toList();
        throw new IllegalArgumentException(
                Nearest.message("task", nameOrPath, names)
                        + "; a file of your own ends in .yaml or .yml");
    }

    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("not a path: " + Quoted.of(text), e);
        }
    }

    private static Optional<Task> family(String name) {
        Matcher majority = MAJORITY.matcher(name);
        if (majority.matches()) {
            int length = Integer.parseInt(majority.group(2));
            return Optional.of(
                    majority.group(1) == null
                            ? Majority.real(name, length)
                            : Majority.symbolic(name, length));
        }
        if (name.equals(RandomTemplates.NAME) || name.startsWith(RandomTemplates.NAME + ":")) {
            int begin = Math.min(name.length(), RandomTemplates.NAME.length() + 1);
            return Optional.of(RandomTemplates.parse(name.substring(begin)).task());
        }
        return switch (name) {
            case Puzzles.DISTRIBUTION_OF_3 -> Optional.of(Puzzles.distributionOf3());
            case Puzzles.MATCH_TO_SAMPLE -> Optional.of(Puzzles.matchToSample());
            case Puzzles.RAVEN -> Optional.of(Puzzles.raven());
            case Majority.REAL_NAME, Majority.SYMBOLIC_NAME ->
                    throw new IllegalArgumentException(
                            name + ": put a length in place of K, as in " + name.replace("K", "3"));
            default -> Optional.empty();
        };
    }

    private static Task file(String name) throws IOException {
        String resource = name + ".yaml";
        try (InputStream in = Catalogue.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new FileNotFoundException(resource + ": not on the class path");
            }
            return TaskYaml.parse(resource, in.readAllBytes());
        }
    }
}
