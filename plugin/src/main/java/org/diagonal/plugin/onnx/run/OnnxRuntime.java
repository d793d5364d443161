package org.diagonal.plugin.onnx.run;

import ai.onnxruntime.OrtEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.diagonal.plugin.product.Library;
import org.diagonal.plugin.product.MissingLibraryException;

/** ONNX Runtime as a library that may be missing; this class loads without it. */
public final class OnnxRuntime {

    /** ONNX Runtime 1.29 ends a process whose command line is longer by little. */
    private static final int LONGEST_COMMAND_LINE = 3900;

    private OnnxRuntime() {}

    /**
     * Loads the library.
     *
     * @throws MissingLibraryException if it is not on the class path
     * @throws IllegalStateException if it would end this process
     */
    public static OrtEnvironment environment() throws IOException {
        Library.ONNX_RUNTIME.require("running an ONNX model");
        requireShortCommandLine(Path.of("/proc/self/cmdline"));
        return OrtEnvironment.getEnvironment();
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
}
