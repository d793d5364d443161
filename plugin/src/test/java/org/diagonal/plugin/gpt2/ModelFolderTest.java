package org.diagonal.plugin.gpt2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.diagonal.plugin.checkpoint.Checkpoint;
import org.diagonal.plugin.checkpoint.SafetensorsWriter;
import org.diagonal.plugin.checkpoint.TensorType;
import org.diagonal.plugin.onnx.ExportedConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a folder holds is taken, or refused in words that say what it is. */
class ModelFolderTest {

    private static final Gpt2Config CONFIG = Gpt2Config.fresh(11, 8, 8, 2, 2);

    @TempDir Path folder;
    private NDManager manager;

    @BeforeEach
    void save() throws IOException {
        manager = NDManager.newBaseManager("PyTorch");
        Gpt2 network = new Gpt2(CONFIG);
        network.initialize(manager);
        ModelFolder.save(network, folder, TensorType.F32);
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private void config(String before, String after) throws IOException {
        Path file = folder.resolve("config.json");
        String json = Files.readString(file);
        assertThat(json).contains(before);
        Files.writeString(file, json.replace(before, after));
    }

    /** Adds a head that is the embedding, but for its first number. */
    private void addHead(float difference, String prefix) throws IOException {
        Checkpoint saved = Checkpoint.open(folder);
        List<SafetensorsWriter.Entry> entries = new ArrayList<>();
        for (String name : saved.names()) {
            float[] values = saved.floats(name, saved.info(name).shape());
            entries.add(entry(prefix + name, saved.info(name).shape(), values));
            if (name.equals(Gpt2Parameters.WTE)) {
                float[] head = values.clone();
                head[0] += difference;
                entries.add(entry(prefix + Gpt2Parameters.LM_HEAD, saved.info(name).shape(), head));
            }
        }
        Path made = folder.resolve("made");
        SafetensorsWriter.write(made, entries, Map.of());
        Files.delete(folder.resolve("model.safetensors"));
        Files.move(made, folder.resolve("model.safetensors"));
    }

    private static SafetensorsWriter.Entry entry(String name, List<Long> shape, float... values) {
        ByteBuffer data = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        data.asFloatBuffer().put(values);
        return new SafetensorsWriter.Entry(name, TensorType.F32, shape, () -> data);
    }

    @Test
    void aHeadThatIsTheEmbeddingIsTiedToIt() throws IOException {
        addHead(0, "");
        assertThat(ModelFolder.load(folder, manager).parameters())
                .doesNotContainKey(Gpt2Parameters.LM_HEAD);
    }

    @Test
    void aHeadOfItsOwnIsNotDropped() throws IOException {
        addHead(0.5f, "");
        assertThatThrownBy(() -> ModelFolder.load(folder, manager))
                .hasMessageContaining("lm_head.weight differs from wte.weight")
                .hasMessageContaining("\"tie_word_embeddings\": false keeps both");
        config("\"vocab_size\"", "\"tie_word_embeddings\" : false, \"vocab_size\"");
        assertThat(ModelFolder.load(folder, manager).parameters())
                .containsKey(Gpt2Parameters.LM_HEAD);
    }

    @Test
    void namesOfAWrappedNetworkAreRead() throws IOException {
        addHead(0, "_orig_mod.module.");
        assertThat(ModelFolder.load(folder, manager).parameters()).containsKey(Gpt2Parameters.WTE);
    }

    @Test
    void layersThatTheWeightsCannotHaveAreRefusedAtOnce() throws IOException {
        config("\"n_layer\" : 2", "\"n_layer\" : 100000000");
        assertThatThrownBy(() -> ModelFolder.load(folder, manager))
                .hasMessageContaining("too few for the 100000000 layers (n_layer)");
        assertThatThrownBy(() -> AttentionWeights.open(folder, Optional.empty()))
                .hasMessageContaining("has no tensor");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "7 | 7",
                "[7, 3] | 7 3",
                "[] | ''",
                "null | ''",
            })
    void severalIdsMayEndAText(String json, String ids) throws IOException {
        config("\"eos_token_id\" : 10", "\"eos_token_id\" : " + json);
        Gpt2Config read = Gpt2Config.read(folder);
        String words = String.join(" ", read.eosTokenIds().stream().map(String::valueOf).toList());
        assertThat(words).isEqualTo(ids);
        assertThat(ModelFolder.endsOfText(folder, read)).isEqualTo(read.eosTokenIds());
        if (json.startsWith("[7")) { // an export keeps the list
            assertThat(ExportedConfig.generation(read).replaceAll("\\s", ""))
                    .contains("\"eos_token_id\":[7,3]");
        }
        Files.writeString(folder.resolve("generation_config.json"), "{\"eos_token_id\": [1, 2]}");
        assertThat(ModelFolder.endsOfText(folder, read)).containsExactly(1, 2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"7\"", "[1, \"x\"]", "1.5", "true", "{}"})
    void whatIsNoIdEndsNoText(String json) throws IOException {
        config("\"eos_token_id\" : 10", "\"eos_token_id\" : " + json);
        assertThatThrownBy(() -> Gpt2Config.read(folder))
                .hasMessageContaining("config.json: eos_token_id must be an integer or a list");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "version https://git-lfs.github.com/spec/v1 | is a Git LFS pointer, not the file",
                "<!DOCTYPE html><html><body>Sign in</body></html> | is an HTML page, not the file"
            })
    void whatWasNotDownloadedIsNamed(String content, String words) throws IOException {
        Files.writeString(folder.resolve("model.safetensors"), content + "\n");
        assertThatThrownBy(() -> ModelFolder.load(folder, manager)).hasMessageContaining(words);
        Files.writeString(folder.resolve("config.json"), content + "\n");
        assertThatThrownBy(() -> Gpt2Config.read(folder)).hasMessageContaining(words);
    }

    @Test
    void textsAreUtf8AndOtherEncodingsAreNamedWithTheirPlace() throws IOException {
        Path file = folder.resolve("config.json");
        String json = Files.readString(file);
        Files.writeString(file, "\uFEFF" + json);
        assertThat(Gpt2Config.read(folder).nLayer()).isEqualTo(2);
        Files.writeString(file, "\uFEFF" + json, StandardCharsets.UTF_16LE);
        assertThatThrownBy(() -> Gpt2Config.read(folder))
                .hasMessageContaining(file + ": is UTF-16, expected UTF-8");
        Files.write(file, "{\"a\": \"\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> Gpt2Config.read(folder))
                .hasMessageContaining(file + ": is not UTF-8: unexpected byte 0xE9 at offset 7");
    }

    @Test
    void nullMetadataIsNone() throws IOException {
        byte[] header =
                "{\"__metadata__\":null,\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}"
                        .getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(8 + header.length + 4).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(header.length).put(header).putFloat(1);
        Files.write(folder.resolve("model.safetensors"), file.array());
        assertThat(Checkpoint.openAsNamed(folder).names()).containsExactly("a");
    }
}
