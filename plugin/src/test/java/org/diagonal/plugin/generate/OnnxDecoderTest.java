package org.diagonal.plugin.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.diagonal.plugin.Golden;
import org.diagonal.plugin.gpt2.Gpt2;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.gpt2.ModelFolder;
import org.diagonal.plugin.onnx.OnnxExport;
import org.diagonal.plugin.onnx.graph.CacheLayout;
import org.diagonal.plugin.onnx.graph.ExportSettings;
import org.diagonal.plugin.onnx.run.OnnxModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An exported file generates what the network generates that it was made from. */
class OnnxDecoderTest {

    private static final Generator GREEDY =
            new Generator(Sampling.GREEDY, 1000, OptionalInt.empty());

    @TempDir private Path folder;

    private OnnxModel export(Gpt2 network, CacheLayout layout) throws Exception {
        ExportSettings standard = ExportSettings.standard();
        ExportSettings settings =
                new ExportSettings(
                        layout,
                        standard.dtypes(),
                        standard.opset(),
                        standard.externalData(),
                        standard.attentions(),
                        standard.tolerance());
        Path out = folder.resolve("out");
        OnnxExport.Source source =
                new OnnxExport.Source("test", "0", Optional.empty(), "0.1.0", "");
        OnnxExport.write(
                network, Optional.empty(), settings, source, out, OnnxExport.Extras.none(), 1);
        return OnnxModel.open(out, 1);
    }

    @ParameterizedTest
    @CsvSource({
        "gpt2-plain, LAYERS",
        "gpt2-a, LAYERS",
        "gpt2-a-masked-diagonal, LAYERS",
        "gpt2-b, LAYERS",
        "gpt2-ab, LAYERS",
        "gpt2-ab-masked-diagonal, LAYERS",
        "gpt2-ab-masked-diagonal, NONE"
    })
    void greedyIsThatOfDjl(String name, CacheLayout layout) throws Exception {
        long[] prompt = {3, 14, 15, 92, 65};
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            Gpt2 network = ModelFolder.load(Golden.folder(name), manager);
            try (OnnxModel model = export(network, layout);
                    Decoder onnx = new OnnxDecoder(model, network.config().nPositions());
                    Decoder djl = new DjlDecoder(network, manager)) {
                assertThat(onnx.vocabularySize()).isEqualTo(97);
                List<Long> expected = GREEDY.generate(djl, prompt, id -> {}).ids();
                for (int i = 0; i < 2; i++) { // the second text knows nothing of the first
                    Generated generated = GREEDY.generate(onnx, prompt, id -> {});
                    assertThat(generated.ids()).hasSize(28).isEqualTo(expected);
                    assertThat(generated.end()).isEqualTo(Generated.End.CONTEXT_FULL);
                }
                assertClose(onnx.prime(prompt), djl.prime(prompt));
                assertClose(onnx.next(7), djl.next(7));
            }
        }
    }

    private static void assertClose(float[] found, float[] expected) {
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            assertThat(Math.abs(found[i] - expected[i])).isLessThan(1e-4f);
        }
    }

    @Test
    void aLongPromptIsReadInPieces() throws Exception {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            Engine.getEngine("PyTorch").setRandomSeed(3);
            Gpt2 network = new Gpt2(Gpt2Config.fresh(30, 600, 16, 2, 2));
            network.initialize(manager);
            long[] prompt = new long[600];
            for (int i = 0; i < prompt.length; i++) {
                prompt[i] = (long) i * i % 30;
            }
            try (OnnxModel model = export(network, CacheLayout.LAYERS);
                    Decoder onnx = new OnnxDecoder(model, 600);
                    Decoder djl = new DjlDecoder(network, manager)) {
                assertClose(onnx.prime(prompt), djl.prime(prompt));
                assertThat(onnx.length()).isEqualTo(600);
                assertThatThrownBy(() -> onnx.next(1))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("the context is full: n_positions=600");
                assertThatThrownBy(() -> onnx.prime(new long[601]))
                        .hasMessageContaining("ids=601, n_positions=600");
            }
        }
    }

    @Test
    void aModelForRealNumbersHasNoNextToken() throws Exception {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            Gpt2 network = new Gpt2(Gpt2Config.fresh(30, 8, 16, 2, 2).withRegression());
            network.initialize(manager);
            try (OnnxModel model = export(network, CacheLayout.NONE)) {
                assertThatThrownBy(() -> new OnnxDecoder(model, 8))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("no next token");
            }
        }
    }
}
