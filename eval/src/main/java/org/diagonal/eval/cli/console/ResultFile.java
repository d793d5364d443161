package org.diagonal.eval.cli.console;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.diagonal.plugin.files.AtomicFiles;
import org.diagonal.plugin.files.FileFault;
import org.diagonal.plugin.files.JsonFile;

/**
 * The file that a user names for a result. A link is followed to its target; pipes and devices are
 * written to as they are; a file that holds anything but an older result is not replaced.
 *
 * @param option what messages call it
 * @param named the path as the user wrote it
 * @param kind what it is to hold
 */
public record ResultFile(String option, Path named, Kind kind) {

    /** What stands for stdout. */
    static final Path STDOUT = Path.of("-");

    private static final Set<String> ALIASES =
            Set.of("/dev/stdout", "/dev/fd/1", "/proc/self/fd/1");
    private static final Pattern NUMBERED =
            Pattern.compile("/dev/(std(in|out|err)|fd/\\d+)|/proc/[^/]+/fd/\\d+");
    private static final int LONGEST_CHAIN = 40; // of links, as Linux has it
    private static final int HEAD = 2048;

    /** Kinds of results, told apart by what every file of the kind holds. */
    public enum Kind {
        /** Of evaluate. */
        MEASUREMENT,
        /** Of compare. */
        COMPARISON,
        /** Of bench. */
        BENCHMARK,
        /** A page of report. */
        PAGE,
        /** Of fine-tune and pretrain, or what they would take. */
        TRAINING,
        /** Of runs. */
        RUNS,
        /** Of models. */
        MODELS,
        /** Of data. */
        DATA,
        /** Of cache. */
        CACHES,
        /** Of tasks. */
        TASKS,
        /** Of curve. */
        CURVE,
        /** Of sweep, or the list of sweeps. */
        SWEEP,
        /** Of kernel. */
        KERNEL,
        /** Of inspect. */
        INSPECTION,
        /** Of ablate. */
        ABLATION,
        /** Of export. */
        EXPORT,
        /** Of generate. */
        GENERATED,
        /** What pages of report say first. */
        REPORTS,
        /** A script of completion. */
        SCRIPT;

        private boolean isIn(Path file) throws IOException {
            return switch (this) {
                case MEASUREMENT ->
                        has(file, "protocol", "nats")
                                || has(file, "seen", "unseen")
                                || has(file, "measurements");
                case COMPARISON -> has(file, "arms");
                case BENCHMARK -> has(file, "model", "steps");
                case TRAINING -> has(file, "outcome", "steps") || has(file, "plan");
                case RUNS, MODELS, DATA, TASKS, GENERATED, REPORTS ->
                        has(file, name().toLowerCase(Locale.ROOT));
                case CURVE ->
                        has(file, "arms", "metric") || has(file, "plan") || has(file, "missing");
                case SWEEP ->
                        has(file, "points", "figure")
                                || has(file, "sweeps")
                                || has(file, "plan")
                                || has(file, "missing");
                case KERNEL -> has(file, "kind", "versions");
                case INSPECTION -> has(file, "heads", "strongest");
                case ABLATION -> has(file, "doses", "heads");
                case EXPORT -> has(file, "files") || has(file, "plan");
                case CACHES -> has(file, "caches") || has(file, "cleared");
                case SCRIPT ->
                        head(file).contains("diagonal Bash Completion")
                                || head(file).startsWith("complete -c diagonal ");
                case PAGE ->
                        head(file).startsWith("<!DOCTYPE html>")
                                && head(file).contains("content=\"default-src 'none'; style-src");
            };
        }

        /** Whether a file is JSON with a version, as all our results are, and some keys. */
        private static boolean has(Path file, String... keys) throws IOException {
            if (!head(file).stripLeading().startsWith("{")) {
                return false; // weights of gigabytes are no JSON to parse
            }
            try {
                JsonNode root = JsonFile.read(file);
                boolean all = root.path("version").isInt();
                for (String key : keys) {
                    all &= root.has(key);
                }
                return all;
            } catch (FileSystemException notJson) {
                return false;
            }
        }

