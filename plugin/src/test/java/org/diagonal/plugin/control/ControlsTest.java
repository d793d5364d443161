package org.diagonal.plugin.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.diagonal.plugin.checkpoint.TensorType;
import org.diagonal.plugin.finetune.ArrayExamples;
import org.diagonal.plugin.finetune.Checkpointer;
import org.diagonal.plugin.finetune.Examples;
import org.diagonal.plugin.finetune.FineTuner;
import org.diagonal.plugin.finetune.TrainingListener;
import org.diagonal.plugin.finetune.TrainingSettings;
import org.diagonal.plugin.finetune.TrainingSettings.Trained;
import org.diagonal.plugin.gpt2.Gpt2;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.gpt2.ModelFolder;
import org.diagonal.plugin.identity.Arm;
import org.diagonal.plugin.identity.IdentityScalings;
import org.diagonal.plugin.kernels.Precision;
import org.diagonal.plugin.network.Network;
import org.diagonal.plugin.network.Weights;
import org.diagonal.plugin.small.SmallNetwork;
import org.diagonal.plugin.small.TemplateTransformer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What controls change, and what they leave alone. */
class ControlsTest {

    private static final int SEED = 3;
    private static final long[][] IDS = {{3, 1, 4, 1, 5}, {9, 2, 6, 5, 3}};
    private static final long[][] TARGETS = {{1, 4, 1, 5, 9}, {6, 5, 3, 2, 7}};

    @TempDir Path folder;

    private NDManager manager;
    private ParameterStore store;
    private NDArray ids;
    private NDArray targets;

