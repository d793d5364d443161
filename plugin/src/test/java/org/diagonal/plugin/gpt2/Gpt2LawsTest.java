package org.diagonal.plugin.gpt2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.diagonal.plugin.checkpoint.SafetensorsFile;
import org.diagonal.plugin.checkpoint.TensorType;
import org.diagonal.plugin.identity.Circuit;
import org.diagonal.plugin.identity.IdentityScalings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Gpt2LawsTest {

    private static final String SMALL =
            """
            {"vocab_size": 50, "n_positions": 600, "n_embd": 24, "n_layer": 2, "n_head": 3,
             "initializer_range": 0.3, "resid_pdrop": 0, "embd_pdrop": 0, "attn_pdrop": 0}
            """;

    private NDManager manager;
    private ParameterStore store;

    @BeforeEach
    void open() {
        manager = NDManager.newBaseManager("PyTorch");
        store = new ParameterStore(manager, false);
        Engine.getEngine("PyTorch").setRandomSeed(7);
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private Gpt2 network(String json, IdentityScalings scalings) {
        Gpt2 network = new Gpt2(Gpt2Config.parse(json).withScalings(scalings));
        network.initialize(manager);
        return network;
    }

    private NDArray ids(int rows, int length) {
        return manager.randomInteger(0, 50, new Shape(rows, length), DataType.INT64);
    }

    private NDArray logits(Gpt2 network, NDArray ids) {
        return network.forward(store, new NDList(ids), false).singletonOrThrow();
    }

    @ParameterizedTest
    @CsvSource({"1, 1, true", "1, 1, false", "1, 0, true", "0, 1, false", "2.5, -1, false"})
    void zeroScalingsLeaveTheLogitsBitEqual(double qk, double ov, boolean masked, @TempDir Path dir)
            throws Exception {
        Gpt2 plain = network(SMALL, IdentityScalings.NONE);
        ModelFolder.save(plain, dir, TensorType.F32);
        Gpt2Config scaled = plain.config().withScalings(new IdentityScalings(qk, ov, masked));
        Gpt2 zero = ModelFolder.load(dir, scaled, manager);
        NDArray ids = ids(3, 300);
        assertThat(logits(zero, ids).toFloatArray()).isEqualTo(logits(plain, ids).toFloatArray());
    }

    @Test
    void armsDrawTheSameDropoutAndBeginWithTheSameLoss() {
        double[] losses =
                Stream.of("0 0", "1 0", "0 1", "1 1")
                        .map(arm -> arm.split(" "))
                        .map(arm -> new IdentityScalings(number(arm[0]), number(arm[1]), true))
                        .mapToDouble(this::firstLossWithDropout)
                        .toArray();
        assertThat(losses).containsOnly(losses[0]);
    }

    private static double number(String text) {
        return Double.parseDouble(text);
    }

    /** Three blocks of queries, so that their order counts, too. */
    private double firstLossWithDropout(IdentityScalings scalings) {
        Engine engine = Engine.getEngine("PyTorch");
        engine.setRandomSeed(3);
        Gpt2Config config = Gpt2Config.parse(SMALL).withScalings(scalings).withDropout(0.1);
        Gpt2 network = new Gpt2(config);
        network.initialize(manager);
        engine.setRandomSeed(4);
        NDArray ids = ids(2, 300);
        try (GradientCollector collector = engine.newGradientCollector()) {
            return network.backward(store, collector, ids, ids, 1);
        }
    }

    @Test
    void everyNonZeroScalingMovesTheLogits() {
        for (Circuit circuit : Circuit.values()) {
            Gpt2 network = network(SMALL, new IdentityScalings(1, 1, true));
            NDArray ids = ids(1, 20);
            float[] before = logits(network, ids).toFloatArray();
            network.parameters()
                    .get(circuit.parameter(1))
                    .getArray()
                    .set(new float[] {0f, 0.5f, 0f});
            assertThat(logits(network, ids).toFloatArray()).isNotEqualTo(before);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void logitsOfAPositionDoNotDependOnLaterIds(boolean permuted) {
        Gpt2 network = scaledAtRandom(new IdentityScalings(1, 1, true, permuted));
        NDArray ids = ids(1, 520); // three blocks of queries
        float[] whole = logits(network, ids).get("0, 299").toFloatArray();
        float[] prefix = logits(network, ids.get(":, :300")).get("0, 299").toFloatArray();
        for (int i = 0; i < whole.length; i++) {
            assertThat(whole[i]).isCloseTo(prefix[i], org.assertj.core.data.Offset.offset(1e-4f));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void scalingsEqualExplicitCircuitsHeadByHead(boolean masked) {
        ExplicitCircuits.check(
                scaledAtRandom(new IdentityScalings(0.5, 2, masked)), ids(2, 19), manager);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void permutedScalingsTakeTheirProductsFromTheMirroredPosition(boolean masked) {
        ExplicitCircuits.check(
                scaledAtRandom(new IdentityScalings(0.5, 2, masked, true)), ids(2, 19), manager);
    }

    private Gpt2 scaledAtRandom(IdentityScalings scalings) {
        Gpt2 network = network(SMALL, scalings);
        network.parameters()
                .forEach(
                        (name, parameter) -> {
                            if (Circuit.isScaling(name)) {
                                parameter
                                        .getArray()
                                        .set(
                                                manager.randomNormal(parameter.getShape())
                                                        .mul(0.2f)
                                                        .toFloatArray());
                            }
                        });
        return network;
    }

    @Test
    void whatIsSavedLoadsWithTheSameBits(@TempDir Path dir) throws Exception {
        Gpt2 network = scaledAtRandom(new IdentityScalings(1, 1, false));
        ModelFolder.save(network, dir, TensorType.F32);
        Gpt2 loaded = ModelFolder.load(dir, manager);
        NDArray ids = ids(2, 40);
        assertThat(loaded.config().scalings()).isEqualTo(network.config().scalings());
        assertThat(logits(loaded, ids).toFloatArray())
                .isEqualTo(logits(network, ids).toFloatArray());
    }

    @Test
    void aSavedModelHoldsTheNamesOfGpt2AndOfThePapersCode(@TempDir Path dir) throws Exception {
        ModelFolder.save(network(SMALL, new IdentityScalings(0, 1, false)), dir, TensorType.F16);
        Set<String> names =
                SafetensorsFile.open(dir.resolve("model.safetensors")).tensors().keySet();
        assertThat(names)
                .hasSize(2 + 2 * 13 + 2)
                .contains(
                        "transformer.h.1.attn.wvwo_id_scalings",
                        "transformer.h.0.mlp.c_proj.bias",
                        "transformer.ln_f.weight")
                .doesNotContain("lm_head.weight");
        assertThat(names.stream().filter(name -> name.contains("wkwq")).collect(Collectors.toSet()))
                .isEmpty();
    }

    @Test
    void scalingsThatAFolderHasAreNeverDropped(@TempDir Path dir) throws Exception {
        Gpt2 network = network(SMALL, new IdentityScalings(1, 1, true));
        ModelFolder.save(network, dir, TensorType.F32);
        Gpt2Config less = network.config().withScalings(new IdentityScalings(1, 0, true));
        assertThatThrownBy(() -> ModelFolder.load(dir, less, manager))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("dropped");
    }

    @Test
    void nativeMemoryStaysWithItsManagers() {
        Gpt2 network = scaledAtRandom(new IdentityScalings(1, 1, true));
        logits(network, ids(1, 4)).close();
        manager.cap();
        for (int i = 0; i < 3; i++) {
            try (NDManager step = manager.newSubManager()) {
                NDArray ids = step.create(new long[][] {{1, 2, 3}});
                NDArray targets = step.create(new long[][] {{2, 3, -100}});
                assertThat(network.forward(store, new NDList(ids), false).head().getShape())
                        .isEqualTo(new Shape(1, 3, 50));
                assertThat(network.losses(store, ids, targets).size()).isEqualTo(2);
            }
        }
    }

    @Test
    void aContextBeyondThePositionsIsRefused() {
        Gpt2 network = network(SMALL, IdentityScalings.NONE);
        NDArray ids = ids(1, 601);
        assertThatThrownBy(() -> logits(network, ids))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("n_positions=600");
    }
}
