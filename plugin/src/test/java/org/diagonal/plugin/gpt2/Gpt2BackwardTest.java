package org.diagonal.plugin.gpt2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import java.util.LinkedHashMap;
import java.util.Map;
import org.diagonal.plugin.identity.Circuit;
import org.diagonal.plugin.identity.IdentityScalings;
import org.diagonal.plugin.kernels.Products;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The backward pass that is said by hand gives the gradients that the engine finds by itself. */
class Gpt2BackwardTest {

    private static final double TOLERANCE = 1e-5;

    private NDManager manager;
    private ParameterStore store;
    private int length = 300;

    @BeforeEach
    void open() {
        manager = NDManager.newBaseManager("PyTorch");
        store = new ParameterStore(manager, false);
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private Gpt2 network(String activation, double dropout, boolean tied, IdentityScalings arm) {
        return network(24, activation, dropout, tied, arm);
    }

    private Gpt2 network(
            int width, String activation, double dropout, boolean tied, IdentityScalings arm) {
        String json =
                """
                {"vocab_size": 50, "n_positions": 600, "n_embd": %d, "n_layer": 2, "n_head": 3,
                 "initializer_range": 0.3, "activation_function": "%s", "tie_word_embeddings": %s,
                 "resid_pdrop": %s, "embd_pdrop": %s, "attn_pdrop": %s}
                """
                        .formatted(width, activation, tied, dropout, dropout, dropout);
        Engine.getEngine("PyTorch").setRandomSeed(7);
        Gpt2 network = new Gpt2(Gpt2Config.parse(json).withScalings(arm));
        network.initialize(manager);
        network.parameters()
                .forEach(
                        (name, parameter) -> {
                            if (Circuit.isScaling(name)) {
                                NDArray random = manager.randomNormal(parameter.getShape());
                                parameter.getArray().set(random.mul(0.2f).toFloatArray());
                            }
                        });
        return network;
    }

    private Map<String, float[]> gradients(Gpt2 network) {
        Map<String, float[]> gradients = new LinkedHashMap<>();
        for (Map.Entry<String, Parameter> each : network.parameters().entrySet()) {
            gradients.put(
                    each.getKey(), each.getValue().getArray().getGradient().toFloatArray().clone());
        }
        return gradients;
    }

    /** Two texts, by default of three blocks of queries, and some targets that are not scored. */
    private NDArray ids() {
        Engine.getEngine("PyTorch").setRandomSeed(9);
        return manager.randomInteger(0, 50, new Shape(2, length), DataType.INT64);
    }

    private NDArray targets() {
        long[] values = ids().toLongArray();
        for (int i = 0; i < values.length; i += 7) {
            values[i] = -100;
        }
        return manager.create(values, new Shape(2, length));
    }

    /** By the engine: the loss is put together of the logits that the block returns. */
    private Map<String, float[]> byTheEngine(Gpt2 network, double scale) {
        Engine engine = Engine.getEngine("PyTorch");
        try (GradientCollector collector = engine.newGradientCollector()) {
            engine.setRandomSeed(4);
            NDArray logits = network.forward(store, new NDList(ids()), true).singletonOrThrow();
            NDArray targets = targets().flatten();
            NDArray scored = targets.neq(-100);
            NDArray nats =
                    logits.reshape(-1, 50)
                            .logSoftmax(1)
                            .gather(targets.maximum(0).expandDims(1), 1)
                            .squeeze(1)
                            .neg();
            collector.backward(nats.mul(scored.toType(DataType.FLOAT32, false)).sum().mul(scale));
        }
        return gradients(network);
    }

    private Map<String, float[]> byHand(Gpt2 network, double scale) {
        Engine engine = Engine.getEngine("PyTorch");
        try (GradientCollector collector = engine.newGradientCollector()) {
            engine.setRandomSeed(4);
            network.backward(store, collector, ids(), targets(), scale);
        }
        return gradients(network);
    }

    private static void assertEqual(
            Map<String, float[]> expected, Map<String, float[]> found, double tolerance) {
        assertThat(found.keySet()).isEqualTo(expected.keySet());
        expected.forEach(
                (name, values) -> {
                    float largest = 0;
                    float difference = 0;
                    for (int i = 0; i < values.length; i++) {
                        largest = Math.max(largest, Math.abs(values[i]));
                        difference = Math.max(difference, Math.abs(values[i] - found.get(name)[i]));
                    }
                    assertThat(largest).as(name).isPositive();
                    assertThat(difference / largest).as(name).isLessThan((float) tolerance);
                });
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, true, gelu_new, 0, true",
        "0, 0, true, gelu_new, 0.2, true",
        "0, 0, true, gelu, 0, false",
        "1, 0, true, gelu_new, 0, true",
        "1, 0, false, relu, 0, true",
        "0, 1, false, gelu_new, 0, true",
        "0.5, 2, false, gelu_new, 0, false",
        "0.5, 2, true, gelu, 0, true",
        "0.5, 2, true, gelu_new, 0.2, true",
        "0.5, 2, false, relu, 0.2, false",
        "0, 3, false, gelu, 0.5, true",
        "2, 0, true, gelu_new, 0.5, true"
    })
    void gradientsByHandAreTheEngines(
            double qk, double ov, boolean masked, String activation, double dropout, boolean tied) {
        IdentityScalings arm = new IdentityScalings(qk, ov, masked);
        Map<String, float[]> expected = byTheEngine(network(activation, dropout, tied, arm), 0.01);
        Map<String, float[]> found = byHand(network(activation, dropout, tied, arm), 0.01);
        assertEqual(expected, found, TOLERANCE);
    }

