package org.diagonal.plugin.gpt2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.diagonal.plugin.checkpoint.SafetensorsWriter;
import org.diagonal.plugin.checkpoint.TensorType;
import org.diagonal.plugin.identity.Circuit;
import org.diagonal.plugin.network.Weights;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Adapters as PEFT writes them: W + scale (B A)ᵀ for each of GPT-2's matrices (in, out). */
class LoraAdapterTest {

    private static final String CONFIG =
            """
            {"peft_type": "LORA", "base_model_name_or_path": "gpt2", "task_type": "CAUSAL_LM",
             "r": 2, "lora_alpha": 6, "target_modules": ["c_attn", "c_proj", "c_fc"],
             "fan_in_fan_out": true, "bias": "none", "lora_dropout": 0.05, "init_lora_weights": true,
             "modules_to_save": null, "rank_pattern": {}, "alpha_pattern": {},
             "use_rslora": false, "use_dora": false}
            """;

    private static final List<String> MATRICES =
            List.of("attn.c_attn", "attn.c_proj", "mlp.c_fc", "mlp.c_proj");

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir Path base;
    @TempDir Path adapter;

    private NDManager manager;
    private Gpt2 network;
    private final Map<String, NDArray> tensors = new LinkedHashMap<>();

    @BeforeEach
    void open() throws IOException {
        manager = NDManager.newBaseManager("PyTorch");
        Engine.getEngine("PyTorch").setRandomSeed(9);
        Gpt2Config config =
                Gpt2Config.parse(
                        """
                        {"vocab_size": 20, "n_positions": 9, "n_embd": 8, "n_layer": 2, "n_head": 2,
                         "initializer_range": 0.3}
                        """);
        network = new Gpt2(config);
        network.initialize(manager);
        ModelFolder.save(network, base, TensorType.F32);
    }

    @AfterEach
    void close() {
        manager.close();
    }

    /** Draws A and B of all matrices, and adds what they do to the network. */
    private void draw(double scale, String prefix) {
        for (int layer = 0; layer < 2; layer++) {
            for (String matrix : MATRICES) {
                String module = "transformer.h." + layer + "." + matrix;
                NDArray weight = network.parameters().get(module + ".weight").getArray();
                NDArray a = manager.randomNormal(new Shape(2, weight.getShape().get(0)));
                NDArray b = manager.randomNormal(new Shape(weight.getShape().get(1), 2));
                tensors.put(prefix.formatted(layer, matrix) + ".lora_A.weight", a);
                tensors.put(prefix.formatted(layer, matrix) + ".lora_B.weight", b);
                Weights.overwrite(weight, weight.add(b.matMul(a).transpose().mul(scale)));
            }
        }
    }

    private static String with(String keys) throws IOException {
        ObjectNode config = (ObjectNode) JSON.readTree(CONFIG);
        config.setAll((ObjectNode) JSON.readTree(keys));
        return config.toString();
    }

    private void write(String config) throws IOException {
        List<SafetensorsWriter.Entry> entries = new ArrayList<>();
        tensors.forEach(
                (name, array) -> entries.add(SafetensorsWriter.of(name, array, TensorType.F32)));
        SafetensorsWriter.write(adapter.resolve("adapter_model.safetensors"), entries, Map.of());
        Files.writeString(adapter.resolve("adapter_config.json"), config);
    }

    private Gpt2 loaded() throws IOException {
        AdapterFolder folder = AdapterFolder.open(adapter);
        return folder.load(base, folder.config(Gpt2Config.read(base)), manager);
    }

    private float[] logits(Gpt2 one) {
        NDArray ids = manager.create(new long[][] {{1, 5, 2, 19, 7}});
        return one.forward(new ParameterStore(manager, false), new NDList(ids), false)
                .singletonOrThrow()
                .toFloatArray();
    }

    @ParameterizedTest
    @CsvSource({
        "false, 3, base_model.model.transformer.h.%d.%s",
        "true, 4.242640687119285, base_model.model.h.%d.%s"
    })
    void anAdapterOfPeftComputesWhatPeftComputes(
            boolean rankStabilized, double scale, String prefix) throws IOException {
        draw(scale, prefix);
        write(with("{\"use_rslora\": %s}".formatted(rankStabilized)));
        float[] expected = logits(network);
        float[] found = logits(loaded());
        for (int i = 0; i < expected.length; i++) {
            assertThat(found[i]).isCloseTo(expected[i], org.assertj.core.data.Offset.offset(2e-4f));
        }
    }