        private static String head(Path file) throws IOException {
            try (InputStream in = Files.newInputStream(file)) {
                return new String(in.readNBytes(HEAD), StandardCharsets.UTF_8);
            }
        }
    }

    /** Whether the result goes to stdout, which then holds nothing else. */
    public boolean isStdout() {
        return named.equals(STDOUT) || ALIASES.contains(named.toString());
    }

    /**
     * Checks, without writing, that the result may go there.
     *
     * @param force whether a file that holds something else may be replaced
     * @param inputs what the command reads, which it never replaces
     * @throws FileSystemException if it may not, saying why
     */
    public void check(boolean force, Inputs inputs) throws IOException {
        if (isStdout()) {
            return;
        }
        if (Files.isDirectory(named)) {
            throw wrong("is a folder, not a file");
        }
        Path target = target();
        requireOpen(target);
        if (isStream(target)) {
            requireOurs(target, inputs);
            return;
        }
        AtomicFiles.requirePlace(target);
        if (!Files.exists(target)) {
            return;
        }
        requireOurs(target, inputs);
        if (Files.size(target) == 0 || kind.isIn(target)) {
            return;
        }
        if (inputs.holds(target)) {
            throw wrong("belongs to an input of this command, and is not replaced");
        }
        if (!force) {
            throw wrong("holds something else than such a result; --force replaces it");
        }
    }

    private void requireOurs(Path target, Inputs inputs) throws IOException {
        if (Files.isRegularFile(target) && inputs.isOne(target)) {
            throw wrong("is an input of this command, and is not replaced");
        }
    }

    /** A number may come to mean a file that is opened later: weights, for example. */
    private void requireOpen(Path target) throws FileSystemException {
        if (NUMBERED.matcher(full().toString()).matches() && !Files.exists(target)) {
            throw wrong("is not open");
        }
    }

    private Path full() {
        return named.toAbsolutePath().normalize();
    }

    /**
     * Writes the result.
     *
     * @param out the command's stdout
     */
    public void write(String text, PrintWriter out) throws IOException {
        if (isStdout()) {
            out.print(text);
            out.flush();
            return;
        }
        Path target = target();
        if (!isStream(target)) {
            AtomicFiles.writeString(target, text);
            return;
        }
        try {
            Files.write(
                    target,
                    text.getBytes(StandardCharsets.UTF_8),
                    StandardOpenOption.WRITE,
                    StandardOpenOption.APPEND);
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException e) {
            throw wrong("could not be written: " + e.getMessage());
        }
    }

    /** Whether bytes are passed on and not kept: a pipe, a device, or an open file's number. */
    private boolean isStream(Path target) {
        boolean numbered = full().startsWith("/dev") || full().startsWith("/proc");
        return Files.exists(target) && (numbered || !Files.isRegularFile(target));
    }

    /** Where a chain of links ends, whether there is a file or not. */
    private Path target() throws IOException {
        if (Files.exists(named) && !Files.isRegularFile(named)) {
            return named; // a pipe behind /dev/fd has no path of its own
        }
        Path target = named.toAbsolutePath();
        for (int i = 0; Files.isSymbolicLink(target); i++) {
            if (i == LONGEST_CHAIN) {
                throw new FileSystemLoopException(named.toString());
            }
            target = target.resolveSibling(Files.readSymbolicLink(target));
        }
        return target;
    }

    /** Where a command's words go: nowhere if the result goes to stdout. */
    public static PrintWriter words(Optional<ResultFile> file, PrintWriter out) {
        return file.filter(ResultFile::isStdout).isPresent()
                ? new PrintWriter(Writer.nullWriter())
                : out;
    }

    private FileSystemException wrong(String why) {
        return FileFault.of(named, option + ": " + why);
    }
}
