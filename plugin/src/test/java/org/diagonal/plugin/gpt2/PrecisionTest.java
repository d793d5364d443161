package org.diagonal.plugin.gpt2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.diagonal.plugin.Shared;
import org.diagonal.plugin.kernels.Precision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What bfloat16 changes: little. */
class PrecisionTest {

    private static final Path BUNDLED =
            Path.of(System.getProperty("diagonal.root"), "models", "nano");

    private static Map<String, float[]> gradients(
            Gpt2 network, ParameterStore store, NDArray ids, Precision precision) {
        network.prepare(precision);
        network.clearGradients();
        try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
            Engine.getEngine("PyTorch").setRandomSeed(3);
            network.backward(store, collector, ids, ids, 1.0 / ids.size());
        }
        Map<String, float[]> gradients = new LinkedHashMap<>();
        for (Map.Entry<String, Parameter> each : network.parameters().entrySet()) {
            gradients.put(each.getKey(), each.getValue().getArray().getGradient().toFloatArray());
        }
        return gradients;
    }

    private static double cosine(float[] a, float[] b) {
        double dot = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < a.length; i++) {
            dot += (double) a[i] * b[i];
            aa += (double) a[i] * a[i];
            bb += (double) b[i] * b[i];
        }
        return dot / Math.sqrt(aa * bb);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "golden/gpt2-plain",
                "golden/gpt2-a",
                "golden/gpt2-a-masked-diagonal",
                "golden/gpt2-b",
                "golden/gpt2-ab",
                "golden/gpt2-ab-masked-diagonal",
                "checkpoints/shakespeare-byte-gpt2"
            })
    void gradientsPointWhereTheyDoInFloat32(String name) throws Exception {
        assertSameDirections(Shared.folder(name));
    }

    @Test
    void gradientsOfTheBundledModelPointWhereTheyDoInFloat32() throws Exception {
        assertSameDirections(BUNDLED);
    }

    private static void assertSameDirections(Path folder) throws Exception {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            Gpt2 network =
                    ModelFolder.load(
                            folder,
                            ModelFolder.load(folder, manager).config().withDropout(0),
                            manager);
            ParameterStore store = new ParameterStore(manager, false);
            Engine.getEngine("PyTorch").setRandomSeed(5);
            long length = Math.min(network.config().nPositions(), 128);
            NDArray ids =
                    manager.randomInteger(
                            0, network.config().vocabSize(), new Shape(4, length), DataType.INT64);
            Map<String, float[]> exact = gradients(network, store, ids, Precision.F32);
            Map<String, float[]> rounded = gradients(network, store, ids, Precision.BF16);
            exact.forEach(
                    (parameter, values) ->
                            assertThat(cosine(values, rounded.get(parameter)))
                                    .as(parameter)
                                    .isGreaterThan(0.999));
            assertThat(rounded).isNotEqualTo(exact);
        }
    }

    @Test
    void lossesAreThoseOfFloat32ToAThousandthAndFollowTheParametersOnceTheyArePrepared()
            throws Exception {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            Gpt2 network = ModelFolder.load(BUNDLED, manager);
            ParameterStore store = new ParameterStore(manager, false);
            Engine.getEngine("PyTorch").setRandomSeed(5);
            NDArray ids = manager.randomInteger(0, 50257, new Shape(2, 128), DataType.INT64);
            float exact = network.losses(store, ids, ids).mean().getFloat();
            network.prepare(Precision.BF16);
            float rounded = network.losses(store, ids, ids).mean().getFloat();
            assertThat(rounded).isNotEqualTo(exact).isCloseTo(exact, within(1e-3f * exact));
            network.parameters().get("transformer.h.0.mlp.c_fc.weight").getArray().muli(0f);
            network.prepare(Precision.BF16);
            float changed = network.losses(store, ids, ids).mean().getFloat();
            network.prepare(Precision.F32);
            assertThat(network.losses(store, ids, ids).mean().getFloat())
                    .isCloseTo(changed, within(1e-3f * changed));
            assertThat(changed).isNotCloseTo(rounded, within(1e-3f));
        }
    }
}
