package org.diagonal.plugin.onnx.run;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Opens files in ONNX Runtime, with everything set as this project runs them. */
public final class Sessions {

    /** ONNX Runtime 1.29 ends a process whose command line is longer by little. */
    private static final int LONGEST_COMMAND_LINE = 3900;

    private Sessions() {}

    /**
     * Checks a file's structure and opens it; the caller closes the session.
     *
     * @param threads of one operator
     * @param packs whether weights are laid out anew, which pays for more than a few runs
     * @throws FileSystemException if the file or the data beside it are damaged
     */
    static OrtSession open(OrtEnvironment environment, Path file, int threads, boolean packs)
            throws IOException {
        StructureCheck.check(file);
        requireShortCommandLine(Path.of("/proc/self/cmdline"));
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            options.setInterOpNumThreads(1);
            options.setSessionLogLevel(
                    OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL); // exceptions say it
            options.setMemoryPatternOptimization(false); // no two steps have the same shapes
            options.addConfigEntry("session.intra_op.allow_spinning", "0"); // others compute, too
            options.addConfigEntry("session.disable_prepacking", packs ? "0" : "1");
            return environment.createSession(file.toString(), options);
        } catch (OrtException e) {
            FileSystemException fault =
                    new FileSystemException(
                            file.toString(), null, "ONNX Runtime cannot load it: " + firstLine(e));
            fault.initCause(e);
            throw fault;
        }
    }

    /** Says why, which ONNX Runtime does not; systems without such a file tell nothing. */
    public static void requireShortCommandLine(Path commandLine) throws IOException {
        if (!Files.isReadable(commandLine)) {
            return;
        }
        int length = Files.readAllBytes(commandLine).length;
        if (length > LONGEST_COMMAND_LINE) {
            throw new IllegalStateException(
                    "ONNX Runtime 1.29 would end this process, whose command line has %d bytes, more than %d: give the class path in the variable CLASSPATH"
                            .formatted(length, LONGEST_COMMAND_LINE));
        }
    }

    /** What ONNX Runtime says, without the stack that it puts below. */
    static String firstLine(OrtException e) {
        return String.valueOf(e.getMessage()).strip().lines().findFirst().orElse("");
    }
}
