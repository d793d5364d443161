package org.diagonal.plugin.onnx.run;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** Opens files in ONNX Runtime, with everything set as this project runs them. */
final class Sessions {

    private Sessions() {}

    /** What is asked of ONNX Runtime, and may fail in another way, too. */
    @FunctionalInterface
    interface Call<T, X extends Exception> {
        T run() throws OrtException, X;
    }

    /** The answer of a call; what ONNX Runtime refuses becomes one line. */
    static <T, X extends Exception> T call(Call<T, X> call) throws X {
        try {
            return call.run();
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime: " + firstLine(e), e);
        }
    }

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
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            options.setInterOpNumThreads(1);
            options.setSessionLogLevel(
                    OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL); // exceptions say it
            options.setMemoryPatternOptimization(false); // no two steps have the same shapes
            // Between operators its threads wait awake; after a run they sleep, since others
            // compute.
            options.addConfigEntry("session.force_spinning_stop", "1");
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

    /** What ONNX Runtime says, without the stack that it puts below. */
    static String firstLine(OrtException e) {
        return String.valueOf(e.getMessage()).strip().lines().findFirst().orElse("");
    }
}
