package org.diagonal.eval.cli.console;

import ai.djl.engine.EngineException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnknownHostException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Says in one line why a command failed. */
final class Failure {

    private Failure() {}

    /** The line, without the program's name. */
    static String line(Throwable failure) {
        if (failure instanceof UncheckedIOException wrapped) {
            return line(wrapped.getCause());
        }
        if (failure instanceof FileSystemException file && file.getReason() == null) {
            return words(file) + file.getFile();
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
        boolean foreseen =
                failure instanceof IOException
                        || failure instanceof IllegalArgumentException
                        || failure instanceof IllegalStateException;
        String message = firstLine(failure.getMessage());
        if (foreseen && !message.isEmpty()) {
            return message;
        }
        return "internal error, please report it with the output of --verbose: "
                + firstLine(failure.toString());
    }

    /** What stands before the first line break; empty for no message. */
    static String firstLine(String message) {
        return message == null ? "" : message.strip().lines().findFirst().orElse("").strip();
    }

    private static String words(FileSystemException failure) {
        if (failure instanceof NoSuchFileException) {
            return "no such file: ";
        }
        if (failure instanceof FileAlreadyExistsException) {
            return "is there already: ";
        }
        if (failure instanceof AccessDeniedException) {
            return "permission denied: ";
        }
        if (failure instanceof NotDirectoryException) {
            return "is no folder: ";
        }
        if (failure instanceof DirectoryNotEmptyException) {
            return "folder is not empty: ";
        }
        return "cannot use file: ";
    }

    private static String outOfMemory(Throwable failure) {
        long mebibytes = Runtime.getRuntime().maxMemory() >> 20;
        return "out of memory ("
                + firstLine(failure.getMessage())
                + "): the Java heap has "
                + mebibytes
                + " MiB; DIAGONAL_JAVA_OPTS=-Xmx4g gives it more";
    }

    /** Libraries are unpacked there before they are loaded; what goes wrong names no remedy. */
    private static String temporary(String line) {
        String folder = System.getProperty("java.io.tmpdir");
        return line.contains(folder)
                ? "cannot use the temporary folder %s (%s); DIAGONAL_JAVA_OPTS=-Djava.io.tmpdir=FOLDER names another"
                        .formatted(folder, line.replaceFirst("^[\\w.]+Error: ", ""))
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
        return temporary(line.toString().replaceFirst("^[a-z.]*EngineException: ", "PyTorch: "));
    }
}
