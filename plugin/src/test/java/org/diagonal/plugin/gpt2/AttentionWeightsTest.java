package org.diagonal.plugin.gpt2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.diagonal.plugin.Shared;
import org.diagonal.plugin.checkpoint.Checkpoint;
import org.diagonal.plugin.checkpoint.TensorType;
import org.diagonal.plugin.identity.CentredGain;
import org.diagonal.plugin.identity.Circuit;
import org.diagonal.plugin.identity.DenseMatrix;
import org.diagonal.plugin.identity.DiagonalStatistics;
import org.diagonal.plugin.identity.FactoredMatrix;
import org.diagonal.plugin.identity.IdentityScalings;
import org.diagonal.plugin.identity.ScalingsAdapter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AttentionWeightsTest {

    @TempDir Path folder;

    private NDManager manager;

    @BeforeEach
    void open() {
        manager = NDManager.newBaseManager("PyTorch");
        Engine.getEngine("PyTorch").setRandomSeed(7);
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private Gpt2 network(String more, IdentityScalings scalings) {
        Gpt2Config config =
                Gpt2Config.parse(
                        """
                        {"vocab_size": 20, "n_positions": 8, "n_embd": 24, "n_layer": 2,
                         "n_head": 3, "initializer_range": 0.3%s}
                        """
                                .formatted(more));
        Gpt2 network = new Gpt2(config.withScalings(scalings));
        network.initialize(manager);
        for (int layer = 0; layer < 2; layer++) {
            fill(network, "transformer.h." + layer + ".ln_1.weight");
            for (Circuit circuit : Circuit.values()) {
                if (scalings.has(circuit)) {
                    fill(network, circuit.parameter(layer));
                }
            }
        }
        return network;
    }

    private void fill(Gpt2 network, String name) {
        NDArray array = network.parameters().get(name).getArray();
        array.set(manager.randomNormal(array.getShape()).toFloatArray());
    }

    private NDArray array(Gpt2 network, String name) {
        return network.parameters().get(name).getArray();
    }

    /** Layer 1, head 2, as the network's own tests build it. */
    private double[][] explicit(Gpt2 network, Circuit circuit, double scale) {
        NDArray attn = array(network, "transformer.h.1.attn.c_attn.weight");
        NDArray proj = array(network, "transformer.h.1.attn.c_proj.weight");
        NDArray product =
                circuit == Circuit.QK
                        ? attn.get(":, 16:24").matMul(attn.get(":, 40:48").transpose()).mul(scale)
                        : attn.get(":, 64:72").matMul(proj.get("16:24"));
        double[][] dense = new double[24][24];
        for (int i = 0; i < 24; i++) {
            for (int j = 0; j < 24; j++) {
                dense[i][j] = product.getFloat(i, j);
            }
        }
        return dense;
    }

    private static void assertSame(
            DiagonalStatistics actual, DiagonalStatistics expected, double tolerance) {
        assertThat(actual.diagMean()).isCloseTo(expected.diagMean(), within(tolerance));
        assertThat(actual.diagStd()).isCloseTo(expected.diagStd(), within(tolerance));
        assertThat(actual.offMean()).isCloseTo(expected.offMean(), within(tolerance));
        assertThat(actual.offStd()).isCloseTo(expected.offStd(), within(tolerance));
        assertThat(actual.diagShare()).isCloseTo(expected.diagShare(), within(tolerance));
        assertThat(actual.z()).isCloseTo(expected.z(), within(tolerance * 100));
    }

    @ParameterizedTest
    @CsvSource({
        "'', 0.35355339",
        "', \"scale_attn_weights\": false', 1",
        "', \"scale_attn_by_inverse_layer_idx\": true', 0.17677670"
    })
    void circuitsAreThoseThatTheNetworkApplies(String more, double scale) throws IOException {
        Gpt2 network = network(more, IdentityScalings.NONE);
        ModelFolder.save(network, folder, TensorType.F32);
        AttentionLayer layer = AttentionWeights.open(folder, Optional.empty()).layer(1);
        double[] gain = new double[24];
        float[] gains = array(network, "transformer.h.1.ln_1.weight").toFloatArray();
        for (int i = 0; i < 24; i++) {
            gain[i] = gains[i];
        }
        for (Circuit circuit : Circuit.values()) {
            double[][] dense = explicit(network, circuit, scale);
            FactoredMatrix matrix = layer.circuit(circuit, 2);
            assertSame(matrix.statistics(), DenseMatrix.statistics(dense), 1e-5);
            for (int i = 0; i < 24; i++) {
                for (int j = 0; j < 24; j++) {
                    assertThat(matrix.entry(i, j)).isCloseTo(dense[i][j], within(1e-5));
                    dense[i][j] *= gain[i] * (circuit == Circuit.QK ? gain[j] : 1);
                }
            }
            assertSame(
                    layer.folded(circuit, matrix).statistics(),
                    DenseMatrix.statistics(dense),
                    1e-5);
            double[] columns = circuit == Circuit.QK ? gain : DenseMatrix.ones(24);
            assertThat(layer.foldedGain(circuit).squares())
                    .isCloseTo(CentredGain.of(gain, columns).squares(), within(1e-9));
            assertThat(layer.learned(circuit, 2)).isEmpty();
        }
    }

    @Test
    void learnedIsTheScalingTimesItsMultiplier() throws IOException {
        Gpt2 network = network("", new IdentityScalings(2.5, -1, true));
        ModelFolder.save(network, folder, TensorType.F16);
        AttentionWeights weights = AttentionWeights.open(folder, Optional.empty());
        float a = array(network, Circuit.QK.parameter(1)).getFloat(2);
        float b = array(network, Circuit.OV.parameter(1)).getFloat(2);
        assertThat(weights.layer(1).learned(Circuit.QK, 2).getAsDouble())
                .isCloseTo(2.5 * a, within(1e-2));
        assertThat(weights.layer(1).learned(Circuit.OV, 2).getAsDouble())
                .isCloseTo(-b, within(1e-2));
        // Folding multiplies a learned a by γ², whose mean is what one a adds.
        double squares = 0;
        for (float gain : array(network, "transformer.h.1.ln_1.weight").toFloatArray()) {
            squares += gain * gain / 24.0;
        }
        assertThat(weights.layer(1).foldedIdentity(Circuit.QK)).isCloseTo(squares, within(1e-2));
    }

    @Test
    void anAdapterBringsItsScalingsForItsBaseAlone() throws IOException {
        Gpt2 network = network("", new IdentityScalings(1, 0, true));
        Gpt2 plain = new Gpt2(network.config().withScalings(IdentityScalings.NONE));
        plain.initialize(manager);
        ModelFolder.save(plain, folder, TensorType.F32);
        Path adapter = Files.createDirectory(folder.resolve("adapter"));
        AttentionWeights base = AttentionWeights.open(folder, Optional.empty());
        Map<String, NDArray> arrays =
                network.scalings().stream()
                        .collect(Collectors.toMap(name -> name, name -> array(network, name)));
        String hash = Checkpoint.open(folder).sha256();
        new ScalingsAdapter("base", hash, network.config().scalings()).save(adapter, arrays);
        AttentionWeights with =
                AttentionWeights.open(folder, Optional.of(AdapterFolder.open(adapter)));
        assertThat(with.layer(0).learned(Circuit.QK, 1).getAsDouble())
                .isEqualTo(array(network, Circuit.QK.parameter(0)).getFloat(1));
        assertThat(with.layer(0).learned(Circuit.OV, 1)).isEmpty();
        assertThat(with.sha256()).isEqualTo(base.sha256());
        new ScalingsAdapter("base", "another", network.config().scalings()).save(adapter, arrays);
        assertThatThrownBy(
                        () ->
                                AttentionWeights.open(
                                        folder, Optional.of(AdapterFolder.open(adapter))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the adapter belongs to base");
    }

    @Test
    void whatIsMissingOrNotFiniteIsNamed() throws IOException {
        Gpt2 network = network("", IdentityScalings.NONE);
        ModelFolder.save(network, folder, TensorType.F32);
        Path weights = folder.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        int at = find(bytes, array(network, "transformer.h.1.attn.c_proj.weight").toFloatArray());
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putFloat(at + 20, Float.NaN);
        Files.write(weights, bytes);
        AttentionWeights opened = AttentionWeights.open(folder, Optional.empty());
        assertThat(opened.layer(0).circuit(Circuit.QK, 0).rank()).isEqualTo(8);
        assertThatThrownBy(() -> opened.layer(1))
                .isInstanceOf(FileSystemException.class)
                .hasMessage(
                        weights
                                + ": tensor transformer.h.1.attn.c_proj.weight holds NaN at element"
                                + " 5 of [24, 24]");
        Files.writeString(
                folder.resolve("config.json"), network.config().json().replace("24", "48"));
        assertThatThrownBy(() -> AttentionWeights.open(folder, Optional.empty()))
                .hasMessage(
                        weights
                                + ": tensor transformer.h.0.attn.c_attn.weight must have shape [48,"
                                + " 144], found [24, 72]");
        Files.writeString(
                folder.resolve("config.json"),
                network.config().json().replace("\"n_layer\" : 2", "\"n_layer\" : 3"));
        assertThatThrownBy(() -> AttentionWeights.open(folder, Optional.empty()))
                .hasMessage(weights + ": has no tensor transformer.h.2.attn.c_attn.weight");
    }

    private static int find(byte[] bytes, float[] values) {
        ByteBuffer data = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at + 4 * values.length <= bytes.length; at++) {
            int i = 0;
            while (i < values.length && data.getFloat(at + 4 * i) == values[i]) {
                i++;
            }
            if (i == values.length) {
                return at;
            }
        }
        throw new AssertionError("not in the file");
    }

    @Test
    void gpt2IsReadFromAFileOfItsAttentionAlone() throws IOException {
        Path gpt2 = Shared.folder("checkpoints/gpt2-124m-attention-f16");
        AttentionLayer layer = AttentionWeights.open(gpt2, Optional.empty()).layer(5);
        double[] ones = DenseMatrix.ones(768);
        for (Circuit circuit : Circuit.values()) {
            FactoredMatrix matrix = layer.circuit(circuit, 11);
            DiagonalStatistics direct = DenseMatrix.statistics(DenseMatrix.of(matrix, ones, ones));
            assertSame(matrix.statistics(), direct, 1e-9);
        }
    }

    @Test
    void namesWithoutTheTransformersPrefixAreRead() throws IOException {
        Path tiny = Shared.folder("checkpoints/tiny-gpt2-random");
        AttentionWeights weights = AttentionWeights.open(tiny, Optional.empty());
        assertThat(weights.layer(0).circuit(Circuit.OV, 0).size()).isEqualTo(2);
        assertThat(weights.sha256()).hasSize(64);
    }
}