    @BeforeEach
    void open() {
        manager = NDManager.newBaseManager("PyTorch");
        store = new ParameterStore(manager, false);
        Engine.getEngine("PyTorch").setRandomSeed(5);
        ids = manager.create(IDS);
        targets = manager.create(TARGETS);
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private Gpt2 gpt2(IdentityScalings scalings) {
        Gpt2Config config =
                Gpt2Config.parse(
                                """
                                {"vocab_size": 12, "n_positions": 8, "n_embd": 12, "n_layer": 2,
                                 "n_head": 3, "initializer_range": 0.3}
                                """)
                        .withDropout(0)
                        .withScalings(scalings);
        Engine.getEngine("PyTorch").setRandomSeed(7);
        Gpt2 network = new Gpt2(config);
        network.initialize(manager);
        return network;
    }

    private SmallNetwork small() {
        return SmallNetwork.fresh(
                new TemplateTransformer(
                        5,
                        12,
                        12,
                        12,
                        2,
                        3,
                        4,
                        16,
                        TemplateTransformer.Pool.CLS,
                        0,
                        0,
                        false,
                        false),
                SEED,
                manager);
    }

    private Network inner(String kind, Arm arm) {
        return kind.equals("gpt2") ? gpt2(IdentityScalings.of(arm, true)) : small();
    }

    private static Network controlled(Arm arm, Network inner) {
        return Controls.on(arm.control(), inner, SEED);
    }

    private double loss(Network network) {
        network.prepare(Precision.F32);
        try (NDManager pass = manager.newSubManager()) {
            NDArray losses = network.losses(store, view(ids, pass), view(targets, pass));
            double sum = 0;
            for (float one : losses.toFloatArray()) {
                sum += one;
            }
            return sum;
        }
    }

    private static NDArray view(NDArray array, NDManager pass) {
        NDArray copy = array.duplicate();
        copy.attach(pass);
        return copy;
    }

    private void backward(Network network) {
        network.prepare(Precision.F32);
        network.clearGradients();
        try (NDManager pass = manager.newSubManager();
                GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
            network.backward(store, collector, view(ids, pass), view(targets, pass), 1);
        }
    }

    private static Map<String, float[]> values(Network network) {
        Map<String, float[]> values = new LinkedHashMap<>();
        network.parameters()
                .forEach((name, each) -> values.put(name, each.getArray().toFloatArray()));
        return values;
    }

    private static void disturb(Network network) {
        int at = 1;
        for (String name : network.scalings()) {
            float[] values = network.parameters().get(name).getArray().toFloatArray();
            for (int i = 0; i < values.length; i++) {
                values[i] += (float) (0.2 * Math.sin(at++));
            }
            Weights.overwrite(network.parameters().get(name).getArray(), values);
        }
    }

    @ParameterizedTest
    @CsvSource({"gpt2, temperature", "gpt2, lora-2", "small, temperature", "small, lora-2"})
    void aFreshControlChangesNoBit(String kind, String arm) {
        double plain = loss(inner(kind, Arm.NONE));
        Network network = controlled(Arm.named(arm), inner(kind, Arm.NONE));
        assertThat(loss(network)).isEqualTo(plain);
        disturb(network);
        assertThat(loss(network)).isNotCloseTo(plain, within(1e-3));
    }

    @ParameterizedTest
    @CsvSource({"gpt2, temperature", "gpt2, lora-2", "small, temperature", "small, lora-2"})
    void gradientsAreThoseOfTheLoss(String kind, String arm) {
        Network network = controlled(Arm.named(arm), inner(kind, Arm.NONE));
        disturb(network);
        backward(network);
        Set<String> names = new TreeSet<>(network.scalings());
        network.projections().forEach(projection -> names.add(projection.weight()));
        for (String name : names) {
            Parameter parameter = network.parameters().get(name);
            float[] gradient = parameter.getArray().getGradient().toFloatArray();
            float[] values = parameter.getArray().toFloatArray();
            for (int i = 0; i < values.length; i += Math.max(1, values.length / 7)) {
                assertThat((double) gradient[i])
                        .as("%s[%d]", name, i)
                        .isCloseTo(slope(network, parameter, values, i), within(2e-2));
            }
        }
    }

    private double slope(Network network, Parameter parameter, float[] values, int i) {
        float step = 4e-3f;
        float[] moved = values.clone();
        moved[i] = values[i] + step;
        Weights.overwrite(parameter.getArray(), moved);
        double above = loss(network);
        moved[i] = values[i] - step;
        Weights.overwrite(parameter.getArray(), moved);
        double below = loss(network);
        Weights.overwrite(parameter.getArray(), values);
        return (above - below) / (2 * step);
    }

    @ParameterizedTest
    @ValueSource(strings = {"temperature", "lora-2"})
    void aFolderIsAPlainModelAndWhatItWasMadeOfComesBack(String name) throws IOException {
        Arm arm = Arm.named(name);
        Network network = controlled(arm, gpt2(IdentityScalings.NONE));
        disturb(network);
        double loss = loss(network);
        network.save(folder, TensorType.F32);
        assertThat(loss(ModelFolder.load(folder, manager))).isEqualTo(loss);
        Network other = controlled(arm, gpt2(IdentityScalings.NONE));
        other.restore(folder);
        assertThat(values(other)).usingRecursiveComparison().isEqualTo(values(network));
        assertThat(loss(other)).isEqualTo(loss);
    }

    private Examples examples() {
        return ArrayExamples.of(manager, IDS, TARGETS);
    }

    private void train(Network network, Trained trained, int steps) throws IOException {
        TrainingSettings settings =
                TrainingSettings.DEFAULTS
                        .withMaxSteps(steps)
                        .withBatchSize(1)
                        .withLr(1e-2)
                        .withScalingsLr(1e-2)
                        .withTrained(trained);
        new FineTuner(
                        Checkpointer.inMemory(network),
                        examples(),
                        Optional.empty(),
                        settings,
                        new TrainingListener() {},
                        () -> false)
                .train();
    }

    private static Set<String> moved(Map<String, float[]> before, Network network) {
        Map<String, float[]> after = values(network);
        return before.keySet().stream()
                .filter(name -> !Arrays.equals(before.get(name), after.get(name)))
                .collect(Collectors.toSet());
    }

    @ParameterizedTest
    @CsvSource({
        "gpt2, temperature",
        "gpt2, lora-1",
        "gpt2, permuted",
        "small, temperature",
        "small, lora-1"
    })
    void theNumbersAloneMoveWhereTheScalingsAloneAreTrained(String kind, String arm)
            throws IOException {
        Network network = controlled(Arm.named(arm), inner(kind, Arm.named(arm)));
        Map<String, float[]> before = values(network);
        train(network, Trained.SCALINGS, 3);
        assertThat(moved(before, network)).isEqualTo(network.scalings());
    }

    @ParameterizedTest
    @CsvSource({"gpt2, temperature", "gpt2, lora-1", "small, temperature", "small, lora-1"})
    void everythingMovesWhereEverythingIsTrained(String kind, String arm) throws IOException {
        Network network = controlled(Arm.named(arm), inner(kind, Arm.NONE));
        Map<String, float[]> before = values(network);
        train(network, Trained.ALL, 3);
        assertThat(moved(before, network)).isEqualTo(before.keySet());
    }

    @Test
    void loraWithFrozenWeightsLearnsWhatItsNumbersCan() throws IOException {
        Network network = controlled(Arm.lora(2), gpt2(IdentityScalings.NONE));
        double before = loss(network);
        train(network, Trained.SCALINGS, 60);
        assertThat(loss(network)).isLessThan(0.9 * before);
    }

    @Test
    void fixedScalingsStandWhereTheyAreSetAndNeverMove() throws IOException {
        Network network = controlled(Arm.fixed(0.25), gpt2(IdentityScalings.of(Arm.QK, true)));
        Map<String, float[]> before = values(network);
        before.forEach(
                (name, values) -> {
                    if (name.endsWith("wkwq_id_scalings")) {
                        assertThat(values).containsOnly(0.25f);
                    }
                });
        train(network, Trained.ALL, 3);
        assertThat(moved(before, network))
                .hasSize(before.size() - 2)
                .noneMatch(name -> name.endsWith("id_scalings"));
    }

    @Test
    void theHeadAloneIsTheLastLayerNormWhereTheEmbeddingReadsOut() throws IOException {
        Network network = controlled(Arm.HEAD, gpt2(IdentityScalings.NONE));
        Map<String, float[]> before = values(network);
        train(network, Trained.ALL, 3);
        assertThat(moved(before, network))
                .containsExactlyInAnyOrder("transformer.ln_f.weight", "transformer.ln_f.bias");
    }

    @Test
    void aNetworkThatReadsOutThroughItsEmbeddingHasNoHeadToTrain() {
        assertThatThrownBy(() -> controlled(Arm.HEAD, small()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("reads out through its embedding");
    }
}
