package org.diagonal.eval.cli.console;

import ai.djl.Device;
import ai.djl.engine.Engine;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.diagonal.plugin.kernels.Products;
import org.diagonal.plugin.onnx.run.OnnxRuntime;
import org.diagonal.plugin.product.Product;
import picocli.CommandLine.IVersionProvider;

/** What was loaded, for reports and for {@code --version}. */
public final class Versions {

    private Versions() {}

    /**
     * Loads the libraries and asks them.
     *
     * @return what {@link #withoutEngine} says; versions of {@code djl} and of {@code pytorch}; the
     *     {@code device}, {@code cpu} or {@code gpu:N}, that {@code auto} or the user chose; {@code
     *     threads} of one operator; and what multiplies matrices, {@code products}
     * @throws ai.djl.engine.EngineException if the native library cannot be loaded
     */
    public static Map<String, String> loaded(EngineSettings settings) {
        Engine engine = settings.engine();
        Map<String, String> versions = new LinkedHashMap<>(withoutEngine());
        versions.put("djl", Engine.getDjlVersion());
        versions.put("pytorch", engine.getVersion());
        versions.put("device", name(settings.device()));
        versions.put("threads", Integer.toString(settings.activeThreads()));
        versions.put("products", Products.ofProcess().toString());
        return versions;
    }

    /**
     * What is known of this program alone, for a command that needs no engine.
     *
     * @return {@code diagonal}, its version; the {@code commit} it was built from, {@code
     *     -modified} behind it where files differ from it, or empty where that is not known; the
     *     {@code java} machine and its version
     */
    public static Map<String, String> withoutEngine() {
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put("diagonal", Product.version());
        versions.put("commit", System.getProperty("diagonal.commit", ""));
        versions.put(
                "java",
                System.getProperty("java.vm.name") + " " + System.getProperty("java.version"));
        return versions;
    }

    private static String name(Device device) {
        return device.isGpu() ? "gpu:" + device.getDeviceId() : device.getDeviceType();
    }

    /** The lines of {@code --version}. */
    public static final class Provider implements IVersionProvider {
        @Override
        public String[] getVersion() throws IOException {
            Map<String, String> loaded = loaded(EngineSettings.automatic());
            String commit = loaded.get("commit");
            return new String[] {
                "Diagonal      "
                        + loaded.get("diagonal")
                        + (commit.isEmpty() ? "" : " (commit " + commit + ")"),
                "DJL           " + loaded.get("djl"),
                "PyTorch       " + loaded.get("pytorch"),
                "ONNX Runtime  " + OnnxRuntime.environment().getVersion(),
                "Java          " + loaded.get("java"),
                "Device        " + loaded.get("device"),
                "Threads       " + loaded.get("threads"),
                "Products      " + loaded.get("products")
            };
        }
    }
}
