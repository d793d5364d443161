package org.diagonal.plugin.small;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.diagonal.plugin.Golden;
import org.diagonal.plugin.checkpoint.Checkpoint;
import org.diagonal.plugin.checkpoint.SafetensorsFile;
import org.diagonal.plugin.finetune.ArrayExamples;
import org.diagonal.plugin.finetune.Checkpointer;
import org.diagonal.plugin.finetune.FineTuner;
import org.diagonal.plugin.finetune.Schedule;
import org.diagonal.plugin.finetune.TrainingListener;
import org.diagonal.plugin.finetune.TrainingSettings;
import org.diagonal.plugin.finetune.TrainingStep;
import org.diagonal.plugin.network.Loss;
import org.diagonal.plugin.network.Weights;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Parity with what the authors' PyTorch code computes for the same weights. */
class GoldenTemplateTransformerTest {

    private static final int NOT_SCORED = -100;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "template-transformer-plain",
                "template-transformer-ab",
                "template-transformer-tied-ab"
            })
    void outputsAndEveryGradientAreThoseOfTheAuthorsCode(String name) throws Exception {
        Path folder = Golden.folder(name);
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            SmallNetwork network = network(folder, manager);
            ParameterStore store = new ParameterStore(manager, false);
            SafetensorsFile expected = SafetensorsFile.open(folder.resolve("expected.safetensors"));
            NDArray ids = expected.read("input", manager);
            NDArray targets = targets(expected, manager, network.loss());

            NDArray wanted = expected.read("output", manager);
            if (network.loss() == Loss.SQUARED_ERROR) {
                wanted = wanted.squeeze(1);
            }
            NDArray output = network.output(store, ids);
            assertThat(output.getShape()).isEqualTo(wanted.getShape());
            assertThat(largest(output.sub(wanted))).isLessThan(1e-5f * largest(wanted));

            long count = ids.getShape().get(0);
            double loss = expected(folder).path("losses").get(0).asDouble();
            assertThat(network.losses(store, ids, targets).mean().getFloat())
                    .isCloseTo((float) loss, within(1e-5f));
            try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
                assertThat(network.backward(store, collector, ids, targets, 1.0 / count) / count)
                        .isCloseTo(loss, within(1e-5));
            }
            for (var parameter : network.parameters().entrySet()) {
                NDArray gradient = expected.read("grad." + parameter.getKey(), manager);
                NDArray actual = parameter.getValue().getArray().getGradient();
                assertThat(largest(actual.sub(gradient)))
                        .as(parameter.getKey())
                        .isLessThan(1e-5f * Math.max(1, largest(gradient)));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "template-transformer-plain",
                "template-transformer-ab",
                "template-transformer-tied-ab"
            })
    void tenAdamStepsAreThoseOfPyTorch(String name) throws Exception {
        Path folder = Golden.folder(name);
        List<Double> losses = new ArrayList<>();
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            SmallNetwork network = network(folder, manager);
            TrainingListener listener =
                    new TrainingListener() {
                        @Override
                        public void stepped(TrainingStep step, long maxSteps) {
                            losses.add(step.loss());
                        }
                    };
            new FineTuner(
                            Checkpointer.inMemory(network),
                            examples(folder, manager, network.loss()),
                            Optional.empty(),
                            adam(10),
                            listener,
                            () -> false)
                    .train();
        }
        JsonNode expected = expected(folder).path("losses");
        assertThat(losses).hasSize(expected.size());
        for (int i = 0; i < losses.size(); i++) {
            assertThat(losses.get(i)).isCloseTo(expected.get(i).asDouble(), within(1e-5));
        }
    }

    private static TrainingSettings adam(int steps) {
        return TrainingSettings.DEFAULTS
                .withBatchSize(1024)
                .withMaxSteps(steps)
                .withLr(1e-3)
                .withScalingsLr(1e-3)
                .withSchedule(Schedule.CONSTANT)
                .withWeightDecay(0)
                .withClip(0)
                .withSeed(1)
                .withShuffle(false);
    }

    private static SmallNetwork network(Path folder, NDManager manager) throws Exception {
        JsonNode model = expected(folder).path("model");
        int classes = model.path("num_classes").asInt();
        boolean qk = model.path("trainable_wkwq_identity").asBoolean();
        boolean ov = model.path("trainable_wvwo_identity").asBoolean();
        TemplateTransformer architecture =
                new TemplateTransformer(
                        model.path("context_length").asInt(),
                        model.path("num_token_types").asInt(),
                        classes,
                        model.path("dim").asInt(),
                        model.path("depth").asInt(),
                        model.path("heads").asInt(),
                        model.path("dim_head").asInt(),
                        model.path("mlp_dim").asInt(),
                        classes == 1
                                ? TemplateTransformer.Pool.CLS
                                : TemplateTransformer.Pool.FINAL,
                        qk ? model.path("wkwq_id_mult").asDouble() : 0,
                        ov ? model.path("wvwo_id_mult").asDouble() : 0,
                        false,
                        false);
        SmallNetwork network = SmallNetwork.fresh(architecture, 1, manager);
        Weights.restore(network.parameters(), Checkpoint.openAsNamed(folder));
        return network;
    }

    private static ArrayExamples examples(Path folder, NDManager manager, Loss loss)
            throws Exception {
        SafetensorsFile expected = SafetensorsFile.open(folder.resolve("expected.safetensors"));
        NDArray ids = expected.read("input", manager);
        int length = (int) ids.getShape().get(1);
        long[][] rows = rows(ids.toLongArray(), length);
        NDArray targets = targets(expected, manager, loss);
        return loss == Loss.SQUARED_ERROR
                ? ArrayExamples.of(manager, rows, targets.toFloatArray())
                : ArrayExamples.of(manager, rows, rows(targets.toLongArray(), length));
    }

    private static long[][] rows(long[] values, int length) {
        long[][] rows = new long[values.length / length][length];
        for (int i = 0; i < values.length; i++) {
            rows[i / length][i % length] = values[i];
        }
        return rows;
    }

    private static NDArray targets(SafetensorsFile expected, NDManager manager, Loss loss)
            throws Exception {
        NDArray targets = expected.read("target", manager);
        if (loss == Loss.SQUARED_ERROR) {
            return targets;
        }
        long count = targets.getShape().get(0);
        NDArray before = manager.full(new Shape(count, 3), NOT_SCORED, DataType.INT64);
        return before.concat(targets.reshape(count, 1), 1);
    }

    private static JsonNode expected(Path folder) throws Exception {
        return new ObjectMapper().readTree(Files.readString(folder.resolve("expected.json")));
    }

    private static float largest(NDArray array) {
        return array.abs().max().getFloat();
    }
}
