package org.diagonal.eval.cli.console;

import ai.djl.engine.EngineException;
import ai.djl.util.Utils;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnknownHostException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Map;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;

/** Says in one line why a command failed. */
final class Failure {

    /** What the engines, their libraries and the benchmark put into the temporary folder. */
    private static final String UNPACKED = "/(pt-model|onnxruntime-java|jna-?|diagonal-bench)\\d+";

    /** What is wrong with a file, where the exception gives no reason. */
    private static final Map<Class<?>, String> FILES =
            Map.of(
                    NoSuchFileException.class, "no such file: ",
                    FileAlreadyExistsException.class, "already exists: ",
                    AccessDeniedException.class, "permission denied: ",
                    NotDirectoryException.class, "is no folder: ",
                    DirectoryNotEmptyException.class, "folder is not empty: ",
                    FileSystemLoopException.class, "is a link to itself: ");

    private Failure() {}

    /** The line, without the program's name; settings are named by the command's options. */
    static String line(Throwable failure, CommandSpec command) {
        return OptionNames.notice(failure)
                .map(notice -> OptionNames.line(notice, command))
                .orElseGet(() -> line(failure));
    }

    /** The line where no command is known. */
    static String line(Throwable failure) {
        if (failure instanceof UncheckedIOException wrapped) {
            return line(wrapped.getCause());
        }
        if (failure instanceof FileSystemException file && file.getReason() == null) {
            return FILES.getOrDefault(file.getClass(), "cannot use file: ") + file.getFile();
        }
        if (failure instanceof CharacterCodingException) {
            return "a file is not UTF-8 (" + firstLine(failure.getMessage()) + ")";
        }
        if (failure instanceof UnknownHostException) {
            return "no network: cannot find the address of " + failure.getMessage();
        }
        if (failure instanceof OutOfMemoryError) {
            return outOfMemory(failure);
        }
        if (failure instanceof EngineException || failure instanceof LinkageError) {
            return engine(failure);
        }
        if (failure instanceof ArithmeticException
                && firstLine(failure.getMessage()).endsWith("overflow")) {
            return "numbers that belong together are too large, such as those of a batch and a"
                    + " network: their product has more than 2,147,483,647 elements";
        }
        boolean foreseen =
                failure instanceof IOException
                        || failure instanceof IllegalArgumentException
                        || failure instanceof IllegalStateException;
        String message = firstLine(failure.getMessage());
        if (foreseen && !message.isEmpty()) {
            return temporary(message);
        }
        return "internal error, please report it with the output of --verbose: "
                + firstLine(failure.toString());
    }

    /** What stands before the first line break; empty for no message. */
    static String firstLine(String message) {
        return message == null ? "" : message.strip().lines().findFirst().orElse("").strip();
    }

    private static String outOfMemory(Throwable failure) {
        long mebibytes = Runtime.getRuntime().maxMemory() >> 20;
        return "out of memory (%s): the Java heap has %d MiB; DIAGONAL_JAVA_OPTS=-Xmx4g gives it more"
                .formatted(firstLine(failure.getMessage()), mebibytes);
    }

    /** Libraries are unpacked there before they are loaded; what goes wrong names no remedy. */
    private static String temporary(String line) {
        String folder = System.getProperty("java.io.tmpdir");
        boolean inside =
                Pattern.compile(Pattern.quote(folder) + UNPACKED).matcher(line).find()
                        || line.contains("no onnxruntime in java.library.path");
        if (!inside) {
            return line;
        }
        return "cannot use the temporary folder %s, which has %,d MB left (%s); DIAGONAL_JAVA_OPTS=-Djava.io.tmpdir=FOLDER names another"
                .formatted(
                        folder,
                        new File(folder).getUsableSpace() / 1_000_000,
                        line.replaceFirst("^[\\w.]+Error: ", "")
                                .replaceFirst("java\\.library\\.path: .*", "java.library.path")
                                .replaceFirst("java\\.nio\\.file\\.\\w+Exception: ", ""));
    }

    /** JNA unpacks its library below the home folder, which its words do not say. */
    private static String ofJna(String line) {
        int at = line.indexOf("Failed to create temporary file for /com/sun/jna");
        return at < 0
                ? line
                : "JNA: %s; DIAGONAL_JAVA_OPTS=-Djna.tmpdir=FOLDER names another folder to unpack its library into"
                        .formatted(line.substring(at).replaceFirst(" \\[in thread .*", ""));
    }

    /** DJL says neither where it unpacks its libraries nor how to choose another place. */
    private static String unpacked(String line) {
        return line.contains("Failed to extract PyTorch")
                ? "%s; libraries are unpacked into %s, and DJL_CACHE_DIR names another folder"
                        .formatted(line, Utils.getCacheDir())
                : line;
    }

    private static String engine(Throwable failure) {
        StringBuilder line = new StringBuilder(firstLine(failure.toString()));
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            String reason = firstLine(cause.getMessage());
            if (!reason.isEmpty() && line.indexOf(reason) < 0) {
                line.append(": ").append(reason);
            }
        }
        String words = line.toString().replaceFirst("^[a-z.]*EngineException: ", "PyTorch: ");
        return unpacked(ofJna(temporary(words)));
    }
}
