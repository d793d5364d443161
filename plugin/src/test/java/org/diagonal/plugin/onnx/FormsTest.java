package org.diagonal.plugin.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.diagonal.plugin.gpt2.Gpt2;
import org.diagonal.plugin.onnx.graph.CacheLayout;
import org.diagonal.plugin.onnx.graph.Dtype;
import org.diagonal.plugin.onnx.graph.ExportSettings;
import org.diagonal.plugin.onnx.graph.ExportSettings.ExternalData;
import org.diagonal.plugin.onnx.graph.Weight;
import org.diagonal.plugin.onnx.run.OnnxModel;
import org.diagonal.plugin.onnx.run.StructureCheck;
import org.diagonal.plugin.tokenizer.ModelTokenizer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every form of a model, one beside the other in a folder, and what clients are told of them. */
@Tag("slow")
class FormsTest {

    private static final List<Dtype> ALL = List.of(Dtype.values());

    /** A width that is no multiple of a block, an odd number of layers, all scalings. */
    private static final String ODD =
            """
            {"vocab_size": 256, "n_positions": 24, "n_embd": 40, "n_layer": 3, "n_head": 4,
             "initializer_range": 0.2, "wkwq_id_mult": 1, "wvwo_id_mult": 1, "eos_token_id": 255%s}
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

    private OnnxExport.Result export(String more, ExportSettings settings, Path out)
            throws Exception {
        return Exporting.export(Exporting.random(ODD.formatted(more), manager, 1), settings, out);
    }

    private static void assertChecked(Path folder) {
        if (Exporting.hasOfficial()) {
            assertThatCode(() -> Exporting.official(folder)).doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ", \"wkwq_id_mult\": 0, \"wvwo_id_mult\": 0",
                ", \"tie_word_embeddings\": false",
                ", \"mask_diag_wkwq\": true, \"n_embd\": 32",
                ", \"n_positions\": 1",
            })
    void everyFormIsValidAndComputesNearlyTheSame(String more) throws Exception {
        for (CacheLayout layout : CacheLayout.values()) {
            Path out = work.resolve(layout.name());
            OnnxExport.Result result =
                    export(
                            more,
                            new ExportSettings(layout, ALL, 17, ExternalData.AUTO, false, 1e-4),
                            out);
            assertChecked(out);
            assertThat(Dtype.in(out)).isEqualTo(ALL);
            assertThat(result.file(Dtype.FP32).verification().difference()).isLessThan(1e-4);
            assertThat(result.file(Dtype.FP16).verification().difference()).isLessThan(1e-4);
            Verification eight = result.file(Dtype.Q8).verification();
            Verification four = result.file(Dtype.Q4).verification();
            assertThat(eight.measures()).isTrue();
            // Logits of these networks are of the order of 1.
            assertThat(eight.difference()).isBetween(1e-6, 0.3);
            assertThat(four.difference()).isBetween(1e-6, 2.0);
            assertThat(eight.sameTokens()).isGreaterThan(0.8);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {18, 19, 20, 21})
    void everyOpsetTakesEveryForm(int opset) throws Exception {
        Path out = work.resolve("out");
        ExportSettings settings =
                new ExportSettings(
                        CacheLayout.LAYERS, ALL, opset, ExternalData.ALWAYS, false, 1e-4);
        assertThat(export("", settings, out).files()).hasSize(4).allMatch(ExportedFile::isExternal);
        assertChecked(out);
        JsonNode data =
                json(out, "config.json").at("/transformers.js_config/use_external_data_format");
        for (Dtype dtype : ALL) {
            assertThat(out.resolve(dtype.file() + "_data")).exists();
            assertThat(data.path(dtype.fileName()).asInt()).isEqualTo(1);
        }
    }

    @Test
    void aRealNumberIsReadOutOfEveryForm() throws Exception {
        Path out = work.resolve("out");
        ExportSettings settings =
                new ExportSettings(CacheLayout.NONE, ALL, 17, ExternalData.AUTO, false, 1e-4);
        export(", \"problem_type\": \"regression\", \"num_labels\": 1", settings, out);
        assertChecked(out);
        assertThat(out.resolve("genai_config.json")).doesNotExist();
    }

    @ParameterizedTest
    @EnumSource(Dtype.class)
    void scalingsBiasesNormsAndPositionsStayWhole(Dtype dtype) throws Exception {
        Path out = work.resolve("out");
        export("", ExportSettings.standard().withDtypes(List.of(dtype)), out);
        Map<String, Integer> types =
                StructureCheck.read(out.resolve(dtype.file()))
                        .getGraph()
                        .getInitializerList()
                        .stream()
                        .collect(Collectors.toMap(TensorProto::getName, TensorProto::getDataType));
        assertThat(types.keySet())
                .contains(
                        "transformer.wpe.weight",
                        "transformer.h.0.ln_1.weight",
                        "transformer.h.0.attn.c_attn.bias",
                        "transformer.h.1.attn.wkwq_id_scalings",
                        "transformer.h.2.attn.wvwo_id_scalings");
        types.forEach(
                (name, type) -> {
                    if (name.matches(".*(wpe|ln_.|ln_f|scalings?).*|.*bias")) {
                        assertThat(type).as(name).isEqualTo(Weight.FLOAT);
                    }
                });
        assertThat(types.keySet().stream().filter(name -> name.startsWith("transformer.wte")))
                .hasSize(dtype.isQuantized() ? 2 : 1); // with the scales
    }

    /** A hidden value of 300 among small ones: unbalanced, all are rounded in steps of 1.2. */
    @ParameterizedTest
    @CsvSource({"0, 0", "1, 0.01", "2, 0.01"})
    void oneLargeHiddenValueDoesNotCoarsenTheOthersInQ8(int layer, float weight) throws Exception {
        Gpt2 network = Exporting.random(ODD.formatted(""), manager, 3);
        String mlp = "transformer.h." + layer + ".mlp.";
        try (NDManager own = manager.newSubManager()) {
            NDArray bias = network.parameters().get(mlp + "c_fc.bias").getArray();
            bias.set(new NDIndex("7"), 300f);
            NDArray behind = network.parameters().get(mlp + "c_proj.weight").getArray();
            behind.set(new NDIndex("7"), own.full(new Shape(40), weight));
        }
        Verification eight =
                Exporting.export(
                                network,
                                ExportSettings.standard().withDtypes(List.of(Dtype.Q8)),
                                work.resolve("out"))
                        .file(Dtype.Q8)
                        .verification();
        assertThat(eight.difference()).isLessThan(0.4);
    }

    private JsonNode json(Path folder, String name) throws Exception {
        return new ObjectMapper().readTree(Files.readString(folder.resolve(name)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "FP32 | fp32",
                "FP16 | fp16",
                "Q8 | q8",
                "Q4 | q4",
                "FP16,Q4 | fp16",
                "Q4,Q8 | q8",
                "FP32,Q4 | fp32",
                "Q8,FP32 |"
            })
    void clientsAreToldWhatTheyWouldNotFind(String dtypes, String told) throws Exception {
        Path out = work.resolve("out");
        List<Dtype> asked = Arrays.stream(dtypes.split(",")).map(Dtype::valueOf).toList();
        export("", ExportSettings.standard().withDtypes(asked), out);
        JsonNode config = json(out, "config.json");
        assertThat(config.at("/transformers.js_config/dtype").asText())
                .isEqualTo(told == null ? "" : told);
        assertThat(config.path("architectures").get(0).asText()).isEqualTo("GPT2LMHeadModel");
        assertThat(config.path("use_cache").asBoolean()).isTrue();
        assertThat(config.path("eos_token_id").asInt()).isEqualTo(255);
        assertThat(Dtype.in(out)).containsExactlyInAnyOrderElementsOf(asked);
    }

    @Test
    void theFolderNamesItsContextAndTheLayersOfItsCache() throws Exception {
        Gpt2 network = Exporting.random(ODD.formatted(""), manager, 1);
        Path out = work.resolve("out");
        try (ModelTokenizer tokenizer = ModelTokenizer.bytes()) {
            OnnxExport.write(
                    network,
                    Optional.of(tokenizer),
                    ExportSettings.standard().withDtypes(List.of(Dtype.Q8)),
                    Exporting.SOURCE,
                    out,
                    new OnnxExport.Extras(Optional.empty(), Optional.of("../lib/</script>.js")),
                    1);
        }
        assertThat(json(out, "tokenizer_config.json").path("model_max_length").asInt())
                .isEqualTo(24);
        JsonNode genai = json(out, "genai_config.json").path("model");
        assertThat(genai.path("type").asText()).isEqualTo("decoder");
        assertThat(genai.at("/decoder/num_hidden_layers").asInt()).isEqualTo(5);
        assertThat(genai.at("/decoder/num_key_value_heads").asInt()).isEqualTo(4);
        assertThat(genai.at("/decoder/filename").asText()).isEqualTo("onnx/model_quantized.onnx");
        assertThat(Files.readString(out.resolve("demo.html")))
                .contains("<option>q8</select>", "new URL(\"../lib/\\u003c/script>.js\"")
                .doesNotContain("{{");
        assertThat(Files.readString(out.resolve("README.md")))
                .contains(
                        "dtype: 'q8'",
                        "onnx/model_quantized.onnx",
                        "left-padded batch",
                        "untested");
    }

    @Test
    void aFileSaysHowFarItIsFromTheNetwork() throws Exception {
        Path out = work.resolve("out");
        Gpt2 network = Exporting.random(ODD.formatted(""), manager, 1);
        OnnxExport.Result result =
                OnnxExport.write(
                        network,
                        Optional.empty(),
                        ExportSettings.standard().withDtypes(List.of(Dtype.Q4)),
                        Exporting.SOURCE,
                        out,
                        new OnnxExport.Extras(
                                Optional.of(
                                        (same, folder, dtype) ->
                                                new PerplexityChange("text", 11, 10)),
                                Optional.empty()),
                        1);
        assertThat(result.file(Dtype.Q4).perplexity().orElseThrow().increase())
                .isCloseTo(0.1, org.assertj.core.data.Offset.offset(1e-12));
        assertChecked(out);
        try (OnnxModel model = OnnxModel.open(out, 1)) {
            assertThat(model.dtype()).isEqualTo(Dtype.Q4);
            assertThat(model.metadata())
                    .containsEntry("dtype", "q4")
                    .containsEntry("perplexity", "11.0000")
                    .containsEntry("perplexity_fp32", "10.0000")
                    .containsEntry("perplexity_data", "text")
                    .containsKeys("largest_logit_difference", "same_greedy_tokens");
        }
    }

    @Test
    void aFormThatIsRefusedKeepsNothing() throws Exception {
        Gpt2 network = Exporting.random(ODD.formatted(""), manager, 1);
        FileJudge strict =
                (same, folder, dtype) -> {
                    throw new IllegalStateException("refused " + dtype);
                };
        assertThatThrownBy(
                        () ->
                                OnnxExport.write(
                                        network,
                                        Optional.empty(),
                                        ExportSettings.standard().withDtypes(ALL),
                                        Exporting.SOURCE,
                                        work.resolve("out"),
                                        new OnnxExport.Extras(
                                                Optional.of(strict), Optional.empty()),
                                        1))
                .hasMessage("refused FP32");
        try (Stream<Path> files = Files.list(work)) {
            assertThat(files).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Dtype.class,
            names = {"Q8", "Q4"})
    void weightsThatAreNotNumbersAreRefused(Dtype dtype) throws Exception {
        Gpt2 network = Exporting.random(ODD.formatted(""), manager, 1);
        network.parameters()
                .get("transformer.h.1.mlp.c_fc.weight")
                .getArray()
                .set(new ai.djl.ndarray.index.NDIndex("3, 4"), Float.NaN);
        assertThatThrownBy(
                        () ->
                                Exporting.export(
                                        network,
                                        ExportSettings.standard().withDtypes(List.of(dtype)),
                                        work.resolve("out")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("nothing was kept");
    }

    @Test
    void whatAFolderDoesNotHoldIsSaid() throws Exception {
        Path out = work.resolve("out");
        export("", ExportSettings.standard().withDtypes(List.of(Dtype.Q8, Dtype.Q4)), out);
        assertThatThrownBy(() -> OnnxModel.open(out, Dtype.FP16, 1))
                .hasMessage(out + ": holds no onnx/model_fp16.onnx: it has q8, q4");
        ModelProto file = StructureCheck.read(out.resolve(Dtype.Q4.file()));
        assertThat(file.getOpsetImportList())
                .anyMatch(set -> set.getDomain().equals("com.microsoft") && set.getVersion() == 1);
    }
}
