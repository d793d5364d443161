package org.diagonal.plugin.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.diagonal.plugin.Shared;
import org.diagonal.plugin.checkpoint.SafetensorsFile;
import org.diagonal.plugin.finetune.Examples;
import org.diagonal.plugin.finetune.FineTuner;
import org.diagonal.plugin.finetune.Schedule;
import org.diagonal.plugin.finetune.TrainingDivergedException;
import org.diagonal.plugin.finetune.TrainingListener;
import org.diagonal.plugin.finetune.TrainingResult;
import org.diagonal.plugin.finetune.TrainingSettings;
import org.diagonal.plugin.finetune.TrainingStep;
import org.diagonal.plugin.gpt2.Gpt2;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.gpt2.ModelFolder;
import org.diagonal.plugin.identity.Circuit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FineTunerTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gpt2-plain",
                "gpt2-a",
                "gpt2-a-masked-diagonal",
                "gpt2-b",
                "gpt2-ab",
                "gpt2-ab-masked-diagonal"
            })
    void tenAdamwStepsAreThoseOfPyTorch(String name, @TempDir Path dir) throws Exception {
        Path folder = Shared.folder("golden/" + name);
        JsonNode expected =
                new ObjectMapper().readTree(Files.readString(folder.resolve("expected.json")));
        List<Double> losses = new ArrayList<>();
        try (NDManager manager = NDManager.newBaseManager("PyTorch");
                RunFolder run = RunFolder.open(dir)) {
            NDArray ids =
                    SafetensorsFile.open(folder.resolve("expected.safetensors"))
                            .read("input_ids", manager);
            long[] first = ids.get(0).toLongArray();
            long[] second = ids.get(1).toLongArray();
            Gpt2 network = ModelFolder.load(folder, manager);
            new FineTuner(
                            FolderCheckpointer.in(run, TinyRun.writer(network)),
                            new IdExamples(List.of(first, second)),
                            Optional.empty(),
                            new TrainingSettings(
                                    2,
                                    1,
                                    10,
                                    3e-4,
                                    3e-4,
                                    Schedule.CONSTANT,
                                    0,
                                    0.01,
                                    0,
                                    1,
                                    false,
                                    0,
                                    0,
                                    1,
                                    0,
                                    TrainingSettings.Trained.ALL),
                            new TrainingListener() {
                                @Override
                                public void stepped(TrainingStep step, long maxSteps) {
                                    losses.add(step.loss());
                                }
                            },
                            () -> false)
                    .train();
            for (int i = 0; i < 10; i++) {
                assertThat(losses.get(i))
                        .isCloseTo(expected.path("losses").get(i).asDouble(), within(1e-5));
            }
            for (var entry : expected.path("scalings_after").properties()) {
                float[] values = network.parameters().get(entry.getKey()).getArray().toFloatArray();
                for (int h = 0; h < values.length; h++) {
                    assertThat((double) values[h])
                            .isCloseTo(entry.getValue().get(h).asDouble(), within(1e-5));
                }
            }
        }
    }

    @Test
    void onlyTheScalingsMoveWhenTheyAloneAreTrained(@TempDir Path dir) throws Exception {
        try (NDManager manager = NDManager.newBaseManager("PyTorch");
                RunFolder run = RunFolder.open(dir)) {
            Gpt2 network = TinyRun.network(manager);
            Map<String, float[]> before = new HashMap<>();
            network.parameters()
                    .forEach((name, p) -> before.put(name, p.getArray().toFloatArray()));
            new FineTuner(
                            FolderCheckpointer.in(run, TinyRun.writer(network)),
                            TinyRun.TRAIN,
                            Optional.empty(),
                            new TrainingSettings(
                                    4,
                                    1,
                                    3,
                                    1e-3,
                                    1e-2,
                                    Schedule.CONSTANT,
                                    0,
                                    0.1,
                                    1,
                                    5,
                                    true,
                                    0,
                                    0,
                                    1,
                                    0,
                                    TrainingSettings.Trained.SCALINGS),
                            new TrainingListener() {},
                            () -> false)
                    .train();
            network.parameters()
                    .forEach(
                            (name, p) -> {
                                boolean same =
                                        java.util.Arrays.equals(
                                                before.get(name), p.getArray().toFloatArray());
                                assertThat(same).as(name).isEqualTo(!Circuit.isScaling(name));
                            });
        }
    }

    @Test
    void accumulatedStepsEqualOneLargeBatchWeightedByTargets(@TempDir Path dir) throws Exception {
        IdExamples uneven =
                new IdExamples(List.of(new long[] {1, 2, 3, 4, 5, 6}, new long[] {7, 8}));
        List<float[]> results = new ArrayList<>();
        for (int batch : new int[] {1, 2}) {
            try (NDManager manager = NDManager.newBaseManager("PyTorch");
                    RunFolder run = RunFolder.open(dir.resolve("batch-" + batch))) {
                Engine.getEngine("PyTorch").setRandomSeed(3);
                Gpt2 network = new Gpt2(Gpt2Config.parse(TinyRun.CONFIG).withDropout(0));
                network.initialize(manager);
                Examples examples = batch == 2 ? new Padded(uneven) : uneven;
                new FineTuner(
                                FolderCheckpointer.in(run, TinyRun.writer(network)),
                                examples,
                                Optional.empty(),
                                new TrainingSettings(
                                        batch,
                                        2 / batch,
                                        1,
                                        1e-3,
                                        1e-3,
                                        Schedule.CONSTANT,
                                        0,
                                        0,
                                        0,
                                        5,
                                        false,
                                        0,
                                        0,
                                        1,
                                        0,
                                        TrainingSettings.Trained.ALL),
                                new TrainingListener() {},
                                () -> false)
                        .train();
                results.add(
                        network.parameters()
                                .get("transformer.h.0.mlp.c_fc.weight")
                                .getArray()
                                .toFloatArray());
            }
        }
        for (int i = 0; i < results.get(0).length; i++) {
            assertThat(results.get(0)[i]).isCloseTo(results.get(1)[i], within(2e-5f));
        }
    }

    /** Rows padded on the right to the longest. */
    private record Padded(IdExamples rows) implements Examples {
        @Override
        public int count() {
            return rows.count();
        }

        @Override
        public int length(int example) {
            return rows.length(example);
        }

        @Override
        public int targets(int example) {
            return rows.targets(example);
        }

        @Override
        public ai.djl.ndarray.NDList batch(NDManager manager, int[] examples) {
            return new ai.djl.ndarray.NDList(
                    manager.create(new long[][] {{1, 2, 3, 4, 5, 6}, {7, 8, 0, 0, 0, 0}}),
                    manager.create(
                            new long[][] {
                                {2, 3, 4, 5, 6, -100}, {8, -100, -100, -100, -100, -100}
                            }));
        }
    }

    @Test
    void aLossThatStaysNotFiniteEndsTheRunAndLosesNothing(@TempDir Path dir) throws Exception {
        try (NDManager manager = NDManager.newBaseManager("PyTorch");
                RunFolder run = RunFolder.open(dir)) {
            Gpt2 network = TinyRun.network(manager);
            List<Long> skipped = new ArrayList<>();
            FineTuner tuner =
                    new FineTuner(
                            FolderCheckpointer.in(run, TinyRun.writer(network)),
                            TinyRun.TRAIN,
                            Optional.empty(),
                            new TrainingSettings(
                                    4,
                                    1,
                                    20,
                                    1e-3,
                                    1e-2,
                                    Schedule.CONSTANT,
                                    0,
                                    0.1,
                                    1,
                                    5,
                                    true,
                                    0,
                                    2,
                                    5,
                                    0,
                                    TrainingSettings.Trained.ALL),
                            new TrainingListener() {
                                @Override
                                public void stepped(TrainingStep step, long maxSteps) {
                                    if (step.step() == 5) {
                                        NDArray bias =
                                                network.parameters()
                                                        .get("transformer.ln_f.bias")
                                                        .getArray();
                                        bias.set(new float[16]);
                                        float[] broken = new float[16];
                                        broken[0] = Float.POSITIVE_INFINITY;
                                        bias.set(broken);
                                    }
                                }

                                @Override
                                public void skipped(long step, double loss, double gradNorm) {
                                    skipped.add(step);
                                }
                            },
                            () -> false);
            assertThatThrownBy(tuner::train)
                    .isInstanceOf(TrainingDivergedException.class)
                    .hasMessageContaining("steps 6 to 8")
                    .hasMessageContaining("step-4");
            assertThat(skipped).containsExactly(6L, 7L, 8L);
            Gpt2 saved = ModelFolder.load(dir.resolve("checkpoints/step-4"), manager);
            assertThat(saved.parameters()).isNotEmpty();
        }
    }

    @Test
    void earlyStoppingKeepsTheBest(@TempDir Path dir) throws Exception {
        TrainingSettings impatient =
                new TrainingSettings(
                        4,
                        1,
                        400,
                        0.5,
                        0.5,
                        Schedule.CONSTANT,
                        0,
                        0,
                        1,
                        5,
                        true,
                        2,
                        0,
                        1,
                        2,
                        TrainingSettings.Trained.ALL);
        TrainingResult result =
                TinyRun.train(dir, impatient, new TrainingListener() {}, () -> false);
        assertThat(result.outcome()).isEqualTo(TrainingResult.Outcome.STOPPED_EARLY);
        assertThat(result.step()).isEqualTo(result.bestStep().getAsLong() + 4);
        long best = result.bestStep().getAsLong();
        assertSameWeights(dir, dir.resolve("checkpoints/step-" + best));
        assertSameWeights(dir.resolve("last"), dir.resolve("checkpoints/step-" + result.step()));
        assertThat(RunFolder.step(dir)).hasValue(best);
        assertThat(RunFolder.step(dir.resolve("last"))).hasValue(result.step());
        assertThat(
                        Files.mismatch(
                                dir.resolve("model.safetensors"),
                                dir.resolve("last/model.safetensors")))
                .isNotNegative();
    }

    private static void assertSameWeights(Path folder, Path checkpoint) throws Exception {
        assertThat(Files.readAllBytes(folder.resolve("model.safetensors")))
                .isEqualTo(Files.readAllBytes(checkpoint.resolve("model.safetensors")));
    }

    @Test
    void aTrainingBeginsWithTheLossOfTheNetworkAsItWas(@TempDir Path dir) throws Exception {
        List<Double> began = new ArrayList<>();
        TrainingListener listener =
                new TrainingListener() {
                    @Override
                    public void began(double validLoss) {
                        began.add(validLoss);
                    }
                };
        TinyRun.train(dir, TinyRun.settings(3), listener, () -> false);
        Map<String, String> first = Metrics.rows(dir.resolve("metrics.csv")).get(0);
        assertThat(first)
                .containsEntry("step", "0")
                .containsEntry("loss", "")
                .containsEntry("valid_loss", began.get(0).toString())
                .containsEntry("valid_perplexity", Double.toString(Math.exp(began.get(0))));
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            Gpt2 network = TinyRun.network(manager);
            NDList all = TinyRun.VALID.batch(manager, new int[] {0, 1, 2, 3, 4});
            float[] losses =
                    network.losses(new ParameterStore(manager, false), all.get(0), all.get(1))
                            .toFloatArray();
            double sum = IntStream.range(0, losses.length).mapToDouble(i -> losses[i]).sum();
            assertThat(began).hasSize(1);
            assertThat(began.get(0)).isCloseTo(sum / losses.length, within(1e-6));
        }
    }

    @Test
    void threeHundredStepsAndEvaluationsLeaveNoArrayBehind(@TempDir Path dir) throws Exception {
        TrainingSettings longer =
                new TrainingSettings(
                        4,
                        2,
                        300,
                        0, // nothing improves, so nothing is saved
                        0,
                        Schedule.CONSTANT,
                        0,
                        0.01,
                        1,
                        5,
                        true,
                        1,
                        0,
                        1,
                        0,
                        TrainingSettings.Trained.ALL);
        List<Integer> arrays = new ArrayList<>();
        try (NDManager manager = NDManager.newBaseManager("PyTorch");
                RunFolder run = RunFolder.open(dir)) {
            Gpt2 network = TinyRun.network(manager);
            TrainingListener counter =
                    new TrainingListener() {
                        @Override
                        public void stepped(TrainingStep step, long maxSteps) {
                            arrays.add(manager.getManagedArrays().size());
                        }
                    };
            new FineTuner(
                            FolderCheckpointer.in(run, TinyRun.writer(network)),
                            TinyRun.TRAIN,
                            Optional.of(TinyRun.VALID),
                            longer,
                            counter,
                            () -> false)
                    .train();
        }
        assertThat(arrays).hasSize(300);
        assertThat(Set.copyOf(arrays)).hasSize(1);
    }
}