    @Test
    void circuitsAreThoseOfTheMergedMatrices(@TempDir Path merged) throws IOException {
        draw(3, "base_model.model.transformer.h.%d.%s");
        write(CONFIG);
        ModelFolder.save(network, merged, TensorType.F32);
        AttentionLayer found =
                AttentionWeights.open(base, Optional.of(AdapterFolder.open(adapter))).layer(1);
        AttentionLayer expected = AttentionWeights.open(merged, Optional.empty()).layer(1);
        for (Circuit circuit : Circuit.values()) {
            assertThat(found.circuit(circuit, 1).statistics().diagMean())
                    .isCloseTo(
                            expected.circuit(circuit, 1).statistics().diagMean(),
                            org.assertj.core.data.Offset.offset(1e-4));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"use_dora\": true|use_dora is not supported",
                "\"bias\": \"all\"|bias is not supported",
                "\"modules_to_save\": [\"lm_head\"]|modules_to_save is not supported",
                "\"rank_pattern\": {\"c_fc\": 4}|rank_pattern is not supported",
                "\"init_lora_weights\": \"pissa\"|init_lora_weights is not supported",
                "\"init_lora_weights\": \"olora\"|init_lora_weights is not supported",
                "\"alora_invocation_tokens\": [1, 2]|alora_invocation_tokens is not supported",
                "\"layer_replication\": [[0, 2]]|layer_replication is not supported",
                "\"what_comes_next\": 0.5|what_comes_next is not supported",
                "\"r\": 0|r must be at least 1",
                "\"lora_alpha\": \"x\"|lora_alpha a number",
                "\"r\": 3|must have shape [3, 8]"
            })
    void whatWouldBeDroppedIsRefused(String more, String words) throws IOException {
        draw(3, "base_model.model.transformer.h.%d.%s");
        write(with("{%s}".formatted(more)));
        assertThatThrownBy(this::loaded)
                .isInstanceOf(IOException.class)
                .hasMessageContaining(words);
    }

    @Test
    void whatPeftWritesByDefaultIsRead() throws IOException {
        draw(3, "base_model.model.transformer.h.%d.%s");
        write(
                with(
                        """
                        {"init_lora_weights": "gaussian", "megatron_core": "megatron.core",
                         "qalora_group_size": 16, "peft_version": "0.18.0", "use_qalora": false,
                         "corda_config": null, "eva_config": null, "loftq_config": {},
                         "layer_replication": null, "exclude_modules": null, "lora_bias": false,
                         "trainable_token_indices": null, "target_parameters": null,
                         "revision": null, "auto_mapping": null, "arrow_config": null}
                        """));
        assertThat(loaded().parameters()).isNotEmpty();
    }

    @Test
    void tensorsThatCannotBeReadAndFilesWithoutAnyAreNamed() throws IOException {
        write(CONFIG);
        assertThatThrownBy(this::loaded).hasMessageContaining("holds no tensors");
        Path file = adapter.resolve("adapter_model.safetensors");
        String name = "base_model.model.transformer.h.0.attn.c_attn.lora_A.weight";
        String header =
                "{\"%s\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0,8]}}".formatted(name);
        byte[] text = header.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        java.nio.ByteBuffer bytes =
                java.nio.ByteBuffer.allocate(8 + text.length + 8)
                        .order(java.nio.ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(text.length).put(text);
        Files.write(file, bytes.array());
        assertThatThrownBy(this::loaded).hasMessageContaining("has type F64, expected F32");
        Files.move(file, adapter.resolve("adapter_model.bin"));
        assertThatThrownBy(this::loaded)
                .hasMessageContaining("adapter_model.bin beside it is a pickle");
    }

    @Test
    void aTensorWithoutPartnerAndOneThatIsNoMatrixAreNamed() throws IOException {
        draw(3, "base_model.model.transformer.h.%d.%s");
        tensors.remove("base_model.model.transformer.h.1.mlp.c_fc.lora_B.weight");
        write(CONFIG);
        assertThatThrownBy(this::loaded)
                .hasMessageContaining("h.1.mlp.c_fc.lora_A.weight has no partner");
        tensors.clear();
        draw(3, "base_model.model.transformer.wte.%d.%s");
        write(CONFIG);
        assertThatThrownBy(this::loaded)
                .hasMessageContaining("LoRA may change c_attn, c_proj and c_fc");
    }
}
