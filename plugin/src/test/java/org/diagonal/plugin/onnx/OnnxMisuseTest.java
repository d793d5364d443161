package org.diagonal.plugin.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.diagonal.plugin.gpt2.Gpt2;
import org.diagonal.plugin.onnx.graph.CacheLayout;
import org.diagonal.plugin.onnx.graph.Dtype;
import org.diagonal.plugin.onnx.graph.ExportSettings;
import org.diagonal.plugin.onnx.graph.ExportSettings.ExternalData;
import org.diagonal.plugin.onnx.graph.OnnxFile;
import org.diagonal.plugin.onnx.graph.OnnxGraph;
import org.diagonal.plugin.onnx.graph.Weight;
import org.diagonal.plugin.onnx.run.OnnxModel;
import org.diagonal.plugin.onnx.run.OnnxRuntime;
import org.diagonal.plugin.onnx.run.OnnxStep;
import org.diagonal.plugin.onnx.run.StructureCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot be exported, what is no export, and what a model cannot be asked. */
class OnnxMisuseTest {

    private static final String SMALL =
            """
            {"vocab_size": 31, "n_positions": 16, "n_embd": 12, "n_layer": 2, "n_head": 3,
             "initializer_range": 0.3, "wkwq_id_mult": 1, "wvwo_id_mult": 1}
            """;

    @TempDir private Path work;
    private NDManager manager;
    private Gpt2 network;

