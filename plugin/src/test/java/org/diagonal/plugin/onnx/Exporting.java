package org.diagonal.plugin.onnx;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.bytedeco.onnx.global.onnx;
import org.diagonal.plugin.gpt2.Gpt2;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.onnx.graph.CacheLayout;
import org.diagonal.plugin.onnx.graph.Dtype;
import org.diagonal.plugin.onnx.graph.ExportSettings;
import org.diagonal.plugin.onnx.graph.ExportSettings.ExternalData;

/** Small networks, their exports, and ONNX's own checker. */
final class Exporting {

    static final OnnxExport.Source SOURCE =
            new OnnxExport.Source("test", "0".repeat(64), Optional.empty(), "0.0", "");

    private Exporting() {}

    static ExportSettings settings(
            CacheLayout layout, Dtype dtype, int opset, ExternalData external) {
        return new ExportSettings(layout, List.of(dtype), opset, external, false, 1e-4);
    }

    static ExportSettings settings(CacheLayout layout) {
        return settings(layout, Dtype.FP32, 17, ExternalData.AUTO);
    }

    static OnnxExport.Result export(Gpt2 network, ExportSettings settings, Path out)
            throws IOException {
        return OnnxExport.write(
                network, Optional.empty(), settings, SOURCE, out, OnnxExport.Extras.none(), 1);
    }

    /** A network all of whose parameters are random, the scalings too. */
    static Gpt2 random(String json, NDManager manager, long seed) {
        Gpt2 network = new Gpt2(Gpt2Config.parse(json));
        Engine.getEngine("PyTorch").setRandomSeed((int) seed);
        network.initialize(manager);
        network.parameters()
                .forEach(
                        (name, parameter) -> {
                            NDArray array = parameter.getArray();
                            if (array.getShape().dimension() == 1) {
                                Shape shape = array.getShape();
                                array.addi(manager.randomNormal(shape).muli(0.1));
                            }
                        });
        return network;
    }

    /** Whether ONNX's checker runs here: its natives are tried on one platform. */
    static boolean hasOfficial() {
        return System.getProperty("os.name").equals("Linux")
                && System.getProperty("os.arch").equals("amd64");
    }

    /** Throws what ONNX's checker finds, shapes and types of all values included. */
    static void official(Path folder) {
        for (Dtype dtype : Dtype.in(folder)) {
            onnx.check_model(folder.resolve(dtype.file()).toString(), true, false, false);
        }
    }
}
