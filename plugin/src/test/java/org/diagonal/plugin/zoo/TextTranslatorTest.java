package org.diagonal.plugin.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.Engine;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDManager;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.diagonal.plugin.checkpoint.TensorType;
import org.diagonal.plugin.gpt2.Gpt2;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.gpt2.ModelFolder;
import org.diagonal.plugin.identity.IdentityScalings;
import org.diagonal.plugin.tokenizer.ModelTokenizer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A prompt in, the prompt and its continuation out, through DJL's own door. */
class TextTranslatorTest {

    private static final String BYTES =
            """
            {"vocab_size": 256, "n_positions": 24, "n_embd": 16, "n_layer": 2, "n_head": 2,
             "initializer_range": 0.5}
            """;

    @TempDir private Path folder;

    @BeforeEach
    void write() throws Exception {
        write(Gpt2Config.parse(BYTES).withScalings(new IdentityScalings(1, 1, true)));
    }

    private void write(Gpt2Config config) throws Exception {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            Engine.getEngine("PyTorch").setRandomSeed(5);
            Gpt2 network = new Gpt2(config);
            network.initialize(manager);
            for (String name : network.scalings()) {
                network.parameters().get(name).getArray().set(new float[] {0.2f, -0.1f});
            }
            ModelFolder.save(network, folder, TensorType.F32);
        }
    }

    private ZooModel<String, String> model(Map<String, ?> arguments) throws Exception {
        return Criteria.builder()
                .setTypes(String.class, String.class)
                .optGroupId(DiagonalZoo.GROUP_ID)
                .optArtifactId(DiagonalZoo.GPT2)
                .optOption(DiagonalZoo.MODEL_PATH, folder.toString())
                .optArguments(new HashMap<>(arguments))
                .build()
                .loadModel();
    }

    private String text(String prompt, Map<String, ?> arguments) throws Exception {
        try (ZooModel<String, String> model = model(arguments);
                Predictor<String, String> predictor = model.newPredictor()) {
            return predictor.predict(prompt);
        }
    }

    @Test
    void aPromptIsGoneOnWithAndTheSamePromptEquallyEveryTime() throws Exception {
        Map<String, ?> arguments = Map.of("maxNewTokens", 8, "temperature", 0.9, "seed", 3);
        try (ZooModel<String, String> model = model(arguments);
                Predictor<String, String> predictor = model.newPredictor()) {
            String first = predictor.predict("a€😀");
            assertThat(first).startsWith("a€😀").hasSizeGreaterThan("a€😀".length());
            assertThat(predictor.predict("b")).startsWith("b");
            assertThat(predictor.predict("a€😀")).isEqualTo(first);
            assertThat(predictor.batchPredict(List.of("b", "a€😀")).get(1)).isEqualTo(first);
        }
    }

    @Test
    void threadsThatShareAModelDoNotDisturbEachOther() throws Exception {
        Map<String, ?> arguments = Map.of("topK", 20, "maxNewTokens", 10);
        try (ZooModel<String, String> model = model(arguments)) {
            List<CompletableFuture<String>> texts =
                    IntStream.range(0, 24)
                            .mapToObj(i -> CompletableFuture.supplyAsync(() -> predict(model, i)))
                            .toList();
            for (int i = 0; i < 24; i++) {
                assertThat(texts.get(i).join()).isEqualTo(predict(model, i));
            }
        }
    }

    private static String predict(ZooModel<String, String> model, int i) {
        try (Predictor<String, String> predictor = model.newPredictor()) {
            return predictor.predict("prompt " + i % 3);
        } catch (ai.djl.translate.TranslateException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void predictionsLeaveNothingInTheModelsMemory() throws Exception {
        ModelTokenizer closed;
        try (ZooModel<String, String> model = model(Map.of("maxNewTokens", 4))) {
            model.getNDManager().cap(); // a further array in it throws from now on
            try (Predictor<String, String> predictor = model.newPredictor()) {
                for (int i = 0; i < 5; i++) {
                    assertThat(predictor.predict("text")).startsWith("text");
                }
            }
            closed = ((TextTranslator) model.getTranslator()).tokenizer();
            assertThat(closed.tokenizer().isReleased()).isFalse();
        }
        assertThat(closed.tokenizer().isReleased()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "temperature, -1, temperature must be 0 or more: -1.0",
        "topK, 0, topK must be 1 or more: 0",
        "topP, 1.5, topP must lie above 0 and up to 1: 1.5",
        "maxNewTokens, 0, maxNewTokens must be 1 or more: 0",
        "topK, few, argument topK must be a whole number: few",
        "seed, 1.5, argument seed must be a whole number: 1.5"
    })
    void argumentsOutsideTheirRangesAreRefused(String name, String value, String message) {
        assertThatThrownBy(() -> model(Map.of(name, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void aPromptThatDoesNotFitIsRefused() {
        assertThatThrownBy(() -> text("longer than twenty-four bytes", Map.of()))
                .hasStackTraceContaining(
                        "the prompt is longer than the model's context: tokens=29, n_positions=24");
        assertThatThrownBy(() -> text("", Map.of()))
                .hasStackTraceContaining("has no end-of-text token to begin with");
    }

    @Test
    void aModelForRealNumbersIsRefusedByName() throws Exception {
        write(Gpt2Config.parse(BYTES).withRegression());
        assertThatThrownBy(() -> model(Map.of()))
                .hasMessage(folder + " reads out a real number and generates no text");
    }

    @Test
    void aModelWithoutATokenizerIsRefused() throws Exception {
        write(Gpt2Config.fresh(20, 8, 16, 2, 2));
        assertThatThrownBy(() -> model(Map.of()))
                .hasMessageContaining("has no tokenizer for its vocabulary of 20");
    }
}
