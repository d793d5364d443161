package org.diagonal.eval.sweep;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.diagonal.plugin.files.FileFault;
import org.diagonal.plugin.files.TextFile;

/**
 * A sweep as its file describes it.
 *
 * @param name of the file or of the catalogue's entry, for messages and pages
 * @param title what the figure shows; the name where the file has none
 * @param about a sentence or two for readers of the page; may be empty
 * @param base settings that all trials share
 * @param grid axes with their values; every combination is trained
 * @param except combinations of the grid that are left out: all that have these values
 * @param tie settings that are computed from others
 * @param trials trainings of each combination
 * @param seed of the first; the others have the next ones
 * @param select the choice of one axis' value on validation, if any
 * @param figure what is drawn
 * @param reduced whether this is the small form
 */
record SweepFile(
        String name,
        String title,
        String about,
        Map<Axis, String> base,
        Map<Axis, List<String>> grid,
        List<Map<Axis, List<String>>> except,
        Map<Axis, Expression> tie,
        int trials,
        long seed,
        Optional<Select> select,
        Figure figure,
        boolean reduced) {

    /** What a figure can show upwards. */
    enum Measured {
        /** Loss on unseen symbols, error for symbolic labels. */
        TEST,
        /** Loss on the training samples. */
        TRAIN,
        /** Loss on the validation samples. */
        VALID;

        /** The word in files. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Chooses the value of an axis with the least validation loss, by trainings that are not
     * reported.
     *
     * @param over the axis
     * @param per axes that have a choice for each of their values; one choice for all if empty
     * @param seeds of these trainings
     */
    record Select(Axis over, List<Axis> per, List<Long> seeds) {

        /** Copies. */
        Select {
            per = List.copyOf(per);
            seeds = List.copyOf(seeds);
        }
    }

    /**
     * What is drawn.
     *
     * @param x the axis along
     * @param logarithmic whether its values lie by their logarithm
     * @param line axes that have a line for each of their values
     * @param y one figure each
     * @param paper figures of the paper that stand behind it, by name
     */
    record Figure(
            Axis x, boolean logarithmic, List<Axis> line, List<Measured> y, List<String> paper) {

        /** Copies. */
        Figure {
            line = List.copyOf(line);
            y = List.copyOf(y);
            paper = List.copyOf(paper);
        }
    }

    /** Copies; keeps orders. */
    SweepFile {
        base = Collections.unmodifiableMap(new LinkedHashMap<>(base));
        grid = copy(grid);
        except = except.stream().map(SweepFile::copy).toList();
        tie = Collections.unmodifiableMap(new LinkedHashMap<>(tie));
    }

    private static Map<Axis, List<String>> copy(Map<Axis, List<String>> values) {
        Map<Axis, List<String>> copy = new LinkedHashMap<>();
        values.forEach((axis, some) -> copy.put(axis, List.copyOf(some)));
        return Collections.unmodifiableMap(copy);
    }

    /** Whether a combination of the grid is left out. */
    boolean excludes(Map<Axis, String> at) {
        for (Map<Axis, List<String>> one : except) {
            if (one.keySet().stream().allMatch(axis -> one.get(axis).contains(at.get(axis)))) {
                return true;
            }
        }
        return false;
    }

    /** What is wrong with the sweep. */
    FileSystemException fault(String why) {
        return FileFault.of(Path.of(name), why);
    }

    /** The same with the exception that told us. */
    FileSystemException fault(String why, Throwable cause) {
        return FileFault.of(Path.of(name), why, cause);
    }

    /** The seeds of the reported trials. */
    List<Long> seeds() {
        return LongStream.range(seed, seed + trials).boxed().toList();
    }

    /** What is trained, as the record of the sweep holds it. */
    Sweep.Settings settings() {
        Map<Axis, String> tied = new LinkedHashMap<>();
        tie.forEach((axis, expression) -> tied.put(axis, expression.toString()));
        List<Map<String, List<String>>> left = except.stream().map(SweepFile::named).toList();
        return new Sweep.Settings(
                named(base),
                named(grid),
                Optional.of(left).filter(all -> !all.isEmpty()),
                named(tied),
                trials,
                seed);
    }

    /** Values by the names of their axes, in the same order. */
    static <V> Map<String, V> named(Map<Axis, V> values) {
        Map<String, V> named = new LinkedHashMap<>();
        values.forEach((axis, value) -> named.put(axis.toString(), value));
        return named;
    }

    /**
     * Reads a sweep.
     *
     * @param nameOrPath a name of the catalogue, or the path of a file that ends in {@code .yaml}
     *     or {@code .yml}
     * @throws IOException in one line that names file and key, if it is no sweep
     * @throws IllegalArgumentException if the catalogue has no such name, with the nearest
     */
    static SweepFile read(String nameOrPath, SweepScale scale) throws IOException {
        if (!nameOrPath.endsWith(".yaml") && !nameOrPath.endsWith(".yml")) {
            return SweepReader.parse(nameOrPath, SweepCatalogue.text(nameOrPath), scale);
        }
        Path file = Path.of(nameOrPath);
        if (!Files.isRegularFile(file)) {
            throw new NoSuchFileException(nameOrPath, null, "there is no such sweep file");
        }
        return SweepReader.parse(nameOrPath, TextFile.read(file), scale);
    }
}
