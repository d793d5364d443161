package org.diagonal.plugin.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.diagonal.plugin.checkpoint.SafetensorsWriter.Entry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointTest {

    @TempDir private Path folder;

    private static Entry entry(String name, float... values) {
        ByteBuffer data = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        data.asFloatBuffer().put(values);
        return new Entry(name, TensorType.F32, List.of((long) values.length), () -> data);
    }

    private Path write(String file, Entry... entries) throws IOException {
        Path path = folder.resolve(file);
        SafetensorsWriter.write(path, List.of(entries), Map.of("format", "pt"));
        return path;
    }

    @Test
    void namesAreThoseOfAGpt2WithAHead() throws IOException {
        write(
                "model.safetensors",
                entry("wte.weight", 1),
                entry("transformer.h.0.ln_1.bias", 2),
                entry("h.11.attn.c_attn.bias", 3),
                entry("h.11.attn.bias", 4),
                entry("transformer.h.0.attn.masked_bias", 5),
                entry("lm_head.weight", 6));
        assertThat(Checkpoint.open(folder).names())
                .containsExactlyInAnyOrder(
                        "transformer.wte.weight",
                        "transformer.h.0.ln_1.bias",
                        "transformer.h.11.attn.c_attn.bias",
                        "lm_head.weight");
    }

    @Test
    void whatWrappedTheNetworkLeavesItsNames() throws IOException {
        write(
                "model.safetensors",
                entry("module.transformer.wte.weight", 1),
                entry("_orig_mod.module.h.0.ln_1.bias", 2),
                entry("_orig_mod.transformer.h.0.attn.bias", 4),
                entry("module.lm_head.weight", 6),
                entry("module.own.weight", 7));
        Checkpoint checkpoint = Checkpoint.open(folder);
        assertThat(checkpoint.names())
                .containsExactlyInAnyOrder(
                        "transformer.wte.weight",
                        "transformer.h.0.ln_1.bias",
                        "lm_head.weight",
                        "transformer.own.weight");
        assertThatThrownBy(
                        () ->
                                checkpoint.requireExactly(
                                        Set.of("transformer.wte.weight", "lm_head.weight"),
                                        Set.of("transformer.h.0.ln_1.bias")))
                .hasMessageContaining("has unexpected 1 tensor: module.own.weight");
    }

    @Test
    void tensorsAreReadWithAndWithoutThePrefix() throws IOException {
        Path file = write("model.safetensors", entry("wte.weight", 1, 2), entry("lm_head.weight"));
        Checkpoint checkpoint = Checkpoint.open(folder);
        assertThat(checkpoint.fileOf("transformer.wte.weight")).isEqualTo(file);
        assertThat(checkpoint.info("transformer.wte.weight").shape()).containsExactly(2L);
        try (NDManager manager = NDManager.newBaseManager()) {
            assertThat(
                            checkpoint
                                    .read("transformer.wte.weight", List.of(2L), manager)
                                    .toFloatArray())
                    .containsExactly(1, 2);
        }
    }

    @Test
    void oneTensorUnderTwoNamesIsRefused() throws IOException {
        Path file =
                write("model.safetensors", entry("wte.weight", 1), entry("transformer.wte.weight"));
        assertThatThrownBy(() -> Checkpoint.open(folder))
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining("wte.weight is there a second time");
    }

    @Test
    void misshapenAndMissingTensorsAreNamedWithTheFile() throws IOException {
        Path file = write("model.safetensors", entry("wte.weight", 1, 2));
        Checkpoint checkpoint = Checkpoint.open(folder);
        try (NDManager manager = NDManager.newBaseManager()) {
            assertThatThrownBy(
                            () ->
                                    checkpoint.read(
                                            "transformer.wte.weight", List.of(2L, 1L), manager))
                    .hasMessage(file + ": tensor wte.weight must have shape [2, 1], found [2]");
            assertThatThrownBy(() -> checkpoint.read("transformer.wpe", List.of(2L), manager))
                    .hasMessage(file + ": has no tensor transformer.wpe");
        }
    }

    @Test
    void missingAndExtraTensorsAreNamedAndCounted() throws IOException {
        Path file = write("model.safetensors", entry("a"), entry("b"), entry("c"));
        Checkpoint checkpoint = Checkpoint.open(folder);
        String a = "transformer.a";
        String b = "transformer.b";
        String c = "transformer.c";
        assertThatCode(() -> checkpoint.requireExactly(Set.of(a, b, c), Set.of()))
                .doesNotThrowAnyException();
        assertThatCode(() -> checkpoint.requireExactly(Set.of(a, b), Set.of(c, "d")))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> checkpoint.requireExactly(Set.of(a, b, c, "d"), Set.of()))
                .hasMessage(file + ": lacks 1 tensor: d");
        assertThatThrownBy(() -> checkpoint.requireExactly(Set.of(a), Set.of()))
                .hasMessage(file + ": has unexpected 2 tensors: b, c");
        assertThatThrownBy(
                        () ->
                                checkpoint.requireExactly(
                                        Set.of(a, b, "1", "2", "3", "4", "5", "6"), Set.of()))
                .hasMessage(
                        file
                                + ": lacks 6 tensors: 1, 2, 3, 4, 5, …;"
                                + " has unexpected 1 tensor: c");
    }

    @Test
    void foldersWithoutWeightsSayWhatWasLookedFor() throws IOException {
        assertThatThrownBy(() -> Checkpoint.open(folder))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessage(
                        folder
                                + ": has no weights: expected model.safetensors or"
                                + " model.safetensors.index.json");
        Files.writeString(folder.resolve("pytorch_model.bin"), "");
        assertThatThrownBy(() -> Checkpoint.open(folder))
                .hasMessageEndingWith("; pytorch_model.bin is a pickle, which is not read");
        assertThatThrownBy(() -> Checkpoint.open(folder.resolve("none")))
                .hasMessage(folder.resolve("none") + ": is not a folder");
    }

    private Path index(String... tensorsAndFiles) throws IOException {
        List<String> entries = new ArrayList<>();
        for (int i = 0; i < tensorsAndFiles.length; i += 2) {
            entries.add("\"%s\": \"%s\"".formatted(tensorsAndFiles[i], tensorsAndFiles[i + 1]));
        }
        Path index = folder.resolve("model.safetensors.index.json");
        Files.writeString(
                index,
                "{\"metadata\": {\"total_size\": 8}, \"weight_map\": {%s}}"
                        .formatted(String.join(", ", entries)));
        return index;
    }

    @Test
    void shardsAreOneCheckpointWithTheHashOfTheSingleFile() throws IOException {
        write("1.safetensors", entry("wte.weight", 1, 2), entry("h.0.attn.bias", 9));
        Path second = write("2.safetensors", entry("lm_head.weight", 3));
        index(
                "wte.weight", "1.safetensors",
                "h.0.attn.bias", "1.safetensors",
                "lm_head.weight", "2.safetensors");
        Checkpoint sharded = Checkpoint.open(folder);
        assertThat(sharded.names())
                .containsExactlyInAnyOrder("transformer.wte.weight", "lm_head.weight");
        assertThat(sharded.fileOf("lm_head.weight")).isEqualTo(second);
        String hash = sharded.sha256();

        write(
                "model.safetensors",
                entry("lm_head.weight", 3),
                entry("transformer.wte.weight", 1, 2));
        assertThat(Checkpoint.open(folder).sha256()).isEqualTo(hash).matches("[0-9a-f]{64}");
        write(
                "model.safetensors",
                entry("lm_head.weight", 3),
                entry("transformer.wte.weight", 1, 0));
        assertThat(Checkpoint.open(folder).sha256()).isNotEqualTo(hash);
    }

    @Test
    void missingShardsAndTensorsMissingFromShardsAreNamed() throws IOException {
        index("a", "1.safetensors", "b", "2.safetensors");
        Path first = write("1.safetensors", entry("a"));
        assertThatThrownBy(() -> Checkpoint.open(folder))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageStartingWith(folder.resolve("2.safetensors").toString());
        write("2.safetensors", entry("b"));
        assertThat(Checkpoint.open(folder).names()).hasSize(2);
        index("a", "1.safetensors", "b", "1.safetensors");
        assertThatThrownBy(() -> Checkpoint.open(folder))
                .hasMessageStartingWith(first + ": has no tensor b");
    }

    @Test
    void tensorsThatTheIndexDoesNotNameAreExtra() throws IOException {
        index("a", "1.safetensors");
        Path file = write("1.safetensors", entry("a"), entry("b"));
        Checkpoint checkpoint = Checkpoint.open(folder);
        assertThatThrownBy(() -> checkpoint.requireExactly(Set.of("transformer.a"), Set.of()))
                .hasMessage(file + ": has unexpected 1 tensor: b");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"../1.safetensors", "/1.safetensors", "1.bin", "", "..\\\\1.safetensors"})
    void shardsOutsideTheFolderAreRefused(String file) throws IOException {
        Path index = index("a", file);
        assertThatThrownBy(() -> Checkpoint.open(folder))
                .hasMessageStartingWith(index + ": weight_map.a: expected the name of");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "{}",
                "{\"weight_map\": []}",
                "{\"weight_map\": {}}",
                "{\"weight_map\": {\"a\": 1}}",
                "{\"weight_map\": {\"a\": \"x.safetensors\", \"a\": \"x.safetensors\"}}"
            })
    void malformedIndexesAreRefusedInOneLine(String text) throws IOException {
        Path index = folder.resolve("model.safetensors.index.json");
        Files.writeString(index, text);
        assertThatThrownBy(() -> Checkpoint.open(folder))
                .isInstanceOf(IOException.class)
                .message()
                .startsWith(index + ": ")
                .doesNotContain("\n");
    }
}
