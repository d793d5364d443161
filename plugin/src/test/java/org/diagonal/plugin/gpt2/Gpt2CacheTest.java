package org.diagonal.plugin.gpt2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import java.util.Arrays;
import org.diagonal.plugin.Golden;
import org.diagonal.plugin.checkpoint.SafetensorsFile;
import org.diagonal.plugin.identity.Circuit;
import org.diagonal.plugin.identity.IdentityScalings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is remembered gives the logits that the whole text gives. */
class Gpt2CacheTest {

    private static final String SMALL =
            """
            {"vocab_size": 50, "n_positions": 40, "n_embd": 24, "n_layer": 2, "n_head": 3,
             "initializer_range": 0.3, "activation_function": "%s",
             "scale_attn_by_inverse_layer_idx": true, "tie_word_embeddings": false}
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

    private Gpt2 network(String activation, IdentityScalings scalings) {
        Gpt2 network =
                new Gpt2(Gpt2Config.parse(SMALL.formatted(activation)).withScalings(scalings));
        network.initialize(manager);
        return network;
    }

    private Gpt2 scaledAtRandom(String activation, IdentityScalings scalings) {
        Gpt2 network = network(activation, scalings);
        network.parameters()
                .forEach(
                        (name, parameter) -> {
                            if (Circuit.isScaling(name)) {
                                float[] values =
                                        manager.randomNormal(parameter.getShape())
                                                .mul(0.2f)
                                                .toFloatArray();
                                parameter.getArray().set(values);
                            }
                        });
        return network;
    }

    private NDArray ids(int length) {
        return manager.randomInteger(0, 50, new Shape(1, length), DataType.INT64);
    }

    private float[] whole(Gpt2 network, NDArray ids) {
        NDArray logits = network.forward(store, new NDList(ids), false).singletonOrThrow();
        return logits.get("0, -1").toFloatArray();
    }

    private static void assertClose(float[] found, float[] expected) {
        double largest = 0;
        for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, Math.abs(found[i] - expected[i]));
        }
        assertThat(found).hasSameSizeAs(expected);
        assertThat(largest).isLessThan(2e-5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gpt2-plain",
                "gpt2-a",
                "gpt2-a-masked-diagonal",
                "gpt2-b",
                "gpt2-ab",
                "gpt2-ab-masked-diagonal"
            })
    void idByIdTheLogitsAreThoseOfTheAuthorsCode(String name) throws Exception {
        var folder = Golden.folder(name);
        Gpt2 network = ModelFolder.load(folder, manager);
        SafetensorsFile expected = SafetensorsFile.open(folder.resolve("expected.safetensors"));
        NDArray ids = expected.read("input_ids", manager);
        NDArray logits = expected.read("logits", manager);
        try (Gpt2Cache cache = new Gpt2Cache(network, manager)) {
            for (int row = 0; row < ids.getShape().get(0); row++) {
                cache.clear();
                for (int t = 0; t < ids.getShape().get(1); t++) {
                    NDArray id = manager.create(new long[][] {{ids.getLong(row, t)}});
                    float[] found = cache.append(id).toFloatArray();
                    float[] wanted = logits.get("{}, {}", row, t).toFloatArray();
                    assertClose(found, wanted);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, false, false, gelu",
        "1, 0, true, false, gelu_new",
        "0.5, 0, false, false, relu",
        "0, 2, false, false, gelu_new",
        "1, 1, true, false, gelu",
        "2, -1, false, false, gelu_new",
        "1, 0, true, true, gelu_new",
        "1, 1, false, true, gelu"
    })
    void anyPiecesGiveTheLogitsOfTheWhole(
            double qk, double ov, boolean masked, boolean permuted, String activation) {
        Gpt2 network = scaledAtRandom(activation, new IdentityScalings(qk, ov, masked, permuted));
        NDArray ids = ids(40);
        for (int[] pieces : new int[][] {{40}, {1, 39}, {39, 1}, {7, 1, 1, 20, 11}}) {
            try (Gpt2Cache cache = new Gpt2Cache(network, manager)) {
                int from = 0;
                for (int piece : pieces) {
                    NDArray some = ids.get(new NDIndex(":, {}:{}", from, from + piece));
                    from += piece;
                    float[] found = cache.append(some).toFloatArray();
                    float[] expected = whole(network, ids.get(new NDIndex(":, :{}", from)));
                    assertClose(found, expected);
                }
                assertThat(cache.length()).isEqualTo(40);
            }
        }
    }

    @Test
    void zeroScalingsAreRememberedAsNone() {
        Gpt2 scaled = network("gelu_new", new IdentityScalings(1, 1, true));
        Gpt2 plain = network("gelu_new", IdentityScalings.NONE);
        plain.parameters()
                .forEach(
                        (name, parameter) ->
                                scaled.parameters()
                                        .get(name)
                                        .getArray()
                                        .set(parameter.getArray().toFloatArray()));
        NDArray ids = ids(12);
        try (Gpt2Cache one = new Gpt2Cache(scaled, manager);
                Gpt2Cache other = new Gpt2Cache(plain, manager)) {
            assertThat(one.append(ids).toFloatArray()).isEqualTo(other.append(ids).toFloatArray());
        }
    }

    @Test
    void aTextThatIsForgottenLeavesNoTrace() {
        Gpt2 network = scaledAtRandom("gelu", new IdentityScalings(1, 1, false));
        NDArray text = ids(9);
        try (Gpt2Cache cache = new Gpt2Cache(network, manager)) {
            float[] first = cache.append(text).toFloatArray();
            cache.append(ids(30));
            cache.clear();
            assertThat(cache.length()).isZero();
            assertThat(cache.append(text).toFloatArray()).isEqualTo(first);
        }
    }

    @Test
    void theMemoryIsMadeOnceAndFreedWithTheCache() {
        Gpt2 network = scaledAtRandom("gelu", new IdentityScalings(1, 1, true));
        int before = manager.getManagedArrays().size();
        try (NDManager owner = manager.newSubManager()) {
            Gpt2Cache cache = new Gpt2Cache(network, owner);
            cache.append(ids(1)).close();
            manager.cap(); // a further array in one of them throws from now on
            owner.cap();
            for (int i = 0; i < 30; i++) {
                try (NDManager step = NDManager.newBaseManager("PyTorch")) {
                    cache.append(step.create(new long[][] {{i}}));
                    assertThat(step.getManagedArrays()).hasSize(2); // ids and logits
                }
            }
            cache.close();
            assertThat(owner.getManagedArrays()).isEmpty();
        }
        assertThat(manager.getManagedArrays()).hasSizeLessThanOrEqualTo(before + 1);
    }

    @Test
    void aTextBeyondThePositionsIsRefusedAndWhatWasReadStays() {
        Gpt2 network = network("gelu", IdentityScalings.NONE);
        NDArray ids = ids(40);
        try (Gpt2Cache cache = new Gpt2Cache(network, manager)) {
            cache.append(ids.get(new NDIndex(":, :38")));
            assertThatThrownBy(() -> cache.append(ids(3)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("length=38, n_positions=40");
            float[] found = cache.append(ids.get(new NDIndex(":, 38:"))).toFloatArray();
            assertClose(found, whole(network, ids));
            for (Shape shape : Arrays.asList(new Shape(2, 1), new Shape(1, 0), new Shape(1))) {
                NDArray wrong = manager.zeros(shape, DataType.INT64);
                assertThatThrownBy(() -> cache.append(wrong)).hasMessageContaining("(1, n)");
            }
        }
    }

    @Test
    void aNetworkForRealNumbersHasNoNextToken() {
        Gpt2 network = new Gpt2(Gpt2Config.parse(SMALL.formatted("gelu")).withRegression());
        assertThatThrownBy(() -> new Gpt2Cache(network, manager))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no next token");
    }
}
