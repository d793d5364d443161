package org.diagonal.plugin.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.diagonal.plugin.Golden;
import org.diagonal.plugin.checkpoint.SafetensorsFile;
import org.diagonal.plugin.checkpoint.TensorType;
import org.diagonal.plugin.gpt2.Gpt2;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.gpt2.ModelFolder;
import org.diagonal.plugin.identity.Arm;
import org.diagonal.plugin.identity.IdentityScalings;
import org.diagonal.plugin.onnx.graph.CacheLayout;
import org.diagonal.plugin.onnx.graph.Dtype;
import org.diagonal.plugin.onnx.graph.ExportSettings;
import org.diagonal.plugin.onnx.graph.ExportSettings.ExternalData;
import org.diagonal.plugin.onnx.run.OnnxModel;
import org.diagonal.plugin.onnx.run.OnnxStep;
import org.diagonal.plugin.onnx.run.StructureCheck;
import org.diagonal.plugin.tokenizer.ModelTokenizer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Exported files are what ONNX says they must be, and compute what the network computes. */
class OnnxExportTest {

    /** Everything at its default but the sizes, and scalings with multipliers of their own. */
    private static final String SMALL =
            """
            {"vocab_size": 31, "n_positions": 16, "n_embd": 12, "n_layer": 3, "n_head": 3,
             "initializer_range": 0.3, "wkwq_id_mult": 0.5, "wvwo_id_mult": 2,
             "mask_diag_wkwq": true, "eos_token_id": 30%s}
            """;

    @TempDir private Path work;
    private NDManager manager;

