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
import java.util.Arrays;
import java.util.List;
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
        MEASUREMENT("protocol nats", "seen unseen", "measurements"),
        /** Of compare. */
        COMPARISON("arms"),
        /** Of bench. */
        BENCHMARK("model steps"),
        /** A page of report. */
        PAGE,
        /** Of fine-tune and pretrain, or what they would take. */
        TRAINING("outcome steps", "plan"),
        /** Of runs. */
        RUNS("runs"),
        /** Of models. */
        MODELS("models"),
        /** Of data. */
        DATA("data"),
        /** Of cache. */
        CACHES("caches", "cleared"),
        /** Of tasks. */
        TASKS("tasks"),
        /** Of curve. */
        CURVE("arms metric", "plan", "missing"),
        /** Of sweep, or the list of sweeps. */
        SWEEP("points figure", "sweeps", "plan", "missing"),
        /** Of kernel. */
        KERNEL("kind versions"),
        /** Of inspect. */
        INSPECTION("heads strongest"),
        /** Of ablate. */
        ABLATION("doses heads"),
        /** Of export. */
        EXPORT("files", "plan"),
        /** Of generate. */
        GENERATED("generated"),
        /** What pages of report say first. */
        REPORTS("reports"),
        /** A script of completion. */
        SCRIPT;

        @SuppressWarnings("ImmutableEnumChecker") // these lists are immutable
        private final List<List<String>> keys;

        /**
         * @param keys of each form of a result that is JSON, with spaces between them
         */
        Kind(String... keys) {
            this.keys = Arrays.stream(keys).map(form -> List.of(form.split(" ", -1))).toList();
        }

        private boolean isIn(Path file) throws IOException {
            String head = head(file);
            return switch (this) {
                case SCRIPT ->
                        head.contains("diagonal Bash Completion")
                                || head.startsWith("complete -c diagonal ");
                case PAGE ->
                        head.startsWith("<!DOCTYPE html>")
                                && head.contains("content=\"default-src 'none'; style-src");
                // weights of gigabytes are no JSON to parse
                default -> head.stripLeading().startsWith("{") && hasKeys(file);
            };
        }

        /** Whether a file is JSON with a version, as all our results are, and keys of a form. */
        private boolean hasKeys(Path file) throws IOException {
            try {
                JsonNode root = JsonFile.read(file);
                return root.path("version").isInt()
                        && keys.stream().anyMatch(form -> form.stream().allMatch(root::has));
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
    public PrintWriter words(PrintWriter out) {
        return isStdout() ? new PrintWriter(Writer.nullWriter()) : out;
    }

    private FileSystemException wrong(String why) {
        return FileFault.of(named, option + ": " + why);
    }
}