    /** Plain attention of such texts is the engine's own operator. */
    @ParameterizedTest
    @CsvSource({"0, 0, 0", "0, 0, 0.2", "1, 1, 0"})
    void gradientsByHandAreTheEnginesWhereTextsAreLong(double qk, double ov, double dropout) {
        length = 600;
        IdentityScalings arm = new IdentityScalings(qk, ov, true);
        Map<String, float[]> expected = byTheEngine(network("gelu_new", dropout, true, arm), 0.01);
        Map<String, float[]> found = byHand(network("gelu_new", dropout, true, arm), 0.01);
        assertEqual(expected, found, TOLERANCE);
    }

    /** A step of one layer goes before the first pass; dropout is that of the seed all the same. */
    @Test
    void theRehearsalDrawsNoRandomNumber() {
        Gpt2 network = network("gelu_new", 0.3, true, new IdentityScalings(1, 1, true));
        Map<String, float[]> first = byHand(network, 0.01);
        network.clearGradients();
        assertEqual(first, byHand(network, 0.01), 1e-6);
    }

    @ParameterizedTest
    @CsvSource({"1, 0, true, 0", "1, 0, false, 0", "1, 2, true, 0.2", "0.5, 0, false, 0.2"})
    void gradientsByHandAreTheEnginesWherePositionsArePermuted(
            double qk, double ov, boolean masked, double dropout) {
        IdentityScalings arm = new IdentityScalings(qk, ov, masked, true);
        Map<String, float[]> expected = byTheEngine(network("gelu_new", dropout, true, arm), 0.01);
        Map<String, float[]> found = byHand(network("gelu_new", dropout, true, arm), 0.01);
        assertEqual(expected, found, TOLERANCE);
    }

    /** Products of these sizes are done one by one. */
    @ParameterizedTest
    @CsvSource({"0, 0, 0", "1, 0, 0.1", "0, 1, 0", "1, 1, 0", "1, 1, 0.1"})
    void gradientsByHandAreTheEnginesWhereHeadsAreWide(double qk, double ov, double dropout) {
        IdentityScalings arm = new IdentityScalings(qk, ov, true);
        Map<String, float[]> expected =
                byTheEngine(network(144, "gelu_new", dropout, true, arm), 0.01);
        Map<String, float[]> found = byHand(network(144, "gelu_new", dropout, true, arm), 0.01);
        assertEqual(expected, found, TOLERANCE);
    }

    @Test
    void gradientsAddUpUntilTheyAreCleared() {
        Gpt2 network = network("gelu_new", 0, true, new IdentityScalings(1, 1, false));
        Map<String, float[]> once = byHand(network, 0.01);
        Map<String, float[]> twice = byHand(network, 0.01);
        once.forEach(
                (name, values) -> {
                    for (int i = 0; i < values.length; i++) {
                        float slack = 1e-5f * Math.max(1e-2f, Math.abs(values[i]));
                        assertThat(twice.get(name)[i]).isCloseTo(2 * values[i], within(slack));
                    }
                });
        network.clearGradients();
        assertEqual(once, byHand(network, 0.01), 1e-6);
    }

    @Test
    void clearedGradientsForgetWhatIsNotANumber() {
        Gpt2 network = network("gelu_new", 0, true, new IdentityScalings(1, 1, false));
        Map<String, float[]> expected = byHand(network, 0.01);
        byHand(network, Double.NaN);
        network.clearGradients();
        assertEqual(expected, byHand(network, 0.01), 1e-6);
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "0, 1", "1, 1", "0, 0"})
    void bothLibrariesGiveTheSameGradientsToRounding(double qk, double ov) {
        Products before = Products.ofProcess();
        IdentityScalings arm = new IdentityScalings(qk, ov, true);
        try {
            Products.use(Products.MKL);
            Map<String, float[]> expected = byHand(network("gelu_new", 0, true, arm), 0.01);
            Products.use(Products.ONEDNN);
            assertEqual(expected, byHand(network("gelu_new", 0, true, arm), 0.01), TOLERANCE);
        } finally {
            Products.use(before);
        }
    }

    @Test
    void whatIsFrozenGetsNoGradientAndMovesNoOther() {
        Gpt2 whole = network("gelu_new", 0, true, new IdentityScalings(1, 1, true));
        Map<String, float[]> expected = byHand(whole, 0.01);
        Gpt2 frozen = network("gelu_new", 0, true, new IdentityScalings(1, 1, true));
        frozen.parameters()
                .forEach((name, parameter) -> parameter.freeze(!Circuit.isScaling(name)));
        try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
            frozen.backward(store, collector, ids(), targets(), 0.01);
        }
        frozen.parameters()
                .forEach(
                        (name, parameter) -> {
                            if (Circuit.isScaling(name)) {
                                assertThat(parameter.getArray().getGradient().toFloatArray())
                                        .as(name)
                                        .isEqualTo(expected.get(name));
                            } else {
                                assertThat(parameter.getArray().hasGradient()).isFalse();
                            }
                        });
    }
}