    @BeforeEach
    void open() {
        manager = NDManager.newBaseManager("PyTorch");
        network = Exporting.random(SMALL, manager, 1);
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private static ExportSettings settings(Dtype dtype, ExternalData external) {
        return Exporting.settings(CacheLayout.LAYERS, dtype, 17, external);
    }

    private void assertNothingKept() throws IOException {
        try (Stream<Path> files = Files.list(work)) {
            assertThat(files).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"AUTO", "ALWAYS"})
    void aWeightBeyondHalfPrecisionIsNamed(ExternalData external) throws Exception {
        network.parameters()
                .get("transformer.h.1.mlp.c_fc.weight")
                .getArray()
                .set(new ai.djl.ndarray.index.NDIndex("3, 4"), 70_000f);
        assertThatThrownBy(
                        () ->
                                Exporting.export(
                                        network,
                                        settings(Dtype.FP16, external),
                                        work.resolve("out")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "tensor transformer.h.1.mlp.c_fc.weight has values beyond the range of F16"
                                + " (65504)");
        assertNothingKept();
        Exporting.export(network, settings(Dtype.FP32, external), work.resolve("out"));
    }

    @Test
    void aDifferenceBeyondTheToleranceKeepsNoFile() throws Exception {
        ExportSettings strict =
                new ExportSettings(
                        CacheLayout.LAYERS,
                        List.of(Dtype.FP32),
                        17,
                        ExternalData.AUTO,
                        false,
                        1e-12);
        float[] before = embeddings();
        assertThatThrownBy(() -> Exporting.export(network, strict, work.resolve("out")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("ONNX Runtime does not compute what DJL computes")
                .hasMessageContaining("tolerance 1.0e-12; nothing was kept");
        assertNothingKept();
        assertThat(embeddings()).isEqualTo(before);
    }

    private float[] embeddings() {
        return network.parameters().get("transformer.wte.weight").getArray().toFloatArray();
    }

    @Test
    void aTakenPlaceIsRefusedAndAnEmptyFolderIsNone() throws Exception {
        Path out = Files.createDirectory(work.resolve("out"));
        Exporting.export(network, ExportSettings.standard(), out);
        assertThatThrownBy(() -> Exporting.export(network, ExportSettings.standard(), out))
                .isInstanceOf(FileSystemException.class)
                .hasMessage(out + ": is not empty and not overwritten");
        Path file = Files.createFile(work.resolve("file"));
        assertThatThrownBy(() -> Exporting.export(network, ExportSettings.standard(), file))
                .hasMessage(file + ": already exists and is not overwritten");
    }

    @Test
    void aDiskThatIsTooSmallIsNoticed() throws Exception {
        Path out = work.resolve("a/b");
        assertThatThrownBy(() -> OnnxExport.requireSpace(out, Long.MAX_VALUE))
                .isInstanceOf(FileSystemException.class)
                .hasMessageStartingWith(out + ": needs 9223372036854 MB, and its disk has ");
        OnnxExport.requireSpace(out, 1);
        assertNothingKept();
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 22})
    void opsetsThatWereNotTriedAreRefused(int opset) {
        assertThatThrownBy(
                        () ->
                                Exporting.settings(
                                        CacheLayout.NONE, Dtype.FP32, opset, ExternalData.AUTO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("opset must be from 17 to 21: " + opset);
    }

    @Test
    void weightsOfMoreThanTwoGigabytesGoBesideTheFile() {
        List<Weight> large =
                List.of(
                        new Weight(
                                "large",
                                Weight.FLOAT,
                                List.of(50_000L, 12_000L),
                                () -> {
                                    throw new AssertionError("only its size is of interest");
                                }));
        assertThat(OnnxFile.isExternal(large, ExternalData.AUTO)).isTrue();
        assertThat(OnnxFile.isExternal(large, ExternalData.ALWAYS)).isTrue();
        assertThatThrownBy(() -> OnnxFile.isExternal(large, ExternalData.NEVER))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the weights have 2400000000 bytes");
    }

    @Test
    void dataBesideTheFileBeginAtPages() throws Exception {
        Path out = work.resolve("out");
        Exporting.export(network, settings(Dtype.FP32, ExternalData.ALWAYS), out);
        int external = 0;
        for (TensorProto weight :
                StructureCheck.read(out.resolve(Dtype.FP32.file()))
                        .getGraph()
                        .getInitializerList()) {
            boolean outside = weight.getDataLocation() == TensorProto.DataLocation.EXTERNAL;
            assertThat(outside)
                    .isEqualTo(
                            weight.getDataType() == OnnxGraph.FLOAT
                                    && weight.getDimsList().stream().reduce(4L, Math::multiplyExact)
                                            >= 1024);
            for (StringStringEntryProto entry : weight.getExternalDataList()) {
                if (entry.getKey().equals("offset")) {
                    assertThat(Long.parseLong(entry.getValue()) % 4096).isZero();
                    external++;
                }
            }
        }
        assertThat(external).isGreaterThan(5);
    }

    @Test
    void whatIsNoExportIsSaid() throws Exception {
        Path out = work.resolve("out");
        Exporting.export(network, settings(Dtype.FP32, ExternalData.ALWAYS), out);
        Path file = out.resolve(Dtype.FP32.file());
        Path data = OnnxFile.dataOf(file);
        byte[] whole = Files.readAllBytes(file);

        long size = Files.size(data);
        try (RandomAccessFile cut = new RandomAccessFile(data.toFile(), "rw")) {
            cut.setLength(size - 1);
        }
        assertRefused(out, data + ": has " + (size - 1) + " bytes, expected at least " + size);
        Files.move(data, data.resolveSibling("moved"));
        assertThatThrownBy(() -> OnnxModel.open(out, 1))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessage(data + ": is missing, but model.onnx has its weights there");

        Files.write(file, Arrays.copyOf(whole, whole.length - 100));
        assertRefused(out, file + ": is damaged, or no ONNX model: ");
        Files.writeString(file, "this is no model");
        assertRefused(out, file + ": is damaged, or no ONNX model: ");
        Files.write(file, new byte[0]);
        assertRefused(out, file + ": is damaged, or no ONNX model: it has no graph");
        Files.writeString(file, "version https://git-lfs.github.com/spec/v1\noid sha256:0\n");
        assertRefused(out, file + ": is a Git LFS pointer, not the file");

        ModelProto.Builder outside = ModelProto.parseFrom(whole).toBuilder();
        for (TensorProto.Builder weight : outside.getGraphBuilder().getInitializerBuilderList()) {
            if (weight.getExternalDataCount() > 0) {
                weight.getExternalDataBuilder(0).setValue("../../../etc/passwd");
            }
        }
        Files.write(file, outside.build().toByteArray());
        assertThatThrownBy(() -> OnnxModel.open(out, 1))
                .hasMessageContaining("expected the name of a file beside it, found ../../..");

        ModelProto.Builder other = ModelProto.parseFrom(whole).toBuilder();
        other.getGraphBuilder().clear().setName("empty");
        Files.write(file, other.build().toByteArray());
        assertRefused(out, file + ": ");
        assertThatThrownBy(() -> OnnxModel.open(work, 1))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("is not an exported folder: it holds no onnx/model.onnx");
    }

    private static void assertRefused(Path folder, String message) {
        assertThatThrownBy(() -> OnnxModel.open(folder, 1))
                .isInstanceOf(FileSystemException.class)
                .satisfies(
                        e -> assertThat(e.getMessage()).startsWith(message).doesNotContain("\n"));
    }

    @Test
    void aPastServesAgainAndOnlyWhereThereIsACache() throws Exception {
        Path out = work.resolve("cached");
        Exporting.export(network, ExportSettings.standard(), out);
        Path scoring = work.resolve("scoring");
        Exporting.export(network, Exporting.settings(CacheLayout.NONE), scoring);
        long[][] mask = {{1, 1, 1, 1}};
        try (OnnxModel model = OnnxModel.open(out, 1);
                OnnxStep past = model.run(new long[][] {{3, 4, 5}})) {
            assertThat(past.length()).isEqualTo(3);
            float[] first = next(model, past, mask);
            assertThat(next(model, past, mask)).isEqualTo(first);
            assertThat(first).hasSize(31);
            assertThatThrownBy(
                            () ->
                                    model.run(
                                            new long[][] {{6}, {7}},
                                            new long[][] {{1, 1, 1, 1}, {1, 1, 1, 1}},
                                            new long[][] {{3}, {3}},
                                            past))
                    .hasMessage("rows must be as many as before: rows=2, before=1");
            assertThatThrownBy(
                            () ->
                                    model.run(
                                            new long[][] {{6}},
                                            new long[][] {{1}},
                                            new long[][] {{3}},
                                            past))
                    .hasMessage("attention_mask must have rows of 4: 1");
            assertThatThrownBy(() -> model.run(new long[][] {new long[17]}))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("ONNX Runtime: ");
            try (OnnxModel bare = OnnxModel.open(scoring, 1);
                    OnnxStep step = bare.run(new long[][] {{3, 4, 5}})) {
                assertThat(bare.hasCache()).isFalse();
                assertThatThrownBy(() -> next(bare, step, mask))
                        .hasMessage("the model was exported without a cache");
            }
        }
    }

    @Test
    void aCommandLineThatWouldEndTheProcessIsSaid() throws Exception {
        Path line = Files.write(work.resolve("cmdline"), new byte[3901]);
        assertThatThrownBy(() -> OnnxRuntime.requireShortCommandLine(line))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("CLASSPATH");
        Files.write(line, new byte[3900]);
        OnnxRuntime.requireShortCommandLine(line);
        OnnxRuntime.requireShortCommandLine(work.resolve("none"));
    }

    private static float[] next(OnnxModel model, OnnxStep past, long[][] mask) {
        try (OnnxStep step = model.run(new long[][] {{6}}, mask, new long[][] {{3}}, past)) {
            float[] logits = new float[step.logits().remaining()];
            step.logits().get(logits);
            return logits;
        }
    }
}
