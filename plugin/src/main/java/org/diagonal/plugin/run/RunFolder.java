package org.diagonal.plugin.run;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.diagonal.plugin.files.AtomicFiles;
import org.diagonal.plugin.files.LockFile;
import org.diagonal.plugin.finetune.TrainingState;
import org.diagonal.plugin.product.Library;

/**
 * The folder of one training: {@code run.json} (what was asked for), {@code metrics.csv}, {@code
 * scalings.csv} where it has scalings, {@code checkpoints/step-N}, and at the end the model that is
 * best on validation in the folder itself, the last one in {@code last/}, and {@code result.json}.
 * So whoever loads the folder loads the best model, as with Hugging Face's {@code
 * load_best_model_at_end}.
 *
 * <p>One process at a time holds it; {@link #close} lets go.
 */
public final class RunFolder implements AutoCloseable {

    /** What was asked for: settings, hashes, versions. */
    public static final String RUN = "run.json";

    /** How the run ended; only a finished run has it. */
    public static final String RESULT = "result.json";

    /** The folder of the last model, inside a run's. */
    public static final String LAST = "last";

    /** a and b of every head over the training; absent where it has none. */
    public static final String SCALINGS = "scalings.csv";

    private static final String OLDER_BEST = "best";
    private static final String CHECKPOINTS = "checkpoints";
    private static final String PREFIX = TrainingState.FOLDER;
    private static final Pattern CHECKPOINT = Pattern.compile(PREFIX + "(\\d{1,18})");
    private static final String FOLDERS = "(best|last|step-\\d{1,18})";
    private static final Pattern DOOMED = Pattern.compile("\\." + FOLDERS + "\\.deleted");
    private static final Pattern MADE = Pattern.compile("\\." + FOLDERS + "\\.made");

    /** The names of what a run writes; the leftovers of others are not its own to remove. */
    private static final Pattern OWN =
            Pattern.compile(
                    FOLDERS
                            + "|\\."
                            + FOLDERS
                            + "\\.made|[a-z_]+\\.json|[a-z_]+\\.safetensors|(metrics|scalings)\\.csv"
                            + "|README\\.md|events\\..+");

    private final Path folder;
    private final LockFile lock;

    private RunFolder(Path folder, LockFile lock) {
        this.folder = folder;
        this.lock = lock;
    }

    /**
     * Creates or takes up a run's folder, locks it, and removes what a killed process left half
     * written or half deleted.
     *
     * @throws IOException if the folder cannot be written, holds something else than a run, or
     *     another process works on it; the message says which
     */
    public static RunFolder open(Path folder) throws IOException {
        Library.COMMONS_CSV.require("a run folder");
        require(folder);
        RunFolder run = new RunFolder(folder, LockFile.ofFolder(folder));
        try {
            if (Files.exists(folder.resolve(RUN))) { // else nothing in it is a run's
                run.sweep(folder);
                run.sweep(folder.resolve(CHECKPOINTS));
            }
        } catch (IOException e) {
            run.close();
            throw e;
        }
        return run;
    }

    private void sweep(Path place) throws IOException {
        if (!Files.isDirectory(place)) {
            return;
        }
        AtomicFiles.removeLeftovers(place, name -> OWN.matcher(name).matches());
        for (Path file : list(place)) {
            Matcher made = MADE.matcher(file.getFileName().toString());
            if (DOOMED.matcher(file.getFileName().toString()).matches()) {
                remove(file);
            } else if (made.matches()) { // whole, or it would have another name
                Path target = file.resolveSibling(made.group(1));
                if (Files.exists(target)) {
                    remove(file);
                } else {
                    Files.move(file, target);
                }
            }
        }
    }

