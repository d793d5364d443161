package org.diagonal.plugin.gpt2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.diagonal.plugin.checkpoint.TensorType;
import org.diagonal.plugin.identity.Circuit;
import org.diagonal.plugin.identity.DiagonalStatistics;
import org.diagonal.plugin.identity.IdentityScalings;
import org.diagonal.plugin.identity.Mimetic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MimeticHeadsTest {

    @TempDir Path folder;

    private static Gpt2 drawn(NDManager manager, IdentityScalings scalings) {
        Engine.getEngine("PyTorch").setRandomSeed(3);
        Gpt2 network = new Gpt2(Gpt2Config.fresh(50, 16, 48, 2, 4).withScalings(scalings));
        network.initialize(manager);
        return network;
    }

    @Test
    void everyHeadGetsItsDiagonalAndNothingElseMoves() throws IOException {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            Gpt2 plain = drawn(manager, IdentityScalings.NONE);
            Gpt2 mimetic = drawn(manager, IdentityScalings.NONE);
            MimeticHeads.apply(new Mimetic(0.7, 1), mimetic);
            Set<String> moved = new HashSet<>();
            plain.parameters()
                    .forEach(
                            (name, parameter) -> {
                                NDArray other = mimetic.parameters().get(name).getArray();
                                if (!other.contentEquals(parameter.getArray())) {
                                    moved.add(name);
                                }
                            });
            assertThat(moved)
                    .containsExactlyInAnyOrder(
                            "transformer.h.0.attn.c_attn.weight",
                            "transformer.h.1.attn.c_attn.weight");
            NDArray values = array(mimetic).get(":, 96:");
            assertThat(values.contentEquals(array(plain).get(":, 96:"))).isTrue();
            ModelFolder.save(mimetic, folder, TensorType.F32);
        }
        AttentionWeights weights = AttentionWeights.open(folder, Optional.empty());
        for (int layer = 0; layer < 2; layer++) {
            for (int head = 0; head < 4; head++) {
                DiagonalStatistics qk = weights.layer(layer).circuit(Circuit.QK, head).statistics();
                // √β d/D of W_Q W_Kᵀ, as logits divide it by √d
                assertThat(qk.diagMean() * Math.sqrt(12)).isCloseTo(12.0 / 48, within(0.02));
                assertThat(qk.z()).isGreaterThan(10);
            }
        }
    }

    private static NDArray array(Gpt2 network) {
        return network.parameters().get("transformer.h.1.attn.c_attn.weight").getArray();
    }

    @Test
    void scalingsDoNotChangeWhatIsDrawn() {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            Gpt2 plain = drawn(manager, IdentityScalings.NONE);
            Gpt2 scaled = drawn(manager, new IdentityScalings(1, 1, true));
            MimeticHeads.apply(new Mimetic(0.7, 0.3), plain);
            MimeticHeads.apply(new Mimetic(0.7, 0.3), scaled);
            assertThat(array(scaled).contentEquals(array(plain))).isTrue();
        }
    }
}
