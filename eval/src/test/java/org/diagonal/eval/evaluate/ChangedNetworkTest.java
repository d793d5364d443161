package org.diagonal.eval.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.diagonal.plugin.gpt2.Gpt2;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.identity.Arm;
import org.diagonal.plugin.identity.Circuit;
import org.diagonal.plugin.identity.Head;
import org.diagonal.plugin.identity.IdentityScalings;
import org.diagonal.plugin.identity.ScalingFactors;
import org.diagonal.plugin.network.Network;
import org.diagonal.plugin.network.Weights;
import org.diagonal.plugin.small.SmallNetwork;
import org.diagonal.plugin.small.TemplateTransformer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ablations by their laws, on GPT-2 and on a network from scratch. */
final class ChangedNetworkTest {

    private static final int LAYERS = 2;
    private static final int HEADS = 3;

    private NDManager manager;

    @BeforeEach
    void open() {
        manager = NDManager.newBaseManager("PyTorch");
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private Network network(String kind, Arm arm) {
        IdentityScalings scalings = IdentityScalings.of(arm, true);
        Network network;
        if (kind.equals("gpt2")) {
            Gpt2 gpt2 = new Gpt2(Gpt2Config.fresh(20, 8, 12, LAYERS, HEADS).withScalings(scalings));
            gpt2.initialize(manager);
            network = gpt2;
        } else {
            network =
                    SmallNetwork.fresh(
                            new TemplateTransformer(
                                    8,
                                    20,
                                    20,
                                    12,
                                    LAYERS,
                                    HEADS,
                                    4,
                                    16,
                                    TemplateTransformer.Pool.FINAL,
                                    scalings.wkwqIdMult(),
                                    scalings.wvwoIdMult(),
                                    true,
                                    false),
                            3,
                            manager);
        }
        return network;
    }

    /** Scalings of about the size of weights, none zero. */
    private Network trained(String kind) {
        Network network = network(kind, Arm.BOTH);
        SplittableRandom random = new SplittableRandom(7);
        for (String name : network.scalings().stream().sorted().toList()) {
            float[] values = new float[HEADS];
            for (int i = 0; i < HEADS; i++) {
                values[i] = (float) random.nextDouble(0.1, 0.9) * (random.nextBoolean() ? 1 : -1);
            }
            Weights.overwrite(network.parameters().get(name).getArray(), values);
        }
        return network;
    }

    private float[] outputs(Network network) {
        long[][] ids = {{1, 2, 1, 3, 4, 2, 5, 6}, {7, 7, 8, 9, 10, 8, 11, 12}};
        try (NDManager step = manager.newSubManager()) {
            ParameterStore store = new ParameterStore(manager, false);
            return network.output(store, step.create(ids)).toFloatArray();
        }
    }

    private float[] outputs(Network network, ScalingFactors factors) {
        ChangedNetwork changed = ChangedNetwork.of(network, factors);
        float[] outputs = outputs(network);
        changed.restore();
        return outputs;
    }

    private static Map<String, List<Integer>> bits(Network network) {
        Map<String, List<Integer>> bits = new LinkedHashMap<>();
        network.parameters()
                .forEach(
                        (name, parameter) -> {
                            List<Integer> values = new ArrayList<>();
                            for (float value : parameter.getArray().toFloatArray()) {
                                values.add(Float.floatToRawIntBits(value));
                            }
                            bits.put(name, values);
                        });
        return bits;
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "transformer"})
    void aFactorOfOneChangesNoBitAndAnotherOneChangesOutputs(String kind) {
        Network network = trained(kind);
        float[] before = outputs(network);
        assertThat(outputs(network, ScalingFactors.of(1, 1))).isEqualTo(before);
        assertThat(outputs(network, ScalingFactors.of(0.5, 1))).isNotEqualTo(before);
        assertThat(outputs(network, ScalingFactors.of(1, 0.5))).isNotEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "transformer"})
    void aFactorOfZeroIsThePlainNetworkToTheBit(String kind) {
        Network network = trained(kind);
        Network plain = network(kind, Arm.NONE);
        plain.parameters()
                .forEach(
                        (name, parameter) ->
                                Weights.overwrite(
                                        parameter.getArray(),
                                        network.parameters().get(name).getArray()));
        float[] expected = outputs(plain);
        assertThat(outputs(network)).isNotEqualTo(expected);
        assertThat(outputs(network, ScalingFactors.of(0, 0))).isEqualTo(expected);
        List<Head> all = new ArrayList<>();
        for (int layer = 0; layer < LAYERS; layer++) {
            for (int head = 0; head < HEADS; head++) {
                all.add(new Head(layer, head));
            }
        }
        assertThat(outputs(network, ScalingFactors.TRAINED.without(all))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "transformer"})
    void afterAnAblationTheNetworkHasItsOldBits(String kind) {
        Network network = trained(kind);
        Map<String, List<Integer>> before = bits(network);
        for (ScalingFactors factors :
                List.of(
                        ScalingFactors.PLAIN,
                        ScalingFactors.of(1.5, 0.25),
                        ScalingFactors.only(Circuit.OV, new Head(1, 2)))) {
            ChangedNetwork changed = ChangedNetwork.of(network, factors);
            assertThat(bits(network)).isNotEqualTo(before);
            changed.restore();
            assertThat(bits(network)).isEqualTo(before);
        }
        assertThatThrownBy(() -> ChangedNetwork.of(network, ScalingFactors.of(0, 1e300)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("beyond float32");
        assertThat(bits(network)).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "transformer"})
    void layersWithEqualScalingsAreChangedEachForItself(String kind) {
        Network network = network(kind, Arm.QK);
        for (String name : network.scalings()) {
            Weights.overwrite(network.parameters().get(name).getArray(), 0.5f, 0.5f, 0.5f);
        }
        ChangedNetwork.of(network, ScalingFactors.only(Circuit.QK, new Head(1, 0)));
        List<List<Float>> values = new ArrayList<>();
        for (String name : network.scalings().stream().sorted().toList()) {
            List<Float> heads = new ArrayList<>();
            NDArray array = network.parameters().get(name).getArray();
            for (float value : array.toFloatArray()) {
                heads.add(value);
            }
            values.add(heads);
        }
        assertThat(values).containsExactly(List.of(0f, 0f, 0f), List.of(0.5f, 0f, 0f));
    }
}