    /**
     * Checks, without writing, that a folder is a run's, or empty, or could be made.
     *
     * @throws IOException if it is not; the message says why
     */
    public static void require(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            AtomicFiles.requirePlace(folder);
            return;
        }
        if (!Files.isDirectory(folder)) {
            throw new FileSystemException(folder.toString(), null, "is a file, not a folder");
        }
        if (Files.exists(folder.resolve(RUN))) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            Optional<Path> other =
                    files.filter(file -> !file.getFileName().toString().startsWith("."))
                            .findFirst();
            if (other.isPresent()) {
                throw new FileSystemException(
                        folder.toString(),
                        null,
                        "is not empty and is not a run folder (contains %s)"
                                .formatted(other.get().getFileName()));
            }
        }
    }

    /** Where the run lies. */
    public Path path() {
        return folder;
    }

    /** Whether a folder holds a run that has ended by itself. */
    public static boolean isFinished(Path folder) {
        return Files.exists(folder.resolve(RESULT));
    }

    /** Writes {@code run.json}. */
    public void begin(String json) throws IOException {
        AtomicFiles.writeString(folder.resolve(RUN), json);
    }

    /** Writes {@code result.json}: the run is finished from then on. */
    public void finish(String json) throws IOException {
        AtomicFiles.writeString(folder.resolve(RESULT), json);
    }

    Path metrics() {
        return metrics(folder);
    }

    static Path metrics(Path folder) {
        return folder.resolve("metrics.csv");
    }

    Path scalings() {
        return folder.resolve(SCALINGS);
    }

    /** The folder of the last model, there or not. */
    Path last() {
        return folder.resolve(LAST);
    }

    /**
     * Where the best model of a run lies: in the run's folder, or, in runs of version 0.1.0, in
     * {@code best/}. A folder that is no run is its own model.
     */
    public static Path bestModel(Path folder) {
        Path older = folder.resolve(OLDER_BEST);
        boolean isOlder =
                Files.exists(folder.resolve(RUN)) && Files.exists(older.resolve("config.json"));
        return isOlder ? older : folder;
    }

    /**
     * The optimizer step after which a model that a training wrote was saved.
     *
     * @param model a run's folder, its {@code last/} or a checkpoint
     * @return empty for a model that no training of ours wrote
     * @throws IOException if the file that says so is damaged
     */
    public static OptionalLong step(Path model) throws IOException {
        return TrainingState.isIn(model) ? TrainingState.readStep(model) : OptionalLong.empty();
    }

    /** The folder of a step's checkpoint, there or not. */
    Path checkpoint(long step) {
        return folder.resolve(CHECKPOINTS).resolve(PREFIX + step);
    }

    /** The last checkpoint, if there is one. */
    Optional<Path> lastCheckpoint() throws IOException {
        return lastCheckpoint(folder);
    }

    /** The last checkpoint of a run that some process may be working on, if there is one. */
    public static Optional<Path> lastCheckpoint(Path folder) throws IOException {
        List<Long> steps = checkpointSteps(folder);
        return steps.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        folder.resolve(CHECKPOINTS).resolve(PREFIX + steps.get(steps.size() - 1)));
    }

    /** The steps that have a checkpoint, in order. */
    List<Long> checkpointSteps() throws IOException {
        return checkpointSteps(folder);
    }

    private static List<Long> checkpointSteps(Path folder) throws IOException {
        Path all = folder.resolve(CHECKPOINTS);
        if (!Files.isDirectory(all)) {
            return List.of();
        }
        return list(all).stream()
                .map(file -> CHECKPOINT.matcher(file.getFileName().toString()))
                .filter(Matcher::matches)
                .map(name -> Long.parseLong(name.group(1)))
                .sorted()
                .toList();
    }

    /** Removes all checkpoints but those of some steps. */
    void keepOnly(Set<Long> steps) throws IOException {
        for (long step : checkpointSteps()) {
            if (!steps.contains(step)) {
                delete(checkpoint(step));
            }
        }
    }

    /**
     * Makes a folder of this run from a writer, in place of an older one, which stays until the new
     * one is whole: it may be all that a run could go on from.
     */
    static void replace(Path target, AtomicFiles.IoConsumer<Path> writer) throws IOException {
        Path made = target.resolveSibling("." + target.getFileName() + ".made");
        remove(made);
        AtomicFiles.writeFolder(made, target, writer);
        delete(target);
        Files.move(made, target); // a kill before this leaves it to open
    }

    private static void delete(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        Path doomed = tree.resolveSibling("." + tree.getFileName() + ".deleted");
        remove(doomed);
        Files.move(tree, doomed); // a kill in the middle leaves no half checkpoint
        remove(doomed);
    }

    private static void remove(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static List<Path> list(Path place) throws IOException {
        try (Stream<Path> files = Files.list(place)) {
            return files.toList();
        }
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
