package org.diagonal.plugin.small;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.diagonal.plugin.checkpoint.TensorType;
import org.diagonal.plugin.identity.IdentityScalings;
import org.diagonal.plugin.identity.Mimetic;
import org.diagonal.plugin.network.Loss;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SmallNetworkTest {

    private static final long[][] IDS = {{1, 2, 1}, {3, 4, 4}, {0, 5, 6}};

    private NDManager manager;
    private ParameterStore store;

    @BeforeEach
    void open() {
        manager = NDManager.newBaseManager("PyTorch");
        store = new ParameterStore(manager, false);
    }

    @AfterEach
    void close() {
        manager.close();
    }

    static TemplateTransformer transformer(
            int classes, int depth, TemplateTransformer.Pool pool, double qk, double ov) {
        return new TemplateTransformer(
                3, 7, classes, 12, depth, 2, 5, 9, pool, qk, ov, false, false);
    }

    static Stream<Architecture> architectures() {
        return Stream.of(
                transformer(1, 2, TemplateTransformer.Pool.CLS, 0, 0),
                transformer(1, 2, TemplateTransformer.Pool.CLS, 1, 1),
                transformer(7, 1, TemplateTransformer.Pool.FINAL, 0, 2),
                transformer(7, 3, TemplateTransformer.Pool.CLS, 1, 0),
                new TemplateAttention(3, 7, 12, 2, 5, 0, 0, false),
                new TemplateAttention(3, 7, 12, 2, 5, 1, 2, false),
                new Mlp(3, 7, 1, 6, 3, 0),
                new Mlp(3, 7, 7, 6, 2, 0.5),
                new Rnn(3, 7, 1, 6),
                new Rnn(3, 7, 7, 6),
                new Lstm(3, 7, 1, 6),
                new Lstm(3, 7, 7, 6));
    }

    @ParameterizedTest
    @MethodSource("architectures")
    void whatIsSavedLoadsWithTheSameBits(Architecture architecture, @TempDir Path dir)
            throws Exception {
        SmallNetwork network = SmallNetwork.fresh(architecture, 3, manager);
        disturbScalings(network);
        network.save(dir, TensorType.F32);
        SmallNetwork loaded = SmallNetwork.load(dir, manager);
        assertThat(loaded.architecture()).isEqualTo(architecture);
        NDArray ids = manager.create(IDS);
        assertThat(loaded.output(store, ids).toFloatArray())
                .isEqualTo(network.output(store, ids).toFloatArray());
    }

    private void disturbScalings(SmallNetwork network) {
        for (String name : network.scalings()) {
            network.parameters().get(name).getArray().set(new float[] {0.3f, -0.2f});
        }
    }

    @ParameterizedTest
    @MethodSource("architectures")
    void passesLeaveNoArrayBehind(Architecture architecture) {
        SmallNetwork network = SmallNetwork.fresh(architecture, 3, manager);
        boolean real = network.loss() == Loss.SQUARED_ERROR;
        pass(network, real); // gives the gradients their arrays
        manager.cap();
        for (int i = 0; i < 3; i++) {
            pass(network, real);
        }
    }

    private void pass(SmallNetwork network, boolean real) {
        try (NDManager step = manager.newSubManager();
                GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
            NDArray ids = step.create(IDS);
            NDArray targets =
                    real ? step.create(new float[] {1, -1, 1}) : step.create(new long[3][3]);
            assertThat(network.backward(store, collector, ids, targets, 1)).isPositive();
            assertThat(network.losses(store, ids, targets).size()).isEqualTo(3);
            assertThat(network.output(store, ids).getShape())
                    .isEqualTo(
                            network.getOutputShapes(
                                            new ai.djl.ndarray.types.Shape[] {ids.getShape()})[0]);
        }
    }

    /** A batch that goes through in several passes, of which the last is shorter. */
    @ParameterizedTest
    @MethodSource("architectures")
    void lossAndGradientsOfALargeBatchAreThoseOfItsHalves(Architecture architecture) {
        long[][] ids = new long[600][];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = new long[] {i % 7, i / 7 % 7, i / 49 % 7};
        }
        NDArray all = manager.create(ids);
        boolean real = architecture.loss() == Loss.SQUARED_ERROR;
        NDArray targets = real ? all.get(":, 0").toType(DataType.FLOAT32, true) : all;
        SmallNetwork whole = SmallNetwork.fresh(architecture, 3, manager);
        SmallNetwork halves = SmallNetwork.fresh(architecture, 3, manager);
        double sum;
        double sums;
        try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
            sum = whole.backward(store, collector, all, targets, 0.01);
            sums =
                    halves.backward(store, collector, all.get(":300"), targets.get(":300"), 0.01)
                            + halves.backward(
                                    store, collector, all.get("300:"), targets.get("300:"), 0.01);
        }
        double losses = whole.losses(store, all, targets).sum().getFloat();
        assertThat(sum).isCloseTo(losses, withinPercentage(1e-3));
        assertThat(sums).isCloseTo(losses, withinPercentage(1e-3));
        for (String name : whole.parameters().keySet()) {
            float[] expected = gradient(halves, name);
            double largest =
                    IntStream.range(0, expected.length)
                            .mapToDouble(i -> Math.abs(expected[i]))
                            .max()
                            .orElseThrow();
            assertThat(largest).as(name).isPositive();
            assertThat(gradient(whole, name))
                    .as(name)
                    .containsExactly(expected, within((float) (1e-5 * Math.max(1, largest))));
        }
    }

    private static float[] gradient(SmallNetwork network, String name) {
        return network.parameters().get(name).getArray().getGradient().toFloatArray();
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "0, 1", "1, 1"})
    void scalingsAreZeroAtFirstAndChangeNoOtherDraw(double qk, double ov) {
        SmallNetwork plain =
                SmallNetwork.fresh(
                        transformer(1, 2, TemplateTransformer.Pool.CLS, 0, 0), 3, manager);
        SmallNetwork scaled =
                SmallNetwork.fresh(
                        transformer(1, 2, TemplateTransformer.Pool.CLS, qk, ov), 3, manager);
        assertThat(scaled.scalings()).hasSize((int) (2 * (qk + ov)));
        for (Map.Entry<String, Parameter> parameter : scaled.parameters().entrySet()) {
            float[] values = parameter.getValue().getArray().toFloatArray();
            if (scaled.scalings().contains(parameter.getKey())) {
                assertThat(values).containsOnly(0f);
            } else {
                assertThat(values)
                        .as(parameter.getKey())
                        .isEqualTo(
                                plain.parameters()
                                        .get(parameter.getKey())
                                        .getArray()
                                        .toFloatArray());
            }
        }
    }

    @Test
    void firstValuesAreDrawnAsPyTorchDrawsThem() {
        TemplateTransformer architecture =
                TemplateTransformer.base(3, 400, 1, IdentityScalings.NONE);
        SmallNetwork network = SmallNetwork.fresh(architecture, 5, manager);
        NDArray embedding = network.parameters().get("to_embedding.weight").getArray();
        assertThat(embedding.mean().getFloat()).isBetween(-0.02f, 0.02f);
        assertThat(embedding.square().mean().getFloat()).isBetween(0.97f, 1.03f);
        NDArray out =
                network.parameters().get("transformer.layers.0.0.fn.to_out.0.weight").getArray();
        float bound = 1 / 32f; // 1/√1024
        assertThat(out.abs().max().getFloat()).isBetween(0.99f * bound, bound);
        assertThat(out.square().mean().getFloat())
                .isBetween(0.98f * bound * bound / 3, 1.02f * bound * bound / 3);
        float[] again =
                SmallNetwork.fresh(architecture, 5, manager)
                        .parameters()
                        .get("to_embedding.weight")
                        .getArray()
                        .toFloatArray();
        assertThat(again).isEqualTo(embedding.toFloatArray());
    }

    @ParameterizedTest
    @CsvSource({"true, false", "false, false", "true, true", "false, true"})
    void aReadOutOfOnePositionIsThatOfTheWholeLayer(boolean masked, boolean permuted) {
        // A layer that adds nothing, put behind, has all positions of the first computed.
        TemplateTransformer one =
                new TemplateTransformer(
                        3,
                        7,
                        1,
                        12,
                        1,
                        2,
                        5,
                        9,
                        TemplateTransformer.Pool.CLS,
                        0.7,
                        1.3,
                        masked,
                        permuted);
        TemplateTransformer two =
                new TemplateTransformer(
                        3,
                        7,
                        1,
                        12,
                        2,
                        2,
                        5,
                        9,
                        TemplateTransformer.Pool.CLS,
                        0.7,
                        1.3,
                        masked,
                        permuted);
        SmallNetwork small = SmallNetwork.fresh(one, 3, manager);
        SmallNetwork large = SmallNetwork.fresh(two, 4, manager);
        disturbScalings(small);
        large.parameters()
                .forEach(
                        (name, parameter) -> {
                            Parameter same = small.parameters().get(name);
                            if (same != null) {
                                same.getArray().copyTo(parameter.getArray());
                            } else {
                                parameter
                                        .getArray()
                                        .set(new float[(int) parameter.getArray().size()]);
                            }
                        });
        NDArray ids = manager.create(IDS);
        float[] expected = large.output(store, ids).toFloatArray();
        float[] actual = small.output(store, ids).toFloatArray();
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i])
                    .isCloseTo(expected[i], org.assertj.core.data.Offset.offset(1e-5f));
        }
    }

    @Test
    void targetsOfAnotherKindAreRefused() {
        SmallNetwork real =
                SmallNetwork.fresh(
                        transformer(1, 1, TemplateTransformer.Pool.CLS, 0, 0), 3, manager);
        NDArray ids = manager.create(IDS);
        assertThatThrownBy(() -> real.losses(store, ids, ids))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("SQUARED_ERROR")
                .hasMessageContaining("int64");
    }

    @Test
    void aStringOfAnotherLengthIsRefused() {
        SmallNetwork network =
                SmallNetwork.fresh(
                        transformer(1, 1, TemplateTransformer.Pool.CLS, 0, 0), 3, manager);
        assertThatThrownBy(() -> network.output(store, manager.create(new long[1][4])))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("context_length=3");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"dim\" : 12 | \"dim\" : 12.5 | dim",
                "\"dim\" : 12 | \"dim\" : 0 | dim must be at least 1: 0",
                "\"dim\" : 12 | \"dim\" : 12, \"dimm\" : 12 | unknown key dimm",
                "\"dim\" : 12, | '' | 'dim'",
                "\"pool\" : \"cls\" | \"pool\" : \"final\" | pool must be cls",
                "\"num_classes\" : 1 | \"num_classes\" : 5 | num_classes=5, num_token_types=7",
                "template_transformer | gpt3 | gpt3"
            })
    void aFolderOfSomethingElseIsRefusedInOneLine(
            String old, String wrong, String said, @TempDir Path dir) throws Exception {
        SmallNetwork network =
                SmallNetwork.fresh(
                        transformer(1, 1, TemplateTransformer.Pool.CLS, 0, 0), 3, manager);
        network.save(dir, TensorType.F32);
        Path config = dir.resolve("config.json");
        String text = Files.readString(config);
        assertThat(text).contains(old);
        Files.writeString(config, text.replace(old, wrong));
        assertThatThrownBy(() -> SmallNetwork.load(dir, manager))
                .isInstanceOf(FileSystemException.class)
                .hasMessageStartingWith(config.toString())
                .hasMessageContaining(said)
                .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
    }

    @Test
    void aSavedNetworkHoldsTheNamesOfTheAuthorsCode(@TempDir Path dir) throws Exception {
        SmallNetwork network =
                SmallNetwork.fresh(
                        transformer(7, 1, TemplateTransformer.Pool.FINAL, 1, 0), 3, manager);
        network.save(dir, TensorType.F16);
        assertThat(org.diagonal.plugin.checkpoint.Checkpoint.openAsNamed(dir).names())
                .containsExactlyInAnyOrderElementsOf(
                        List.of(
                                "to_embedding.weight",
                                "pos_embedding",
                                "transformer.layers.0.0.norm.weight",
                                "transformer.layers.0.0.norm.bias",
                                "transformer.layers.0.0.fn.to_qk.weight",
                                "transformer.layers.0.0.fn.to_v.weight",
                                "transformer.layers.0.0.fn.to_out.0.weight",
                                "transformer.layers.0.0.fn.wkwq_identity_scalings",
                                "transformer.layers.0.1.norm.weight",
                                "transformer.layers.0.1.norm.bias",
                                "transformer.layers.0.1.fn.net.0.weight",
                                "transformer.layers.0.1.fn.net.0.bias",
                                "transformer.layers.0.1.fn.net.3.weight",
                                "transformer.layers.0.1.fn.net.3.bias"));
    }

    @Test
    void mimeticHeadsHaveTheirDiagonalAndNothingElseMoves() {
        TemplateTransformer architecture =
                new TemplateTransformer(
                        3, 7, 1, 40, 2, 3, 5, 9, TemplateTransformer.Pool.CLS, 0, 0, false, false);
        SmallNetwork drawn = SmallNetwork.fresh(architecture, 5, manager);
        SmallNetwork mimetic = SmallNetwork.fresh(architecture, 5, manager);
        mimetic.makeMimetic(new Mimetic(0.5, 4));
        assertThat(
                        drawn.parameters().keySet().stream()
                                .filter(name -> !values(drawn, name).equals(values(mimetic, name))))
                .containsExactlyInAnyOrder(
                        "transformer.layers.0.0.fn.to_qk.weight",
                        "transformer.layers.1.0.fn.to_qk.weight");
        NDArray weight =
                mimetic.parameters().get("transformer.layers.1.0.fn.to_qk.weight").getArray();
        for (int head = 0; head < 3; head++) {
            NDArray queries = weight.get(5 * head + ":" + 5 * (head + 1)); // (d, D)
            NDArray keys = weight.get(15 + 5 * head + ":" + (15 + 5 * (head + 1)));
            double trace = queries.mul(keys).sum().getFloat(); // of W_Q W_Kᵀ
            assertThat(trace / 40).isCloseTo(2.0 * 5 / 40, within(0.1));
        }
        assertThatThrownBy(
                        () ->
                                SmallNetwork.fresh(new Mlp(3, 7, 1, 6, 3, 0), 5, manager)
                                        .makeMimetic(new Mimetic(1, 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("mimetic initialisation needs heads: Mlp");
    }

    private static List<Float> values(SmallNetwork network, String name) {
        float[] values = network.parameters().get(name).getArray().toFloatArray();
        return IntStream.range(0, values.length).mapToObj(i -> values[i]).toList();
    }
}
