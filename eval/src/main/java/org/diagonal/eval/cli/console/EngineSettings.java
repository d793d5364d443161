package org.diagonal.eval.cli.console;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.util.Utils;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import org.diagonal.eval.hub.Settings;

/**
 * Where the numbers are computed: the one place that knows devices and threads.
 *
 * <p>DJL finds a GPU when it loads a libtorch with CUDA, which {@code PYTORCH_LIBRARY_PATH} names.
 *
 * @param deviceName {@code auto} (a GPU where there is one), {@code cpu}, {@code gpu} or {@code
 *     gpu:N}
 * @param threads threads of one operator on the CPU; empty for the engine's own choice
 */
public record EngineSettings(String deviceName, Optional<Integer> threads) {

    private static final String JNA = "jna.boot.library.path";
    private static final String CACHE = "DJL_CACHE_DIR";
    private static final Pattern DEVICES = Pattern.compile("auto|cpu|gpu(:[0-9]{1,3})?");

    /** Checks both values. */
    public EngineSettings {
        if (!DEVICES.matcher(deviceName).matches()) {
            throw new IllegalArgumentException(
                    "'" + deviceName + "' is not one of: auto, cpu, gpu, gpu:0, gpu:1 …");
        }
        if (threads.isPresent() && threads.get() < 1) {
            throw new IllegalArgumentException("threads must be 1 or more: " + threads.get());
        }
    }

    /** The engine's own choice of both. */
    public static EngineSettings automatic() {
        return new EngineSettings("auto", Optional.empty());
    }

    /**
     * Loads the engine; the number of threads is fixed from the first call on.
     *
     * @throws ai.djl.engine.EngineException if the native library cannot be loaded
     * @throws UncheckedIOException if there is no safe folder for native libraries
     */
    public Engine engine() {
        keepNativesSafe();
        threads.ifPresent(
                count -> {
                    String words = Integer.toString(count);
                    System.setProperty("ai.djl.pytorch.num_threads", words);
                    System.setProperty("ai.djl.pytorch.num_interop_threads", words);
                });
        Engine engine = Engine.getEngine("PyTorch");
        if (threads.isEmpty()) {
            // Said explicitly, MKL may no longer take fewer threads at will: sums of the same
            // numbers then have the same last bits in every run.
            JniUtils.setNumThreads(JniUtils.getNumThreads());
        }
        return engine;
    }

    /**
     * The device to compute on; loads the engine.
     *
     * @throws IllegalArgumentException if the engine has no such GPU
     */
    public Device device() {
        Engine engine = engine();
        int gpus = deviceName.equals("cpu") ? 0 : engine.getGpuCount();
        if (deviceName.equals("cpu") || (deviceName.equals("auto") && gpus == 0)) {
            return Device.cpu();
        }
        int wanted = deviceName.startsWith("gpu:") ? Integer.parseInt(deviceName.substring(4)) : 0;
        if (wanted >= gpus) {
            throw new IllegalArgumentException(
                    "device %s is not there: PyTorch finds %d %s"
                            .formatted(deviceName, gpus, gpus == 1 ? "GPU" : "GPUs"));
        }
        return Device.gpu(wanted);
    }

    /**
     * DJL asks for its folder each time that it unpacks a library; JNA is given its own library
     * there, once, where it would unpack one into the temporary folder at every start.
     */
    private static void keepNativesSafe() {
        try {
            Path folder = nativeFolder();
            System.setProperty(CACHE, folder.toString());
            if (System.getProperty(JNA) == null) {
                JnaLibrary.in(folder).ifPresent(jna -> System.setProperty(JNA, jna.toString()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the engine unpacks its libraries; nothing is loaded. */
    public static Path nativeFolder() throws IOException {
        String told = Utils.getEnvOrSystemProperty(CACHE);
        if (told != null) {
            return Path.of(told);
        }
        return NativeFolder.ofProcess(Settings.fromEnvironment().cache())
                .instead()
                .orElse(Path.of(System.getProperty("user.home"), ".djl.ai"));
    }

    /** The threads that one operator runs on; loads the engine. */
    public int activeThreads() {
        engine();
        return JniUtils.getNumThreads();
    }
}
