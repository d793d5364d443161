package org.diagonal.plugin.files;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Makes the one-line errors that name a file. */
public final class FileFault {

    private static final int LONGEST = 2_000;

    private FileFault() {}

    /** An exception whose message is the file and what is wrong with it, in one line. */
    public static FileSystemException of(Path file, String what) {
        return new FileSystemException(file.toString(), null, oneLine(what));
    }

    /** The same with the exception that told us. */
    public static FileSystemException of(Path file, String what, Throwable cause) {
        FileSystemException fault = of(file, what);
        fault.initCause(cause);
        return fault;
    }

    /** Why a file could not be used, in words: some of the JDK's exceptions are only a name. */
    public static String why(IOException failure) {
        if (!(failure instanceof FileSystemException file) || file.getReason() != null) {
            return failure.getMessage();
        }
        if (failure instanceof AccessDeniedException) {
            return file.getFile() + ": permission denied";
        }
        if (failure instanceof NoSuchFileException) {
            return file.getFile() + ": cannot be made there";
        }
        return failure instanceof FileAlreadyExistsException
                ? file.getFile() + " is no folder"
                : file.getFile() + ": cannot be used";
    }

    /**
     * Names in files may hold anything: control characters and endless text stay out of messages.
     */
    private static String oneLine(String text) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < Math.min(text.length(), LONGEST); i++) {
            char c = text.charAt(i);
            boolean breaks = Character.isISOControl(c) || c == '\u2028' || c == '\u2029';
            line.append(breaks ? "\\u%04x".formatted((int) c) : String.valueOf(c));
        }
        return text.length() > LONGEST ? line.append('…').toString() : line.toString();
    }
}
