package org.diagonal.plugin.gpt2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import org.diagonal.plugin.checkpoint.Checkpoint;
import org.diagonal.plugin.checkpoint.TensorType;
import org.diagonal.plugin.identity.IdentityScalings;
import org.diagonal.plugin.network.Loss;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** GPT-2 that reads a real number out of the last position. */
class RegressionTest {

    private static final String SMALL =
            """
            {"vocab_size": 11, "n_positions": 6, "n_embd": 8, "n_layer": 2, "n_head": 2,
             "initializer_range": 0.3, "tie_word_embeddings": %s,
             "resid_pdrop": 0, "embd_pdrop": 0, "attn_pdrop": 0}
            """;

    private NDManager manager;
    private ParameterStore store;

    @BeforeEach
    void open() {
        manager = NDManager.newBaseManager("PyTorch");
        store = new ParameterStore(manager, false);
        Engine.getEngine("PyTorch").setRandomSeed(5);
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private Gpt2 network(boolean tied) {
        Gpt2 network = new Gpt2(Gpt2Config.parse(SMALL.formatted(tied)));
        network.initialize(manager);
        return network;
    }

    private NDArray ids() {
        return manager.create(new long[][] {{1, 2, 1}, {3, 4, 4}});
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPretrainedFolderGetsAHeadAndKeepsEverythingElse(boolean tied, @TempDir Path dir)
            throws Exception {
        Gpt2 base = network(tied);
        base.save(dir.resolve("base"), TensorType.F32);
        Gpt2Config config =
                Gpt2Config.read(dir.resolve("base"))
                        .withScalings(new IdentityScalings(1, 1, true))
                        .withRegression();
        Gpt2 network = ModelFolder.load(dir.resolve("base"), config, manager);
        assertThat(network.loss()).isEqualTo(Loss.SQUARED_ERROR);
        assertThat(network.parameters())
                .containsKey("score.weight")
                .doesNotContainKey("lm_head.weight");
        assertThat(network.parameters().get("score.weight").getShape()).isEqualTo(new Shape(1, 8));
        assertThat(network.parameters().get("transformer.h.1.mlp.c_fc.weight").getArray())
                .isEqualTo(base.parameters().get("transformer.h.1.mlp.c_fc.weight").getArray());

        network.save(dir.resolve("tuned"), TensorType.F32);
        Gpt2 loaded = ModelFolder.load(dir.resolve("tuned"), manager);
        assertThat(loaded.output(store, ids()).toFloatArray())
                .isEqualTo(network.output(store, ids()).toFloatArray());
        JsonNode json =
                new ObjectMapper()
                        .readTree(Files.readString(dir.resolve("tuned").resolve("config.json")));
        assertThat(json.path("num_labels").asInt()).isEqualTo(1);
        assertThat(json.path("problem_type").asText()).isEqualTo("regression");
        assertThat(json.path("architectures").get(0).asText())
                .isEqualTo("GPT2ForSequenceClassification");
        assertThat(Checkpoint.open(dir.resolve("tuned")).names())
                .contains("score.weight")
                .doesNotContain("lm_head.weight");
    }

    @Test
    void theNumberIsTheScoreOfTheLastPosition() {
        Gpt2 network = new Gpt2(Gpt2Config.parse(SMALL.formatted(true)).withRegression());
        network.initialize(manager);
        // The head of a tied network applied to the last position, with the score for an embedding.
        Gpt2 words = new Gpt2(Gpt2Config.parse(SMALL.formatted(false)));
        words.initialize(manager);
        network.parameters()
                .forEach(
                        (name, parameter) -> {
                            if (words.parameters().containsKey(name)) {
                                parameter
                                        .getArray()
                                        .copyTo(words.parameters().get(name).getArray());
                            }
                        });
        NDArray score = network.parameters().get("score.weight").getArray();
        NDArray head = words.parameters().get("lm_head.weight").getArray();
        head.set(new NDIndex("4, :"), score.reshape(8));
        NDArray logits = words.forward(store, new NDList(ids()), false).singletonOrThrow();
        NDArray numbers = network.output(store, ids());
        assertThat(numbers.getShape()).isEqualTo(new Shape(2));
        for (int b = 0; b < 2; b++) {
            assertThat(numbers.getFloat(b)).isCloseTo(logits.getFloat(b, 2, 4), within(1e-5f));
            assertThat(words.output(store, ids()).getFloat(b, 4))
                    .isCloseTo(logits.getFloat(b, 2, 4), within(1e-5f));
        }
    }

    @Test
    void gradientsAreThoseOfTheSquaredErrors() {
        Gpt2 network = new Gpt2(Gpt2Config.parse(SMALL.formatted(true)).withRegression());
        network.initialize(manager);
        NDArray labels = manager.create(new float[] {1, -1});
        float[] said = network.output(store, ids()).toFloatArray();
        double expected = (said[0] - 1) * (said[0] - 1) + (said[1] + 1) * (said[1] + 1);
        try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
            assertThat(network.backward(store, collector, ids(), labels, 0.5))
                    .isCloseTo(expected, within(1e-5));
        }
        NDArray score = network.parameters().get("score.weight").getArray();
        NDArray gradient = score.getGradient();
        // The output is linear in the score: score · gradient = Σ (f − y) f for a scale of 1/2.
        double along = score.mul(gradient).sum().getFloat();
        double slope = (said[0] - 1) * said[0] + (said[1] + 1) * said[1];
        assertThat(along).isCloseTo(slope, within(1e-5));
    }

    @Test
    void passesLeaveNoArrayBehind() {
        Gpt2 network = new Gpt2(Gpt2Config.parse(SMALL.formatted(true)).withRegression());
        network.initialize(manager);
        pass(network);
        manager.cap();
        for (int i = 0; i < 3; i++) {
            pass(network);
        }
    }

    private void pass(Gpt2 network) {
        try (NDManager step = manager.newSubManager();
                GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
            NDArray ids = step.create(new long[][] {{1, 2, 1}, {3, 4, 4}});
            NDArray labels = step.create(new float[] {1, -1});
            assertThat(network.backward(store, collector, ids, labels, 1)).isPositive();
            assertThat(network.losses(store, ids, labels).size()).isEqualTo(2);
            assertThat(network.forward(store, new NDList(ids), false).head().getShape())
                    .isEqualTo(network.getOutputShapes(new Shape[] {ids.getShape()})[0]);
        }
    }

    @Test
    void idsAsTargetsOfARealHeadAreRefused() {
        Gpt2 network = new Gpt2(Gpt2Config.parse(SMALL.formatted(true)).withRegression());
        network.initialize(manager);
        assertThatThrownBy(() -> network.losses(store, ids(), ids()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("SQUARED_ERROR");
    }

    @Test
    void twoLabelsAreNoRegression() {
        assertThatThrownBy(() -> Gpt2Config.parse("{\"problem_type\": \"regression\"}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("num_labels must be 1");
    }
}