    @BeforeEach
    void open() {
        manager = NDManager.newBaseManager("PyTorch");
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private static void assertChecked(Path folder) {
        if (Exporting.hasOfficial()) {
            assertThatCode(() -> Exporting.official(folder)).doesNotThrowAnyException();
        }
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
    void theAuthorsLogitsComeOutOfOnnxRuntime(String name) throws Exception {
        Path golden = Golden.folder(name);
        Gpt2 network = ModelFolder.load(golden, manager);
        SafetensorsFile recorded = SafetensorsFile.open(golden.resolve("expected.safetensors"));
        NDArray ids = recorded.read("input_ids", manager);
        float[] expected = recorded.read("logits", manager).toFloatArray();
        for (CacheLayout layout : CacheLayout.values()) {
            Path out = work.resolve(layout.name());
            OnnxExport.Result result = Exporting.export(network, Exporting.settings(layout), out);
            assertThat(result.files().get(0).verification().difference()).isBetween(0.0, 1e-4);
            assertChecked(out);
            try (OnnxModel model = OnnxModel.open(out, 1);
                    OnnxStep step = model.run(rows(ids))) {
                assertLogits(step.logits(), expected, 1e-5f);
            }
        }
    }

    private static long[][] rows(NDArray ids) {
        int length = (int) ids.getShape().get(1);
        long[] flat = ids.toLongArray();
        long[][] rows = new long[flat.length / length][length];
        for (int row = 0; row < rows.length; row++) {
            System.arraycopy(flat, row * length, rows[row], 0, length);
        }
        return rows;
    }

    private static void assertLogits(FloatBuffer found, float[] expected, float tolerance) {
        assertThat(found.remaining()).isEqualTo(expected.length);
        for (int i = 0; i < expected.length; i++) {
            assertThat(found.get(i))
                    .isCloseTo(expected[i], org.assertj.core.data.Offset.offset(tolerance));
        }
    }

    static Stream<Arguments> variants() {
        List<Arguments> variants = new ArrayList<>();
        for (int opset : new int[] {17, 18, 19, 20, 21}) {
            variants.add(Arguments.of(CacheLayout.LAYERS, Dtype.FP32, opset, ExternalData.AUTO));
            variants.add(Arguments.of(CacheLayout.LAYERS, Dtype.FP16, opset, ExternalData.ALWAYS));
            variants.add(Arguments.of(CacheLayout.NONE, Dtype.FP32, opset, ExternalData.ALWAYS));
            variants.add(Arguments.of(CacheLayout.NONE, Dtype.FP16, opset, ExternalData.AUTO));
        }
        return variants.stream();
    }

    @ParameterizedTest
    @MethodSource("variants")
    void everyVariantIsValidAndComputesTheSame(
            CacheLayout layout, Dtype dtype, int opset, ExternalData external) throws Exception {
        Gpt2 network = Exporting.random(SMALL.formatted(""), manager, 1);
        Path out = work.resolve("out");
        OnnxExport.Result result =
                Exporting.export(network, Exporting.settings(layout, dtype, opset, external), out);
        assertChecked(out);
        assertThat(result.files().get(0).verification().checks())
                .hasSize(layout == CacheLayout.LAYERS ? 7 : 4)
                .allMatch(Verification.Check::passes);
        assertThat(result.files().get(0).isExternal()).isEqualTo(external == ExternalData.ALWAYS);
        assertThat(Files.exists(out.resolve(dtype.file() + "_data")))
                .isEqualTo(result.files().get(0).isExternal());
        assertThat(result.files().get(0).rounding().isPresent()).isEqualTo(dtype == Dtype.FP16);
        ModelProto file = StructureCheck.read(out.resolve(dtype.file()));
        assertThat(file.getOpsetImport(0).getVersion()).isEqualTo(opset);
        assertThat(file.getProducerName()).isEqualTo("Diagonal");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ", \"activation_function\": \"gelu\"",
                ", \"activation_function\": \"gelu_pytorch_tanh\"",
                ", \"activation_function\": \"relu\"",
                ", \"n_inner\": 20",
                ", \"tie_word_embeddings\": false",
                ", \"scale_attn_by_inverse_layer_idx\": true",
                ", \"scale_attn_weights\": false",
                ", \"layer_norm_epsilon\": 0.01",
                ", \"n_positions\": 1",
                ", \"n_positions\": 2",
                ", \"n_layer\": 1",
                ", \"n_layer\": 4",
                ", \"mask_diag_wkwq\": false",
                ", \"permute_wkwq\": true",
                ", \"permute_wkwq\": true, \"mask_diag_wkwq\": false",
                ", \"wkwq_id_mult\": 0",
                ", \"wvwo_id_mult\": 0",
                ", \"wkwq_id_mult\": 0, \"wvwo_id_mult\": 0",
            })
    void whateverTheConfigurationSaysIsExported(String more) throws Exception {
        // A key that is there twice counts the last time.
        Gpt2 network = Exporting.random(SMALL.formatted(more), manager, 2);
        for (int opset : new int[] {17, 21}) {
            ExportSettings settings =
                    Exporting.settings(CacheLayout.LAYERS, Dtype.FP32, opset, ExternalData.AUTO);
            Path out = work.resolve("opset" + opset);
            Exporting.export(network, settings, out);
            assertChecked(out);
            assertThat(ExportedConfig.read(out).nLayer()).isEqualTo(network.config().nLayer());
            assertThat(ExportedConfig.read(out).scalings()).isEqualTo(network.config().scalings());
        }
    }

    @Test
    void aRealNumberIsReadOutOfTheLastPosition() throws Exception {
        String head = ", \"problem_type\": \"regression\", \"num_labels\": 1";
        Gpt2 network = Exporting.random(SMALL.formatted(head), manager, 3);
        Path out = work.resolve("out");
        assertThatThrownBy(
                        () ->
                                Exporting.export(
                                        network, Exporting.settings(CacheLayout.LAYERS), out))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has no cache");
        Exporting.export(network, Exporting.settings(CacheLayout.NONE), out);
        assertChecked(out);
        try (OnnxModel model = OnnxModel.open(out, 1)) {
            assertThat(model.readsLastAlone()).isTrue();
            assertThat(model.outputs()).isEqualTo(1);
        }
        assertThat(ExportedConfig.read(out).regression()).isTrue();
    }

    @Test
    void scalingsThatAreZeroGivePlainGpt2() throws Exception {
        Gpt2Config bare = Gpt2Config.parse(SMALL.formatted("")).withScalings(IdentityScalings.NONE);
        Gpt2 plain = Exporting.random(bare.json(), manager, 4);
        ModelFolder.save(plain, work, TensorType.F32);
        Gpt2Config scaled = plain.config().withScalings(new IdentityScalings(1, 1, true));
        Gpt2 zero = ModelFolder.load(work, scaled, manager);
        ExportSettings settings = Exporting.settings(CacheLayout.LAYERS);
        assertThat(Exporting.export(zero, settings, work.resolve("zero")).scalings())
                .isEqualTo(Arm.NONE);
        Exporting.export(plain, settings, work.resolve("plain"));
        for (String name : List.of(Dtype.FP32.file(), "config.json", "generation_config.json")) {
            assertThat(work.resolve("zero").resolve(name))
                    .hasSameBinaryContentAs(work.resolve("plain").resolve(name));
        }
        JsonNode config = json("plain/config.json");
        assertThat(config.path("n_layer").asInt()).isEqualTo(3);
        assertThat(config.has("identity_scalings")).isFalse();
        ModelProto file = StructureCheck.read(work.resolve("plain").resolve(Dtype.FP32.file()));
        assertThat(file.getGraph().getInputCount()).isEqualTo(3 + 2 * 3);
    }

    private JsonNode json(String name) throws Exception {
        return new ObjectMapper().readTree(Files.readString(work.resolve(name)));
    }

    @Test
    void clientsSeeFurtherLayersAndOthersTheTruth() throws Exception {
        Gpt2 network = Exporting.random(SMALL.formatted(""), manager, 5);
        try (ModelTokenizer tokenizer = ModelTokenizer.bytes()) {
            OnnxExport.write(
                    network,
                    Optional.of(tokenizer),
                    Exporting.settings(CacheLayout.LAYERS, Dtype.FP32, 17, ExternalData.ALWAYS),
                    Exporting.SOURCE,
                    work.resolve("out"),
                    OnnxExport.Extras.none(),
                    1);
        }
        try (Stream<Path> files = Files.walk(work.resolve("out"))) {
            assertThat(files.filter(Files::isRegularFile).map(work.resolve("out")::relativize))
                    .map(Path::toString)
                    .containsExactlyInAnyOrder(
                            "config.json",
                            "generation_config.json",
                            "genai_config.json",
                            "README.md",
                            "tokenizer.json",
                            "tokenizer_config.json",
                            "onnx/model.onnx",
                            "onnx/model.onnx_data");
        }
        JsonNode config = json("out/config.json");
        assertThat(config.path("n_layer").asInt()).isEqualTo(5);
        assertThat(config.has("wkwq_id_mult")).isFalse();
        JsonNode truth = config.path("identity_scalings");
        assertThat(truth.path("n_layer").asInt()).isEqualTo(3);
        assertThat(truth.path("wvwo_id_mult").asDouble()).isEqualTo(2);
        assertThat(truth.path("wkwq_id_scalings")).hasSize(3);
        assertThat(truth.path("wkwq_id_scalings").get(2).get(1).floatValue())
                .isEqualTo(
                        network.parameters()
                                .get("transformer.h.2.attn.wkwq_id_scalings")
                                .getArray()
                                .getFloat(1));
        assertThat(config.at("/transformers.js_config/use_external_data_format/model.onnx").asInt())
                .isEqualTo(1);
        assertThat(json("out/generation_config.json").path("eos_token_id").asInt()).isEqualTo(30);
        try (OnnxModel model = OnnxModel.open(work.resolve("out"), 1)) {
            assertThat(model.cacheLayers()).isEqualTo(5);
            Map<String, String> metadata = model.metadata();
            assertThat(metadata)
                    .containsEntry("n_layer", "3")
                    .containsEntry("scalings", "both")
                    .containsEntry("mask_diag_wkwq", "true")
                    .containsEntry("source_sha256", "0".repeat(64));
            assertThat(metadata.get("wvwo_id_scalings"))
                    .isEqualTo(truth.path("wvwo_id_scalings").toString());
        }
    }

    @Test
    void attentionWeightsAreOutputsWhereTheyAreAskedFor() throws Exception {
        Gpt2 network = Exporting.random(SMALL.formatted(""), manager, 6);
        ExportSettings settings =
                new ExportSettings(
                        CacheLayout.NONE, List.of(Dtype.FP32), 17, ExternalData.AUTO, true, 1e-4);
        Exporting.export(network, settings, work.resolve("out"));
        assertChecked(work.resolve("out"));
        Attentions.check(work.resolve("out").resolve(Dtype.FP32.file()), 3, 3);
    }

    @Test
    void theEmbeddingIsStoredOnceAndTheFileIsHardlyLargerThanTheWeights() throws Exception {
        String json =
                """
                {"vocab_size": 5000, "n_positions": 256, "n_embd": 128, "n_layer": 4, "n_head": 4,
                 "wkwq_id_mult": 1, "wvwo_id_mult": 1}
                """;
        Gpt2 network = Exporting.random(json, manager, 7);
        OnnxExport.Result whole =
                Exporting.export(
                        network, Exporting.settings(CacheLayout.LAYERS), work.resolve("whole"));
        assertThat(whole.parameters()).isEqualTo(5000 * 128 + 256 * 128 + 256 + 4 * 198_280);
        assertThat(whole.files().get(0).bytes())
                .isBetween(4 * whole.parameters(), 4 * whole.parameters() * 101 / 100);
        OnnxExport.Result half =
                Exporting.export(
                        network,
                        Exporting.settings(CacheLayout.LAYERS, Dtype.FP16, 17, ExternalData.ALWAYS),
                        work.resolve("half"));
        assertThat(half.files().get(0).bytes()).isLessThan(whole.files().get(0).bytes() * 53 / 100);
        assertThat(half.files().get(0).rounding().orElseThrow()).isBetween(1e-6, 1e-2);
    }

    @Test
    void theBundledModelWithScalingsIsExported() throws Exception {
        Path nano = Path.of(System.getProperty("diagonal.root"), "models", "nano");
        assumeTrue(Files.exists(nano), "no bundled model beside this module");
        Gpt2Config config = Gpt2Config.read(nano).withScalings(new IdentityScalings(1, 1, true));
        Gpt2 network = ModelFolder.load(nano, config, manager);
        for (String name : network.scalings()) {
            network.parameters()
                    .get(name)
                    .getArray()
                    .set(
                            manager.randomNormal(network.parameters().get(name).getShape())
                                    .mul(0.1f)
                                    .toFloatArray());
        }
        Path out = work.resolve("out");
        OnnxExport.Result result = Exporting.export(network, ExportSettings.standard(), out);
        assertThat(result.scalings()).isEqualTo(Arm.BOTH);
        assertThat(result.files().get(0).verification().difference()).isLessThan(1e-4);
        assertChecked(out);
    }

    @Test
    void theCheckersRejectAFileThatIsBroken() throws Exception {
        Gpt2 network = Exporting.random(SMALL.formatted(""), manager, 8);
        Path out = work.resolve("out");
        Exporting.export(network, Exporting.settings(CacheLayout.LAYERS), out);
        Path file = out.resolve(Dtype.FP32.file());
        ModelProto.Builder broken = StructureCheck.read(file).toBuilder();
        List<NodeProto> nodes = broken.getGraph().getNodeList();
        int first = 0;
        while (!nodes.get(first).getOpType().equals("LayerNormalization")) {
            first++;
        }
        NodeProto moved = nodes.get(first);
        broken.getGraphBuilder().removeNode(first).addNode(moved);
        Files.write(file, broken.build().toByteArray());
        if (Exporting.hasOfficial()) {
            assertThatThrownBy(() -> Exporting.official(out)).isInstanceOf(RuntimeException.class);
        }
        assertThatThrownBy(() -> StructureCheck.check(file))
                .hasMessageContaining(file.toString())
                .hasMessageContaining("before it is there");
    }
}
