package org.diagonal.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.diagonal.plugin.checkpoint.Checkpoint;
import org.diagonal.plugin.checkpoint.TensorType;
import org.diagonal.plugin.finetune.Examples;
import org.diagonal.plugin.finetune.TrainingResult;
import org.diagonal.plugin.generate.Sampling;
import org.diagonal.plugin.gpt2.Gpt2;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.identity.FactoredMatrix;
import org.diagonal.plugin.identity.IdentityScalings;
import org.diagonal.plugin.identity.Mimetic;
import org.diagonal.plugin.identity.ScalingsAdapter;
import org.diagonal.plugin.onnx.run.OnnxModel;
import org.diagonal.plugin.run.RunFolder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiagonalTest {

    private static final IdentityScalings BOTH = new IdentityScalings(1, 1, true);

    private static final String CONFIG =
            """
            {"vocab_size": 256, "n_positions": 32, "n_embd": 16, "n_layer": 2, "n_head": 2,
             "eos_token_id": null, "resid_pdrop": 0, "embd_pdrop": 0, "attn_pdrop": 0}
            """;

    @TempDir Path work;
    private Path folder;

    @BeforeEach
    void aModelOfBytes() throws IOException {
        folder = save("plain", IdentityScalings.NONE);
    }

    private Path save(String name, IdentityScalings scalings) throws IOException {
        Path place = work.resolve(name);
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            Engine.getEngine("PyTorch").setRandomSeed(3);
            Gpt2 network = new Gpt2(Gpt2Config.parse(CONFIG).withScalings(scalings));
            network.initialize(manager);
            network.save(place, TensorType.F32);
        }
        return place;
    }

    private static Examples texts(Diagonal model, String... texts) throws IOException {
        long[][] ids = new long[texts.length][];
        for (int i = 0; i < texts.length; i++) {
            ids[i] = model.encode(texts[i]);
        }
        return Examples.ofTexts(ids);
    }

    @Test
    void scalingsOfZeroChangeNothingUntilTheyAreTrained() throws IOException {
        try (Diagonal plain = Diagonal.load(folder);
                Diagonal scaled = Diagonal.load(folder, BOTH, Device.cpu())) {
            Examples text = texts(plain, "abcabcabc", "cab");
            assertThat(scaled.loss(text)).isEqualTo(plain.loss(text));
            assertThat(scaled.block().getParameters().size())
                    .isEqualTo(plain.block().getParameters().size() + 4);
        }
    }

    @Test
    void aFineTunedModelIsSavedAndLoadedWithTheSameLossAndTokenizer() throws IOException {
        Path saved = work.resolve("saved");
        double after;
        try (Diagonal model = Diagonal.load(folder, BOTH, Device.cpu())) {
            Examples text = texts(model, "abcabcabcabc", "bcabcabc", "cabc");
            double before = model.loss(text);
            TrainingResult result = model.fineTune(text, 30, 1e-2);
            after = model.loss(text);
            assertThat(result.step()).isEqualTo(30);
            assertThat(after).isLessThan(before / 2);
            assertThat(model.perplexity(text)).isEqualTo(Math.exp(after));
            assertThat(model.generate("abcab", 1)).isEqualTo("abcabc");
            model.save(saved);
        }
        assertThat(saved.resolve("tokenizer.json")).exists();
        try (Diagonal again = Diagonal.load(saved)) {
            assertThat(again.loss(texts(again, "abcabcabcabc", "bcabcabc", "cabc")))
                    .isEqualTo(after);
        }
    }

    @Test
    void theLossOfRowsOfManyLengthsIsTheMeanOfAllTargets() throws IOException {
        try (Diagonal model = Diagonal.load(folder)) {
            double both = model.loss(texts(model, "hello, world", "hi!"));
            double longer = model.loss(texts(model, "hello, world"));
            double shorter = model.loss(texts(model, "hi!"));
            assertThat(both).isCloseTo((11 * longer + 2 * shorter) / 13, within(1e-6));
        }
    }

    @Test
    void targetsThatAreNotScoredDoNotCount() throws IOException {
        long[] ids = {1, 2, 3, 4};
        long none = Examples.NOT_SCORED;
        Examples last = Examples.of(new long[][] {ids}, new long[][] {{none, none, none, 9}});
        assertThat(last.targets(0)).isEqualTo(1);
        try (Diagonal model = Diagonal.load(folder)) {
            double all = model.loss(Examples.of(new long[][] {ids}, new long[][] {{2, 3, 4, 9}}));
            double three =
                    model.loss(Examples.of(new long[][] {ids}, new long[][] {{2, 3, 4, -100}}));
            assertThat(model.loss(last)).isCloseTo(4 * all - 3 * three, within(1e-5));
        }
    }

    @Test
    void examplesThatDoNotFitAreRefusedByNumber() {
        assertThatThrownBy(() -> Examples.of(new long[][] {{1, 2}}, new long[][] {{1}}))
                .hasMessage("example 0 must have as many targets as ids: ids=2, targets=1");
        assertThatThrownBy(() -> Examples.of(new long[][] {{1}}, new long[][] {{1}, {2}}))
                .hasMessage("there must be as many rows of targets as of ids: ids=1, targets=2");
        assertThatThrownBy(() -> Examples.of(new long[][] {{1}}, new long[][] {{-100}}))
                .hasMessage("example 0 has no scored target");
        assertThatThrownBy(() -> Examples.ofTexts(new long[] {1, 2}, new long[] {1}))
                .hasMessage("text 1 must have at least two ids: ids=1");
    }

    @Test
    void anExportedModelIsWhatOnnxRuntimeOpens() throws IOException {
        try (Diagonal model = Diagonal.load(folder, BOTH, Device.cpu())) {
            model.fineTune(texts(model, "abcabcabc"), 2, 1e-3);
            Path file = model.exportOnnx(work.resolve("onnx"));
            assertThat(file).isEqualTo(work.resolve("onnx/onnx/model.onnx")).exists();
            try (OnnxModel opened = OnnxModel.open(work.resolve("onnx"), 1)) {
                assertThat(opened.metadata())
                        .containsEntry("source", folder.toString())
                        .doesNotContainEntry("source_sha256", Checkpoint.open(folder).sha256());
            }
            model.save(work.resolve("tuned"));
            try (Diagonal saved = Diagonal.load(work.resolve("tuned"));
                    OnnxModel opened = OnnxModel.open(work.resolve("onnx"), 1)) {
                assertThat(saved.block()).isNotNull();
                assertThat(opened.metadata())
                        .containsEntry(
                                "source_sha256", Checkpoint.open(work.resolve("tuned")).sha256());
            }
        }
    }

    @Test
    void anAdapterGivesItsBaseTheScalings() throws IOException {
        Path adapter = Files.createDirectory(work.resolve("adapter"));
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            Map<String, NDArray> arrays = new LinkedHashMap<>();
            for (int layer = 0; layer < 2; layer++) {
                for (String name : List.of("wkwq_id_scalings", "wvwo_id_scalings")) {
                    arrays.put(
                            "transformer.h.%d.attn.%s".formatted(layer, name),
                            manager.create(new float[] {0.5f, -0.25f}));
                }
            }
            new ScalingsAdapter("plain", Checkpoint.open(folder).sha256(), BOTH)
                    .save(adapter, arrays);
        }
        try (Diagonal plain = Diagonal.load(folder);
                Diagonal adapted = Diagonal.load(folder, adapter)) {
            Examples text = texts(plain, "abcabc");
            assertThat(adapted.loss(text)).isNotEqualTo(plain.loss(text));
        }
    }

    @Test
    void samplingDrawsWhatItsSeedSays() throws IOException {
        Sampling warm = new Sampling(2, OptionalInt.empty(), 1, 7);
        try (Diagonal model = Diagonal.load(folder)) {
            assertThat(model.generate("ab", 8, warm)).isEqualTo(model.generate("ab", 8, warm));
            assertThat(model.decode(model.encode("Grüße"))).isEqualTo("Grüße");
        }
    }

    @Test
    void closingFreesTheNetwork() throws IOException {
        Diagonal model = Diagonal.load(folder);
        NDArray array = model.block().getParameters().get(0).getValue().getArray();
        model.close();
        assertThatThrownBy(array::toFloatArray).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aPlaceThatHoldsSomethingIsNotOverwritten() throws IOException {
        try (Diagonal model = Diagonal.load(folder)) {
            assertThatThrownBy(() -> model.save(folder))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("not overwritten");
            assertThatThrownBy(() -> model.loss(Examples.ofTexts()))
                    .hasMessage("there is no example to measure");
        }
    }

    /** What a program does that has the plug-in and an engine, and nothing optional. */
    public static final class Lean {

        private Lean() {}

        public static void main(String[] args) throws IOException {
            Path folder = Path.of(args[0]);
            try (Diagonal model = Diagonal.load(folder, BOTH, Device.cpu())) {
                Examples text = Examples.ofTexts(model.encode("abcabc"));
                model.fineTune(text, 1, 1e-3);
                say(model.generate("ab", 3).substring(0, 2) + " " + (model.perplexity(text) > 1));
                model.save(Path.of(args[1]));
                try {
                    model.exportOnnx(Path.of(args[2]));
                } catch (IllegalStateException e) {
                    say(e.getMessage());
                }
            }
            try (Diagonal gpt2 = Diagonal.load(Path.of(args[3]))) {
                gpt2.save(Path.of(args[2])); // without a tokenizer, as it was
                gpt2.encode("a");
            } catch (IllegalStateException e) {
                say(e.getMessage());
            }
            try {
                new Mimetic(1, 1).apply(FactoredMatrix.of(2, 1, new double[2], new double[2]));
            } catch (IllegalStateException e) {
                say(e.getMessage());
            }
            try (RunFolder run = RunFolder.open(Path.of(args[1], "run"))) {
                say(run.path().toString());
            } catch (IllegalStateException e) {
                say(e.getMessage());
            }
            try (OnnxModel model = OnnxModel.open(Path.of(args[4]), 1)) {
                say("opened " + model.dtype());
            } catch (IllegalStateException e) {
                say(e.getMessage());
            }
        }

        @SuppressWarnings("SystemOut") // what the test reads
        private static void say(String line) {
            System.out.println(line);
        }
    }

    @Tag("process")
    @Test
    void whoOnlyLoadsAndTrainsNeedsNothingOptionalAndTheRestSaysWhatIsMissing() throws Exception {
        Path gpt2 = gpt2WithoutTokenizer();
        List<String> output =
                lean(folder, work.resolve("lean"), work.resolve("exported"), gpt2, onnx())
                        .lines()
                        .toList();
        assertThat(output).hasSize(6);
        assertThat(output.get(0)).isEqualTo("ab true");
        assertThat(output.get(1))
                .startsWith(
                        "exporting to ONNX needs a library that is not on the class path: add the"
                                + " dependency org.tribuo:tribuo-util-onnx:");
        assertThat(output.get(2))
                .startsWith(
                        "GPT-2's tokenizer for a folder without tokenizer.json needs a library that"
                                + " is not on the class path: add the dependency"
                                + " com.knuddels:jtokkit:");
        assertThat(output.get(3))
                .startsWith("mimetic initialisation needs")
                .contains("org.ejml:ejml-ddense:");
        assertThat(output.get(4))
                .startsWith("a run folder needs")
                .contains("org.apache.commons:commons-csv:");
        assertThat(output.get(5))
                .startsWith("running an ONNX model needs")
                .contains("com.microsoft.onnxruntime:onnxruntime:");
        assertThat(work.resolve("lean/model.safetensors")).exists();
        assertThat(work.resolve("exported/tokenizer.json")).doesNotExist();
    }

    private Path onnx() throws IOException {
        Path place = work.resolve("onnx-model");
        try (Diagonal model = Diagonal.load(folder)) {
            model.exportOnnx(place);
        }
        return place;
    }

    private Path gpt2WithoutTokenizer() throws IOException {
        Path place = work.resolve("gpt2");
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            String config =
                    CONFIG.replace("256", "50257").replace("\"n_embd\": 16", "\"n_embd\": 2");
            Gpt2 network = new Gpt2(Gpt2Config.parse(config));
            network.initialize(manager);
            network.save(place, TensorType.F32);
        }
        return place;
    }

    private String lean(Path... arguments) throws Exception {
        String classes =
                Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                        .filter(entry -> !isOptional(Path.of(entry).getFileName().toString()))
                        .collect(Collectors.joining(File.pathSeparator));
        List<String> line =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Dai.djl.offline=true",
                                "-Dai.djl.pytorch.num_threads=1",
                                Lean.class.getName()));
        Arrays.stream(arguments).map(Path::toString).forEach(line::add);
        Path errors = work.resolve("errors");
        ProcessBuilder builder = new ProcessBuilder(line).redirectError(errors.toFile());
        builder.environment().put("CLASSPATH", classes);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(() -> read(errors)).isZero();
        return output;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static boolean isOptional(String jar) {
        return Optional.of(jar)
                .filter(
                        name ->
                                name.matches(
                                        "(onnxruntime|tribuo-util|protobuf|jtokkit|ejml|onnx-|javacpp"
                                                + "|commons-csv).*"))
                .isPresent();
    }
}
