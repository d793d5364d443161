package org.diagonal.eval.cli.console;

import ai.djl.Device;
import ai.djl.engine.Engine;
import java.io.IOException;
import java.util.Map;
import org.diagonal.plugin.kernels.Products;
import org.diagonal.plugin.onnx.run.OnnxRuntime;
import org.diagonal.plugin.product.Product;
import picocli.CommandLine.IVersionProvider;

/**
 * What was loaded, for reports and for {@code --version}.
 *
 * @param diagonal this program's version
 * @param commit the commit it was built from, {@code -modified} behind it where files differ from
 *     it; empty where that is not known
 * @param djl DJL's version
 * @param pytorch the version of the loaded PyTorch library
 * @param java the Java machine and its version
 * @param device {@code cpu} or {@code gpu:N}: what {@code auto} or the user chose
 * @param threads threads of one operator
 */
public record Versions(
        String diagonal,
        String commit,
        String djl,
        String pytorch,
        String java,
        String device,
        int threads) {

    /**
     * Loads the libraries and asks them.
     *
     * @throws ai.djl.engine.EngineException if the native library cannot be loaded
     */
    public static Versions loaded(EngineSettings settings) {
        Engine engine = settings.engine();
        return new Versions(
                Product.version(),
                builtFrom(),
                Engine.getDjlVersion(),
                engine.getVersion(),
                machine(),
                name(settings.device()),
                settings.activeThreads());
    }

    /** What is known of this program alone, for a command that needs no engine. */
    public static Map<String, String> withoutEngine() {
        return Map.of("diagonal", Product.version(), "commit", builtFrom(), "java", machine());
    }

    private static String builtFrom() {
        return System.getProperty("diagonal.commit", "");
    }

    private static String machine() {
        return System.getProperty("java.vm.name") + " " + System.getProperty("java.version");
    }

    private static String name(Device device) {
        return device.isGpu() ? "gpu:" + device.getDeviceId() : device.getDeviceType();
    }

    /** The lines of {@code --version}. */
    public static final class Provider implements IVersionProvider {

        @Override
        public String[] getVersion() throws IOException {
            Versions loaded = loaded(EngineSettings.automatic());
            String commit = loaded.commit.isEmpty() ? "" : " (commit " + loaded.commit + ")";
            return new String[] {
                "Diagonal      " + loaded.diagonal + commit,
                "DJL           " + loaded.djl,
                "PyTorch       " + loaded.pytorch,
                "ONNX Runtime  " + OnnxRuntime.environment().getVersion(),
                "Java          " + loaded.java,
                "Device        " + loaded.device,
                "Threads       " + loaded.threads,
                "Products      " + Products.ofProcess()
            };
        }
    }
}
