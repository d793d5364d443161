package org.diagonal.plugin.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.diagonal.plugin.checkpoint.TensorType;
import org.diagonal.plugin.finetune.ArrayExamples;
import org.diagonal.plugin.finetune.Checkpointer;
import org.diagonal.plugin.finetune.FineTuner;
import org.diagonal.plugin.finetune.Schedule;
import org.diagonal.plugin.finetune.TrainingListener;
import org.diagonal.plugin.finetune.TrainingResult;
import org.diagonal.plugin.finetune.TrainingSettings;
import org.diagonal.plugin.finetune.TrainingStep;
import org.diagonal.plugin.small.SmallNetwork;
import org.diagonal.plugin.small.TemplateTransformer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small network on a template task: what is kept in memory is what a folder would hold. */
class CheckpointerTest {

    private static TrainingSettings settings(int steps, double lr) {
        return TrainingSettings.DEFAULTS
                .withMaxSteps(steps)
                .withLr(lr)
                .withScalingsLr(lr)
                .withSchedule(Schedule.CONSTANT)
                .withWeightDecay(0)
                .withClip(0)
                .withSeed(5)
                .withEvalEvery(3)
                .withKeep(1);
    }

    private static SmallNetwork network(NDManager manager) {
        return SmallNetwork.fresh(
                new TemplateTransformer(
                        2,
                        40,
                        1,
                        16,
                        2,
                        2,
                        8,
                        16,
                        TemplateTransformer.Pool.CLS,
                        1,
                        1,
                        false,
                        false),
                7,
                manager);
    }

    /** Same or different, of ids from a range. */
    private static ArrayExamples examples(NDManager owner, int from, int count) {
        long[][] ids = new long[count][];
        float[] labels = new float[count];
        for (int i = 0; i < count; i++) {
            boolean same = i % 2 == 0;
            ids[i] = new long[] {from + i % 10, from + (same ? i : i + 3) % 10};
            labels[i] = same ? 1 : -1;
        }
        return ArrayExamples.of(owner, ids, labels);
    }

    private static TrainingResult train(
            NDManager manager, Checkpointer keeping, TrainingSettings settings, List<Double> losses)
            throws IOException {
        TrainingListener listener =
                new TrainingListener() {
                    @Override
                    public void stepped(TrainingStep step, long maxSteps) {
                        step.validLoss().ifPresent(losses::add);
                    }
                };
        return new FineTuner(
                        keeping,
                        examples(manager, 0, 20),
                        Optional.of(examples(manager, 20, 10)),
                        settings,
                        listener,
                        () -> false)
                .train();
    }

    @Test
    void memoryKeepsTheBestThatAFolderKeeps(@TempDir Path dir) throws IOException {
        try (NDManager manager = NDManager.newBaseManager("PyTorch");
                RunFolder run = RunFolder.open(dir)) {
            TrainingSettings settings = settings(60, 0.02);
            SmallNetwork inMemory = network(manager);
            TrainingResult result =
                    train(manager, Checkpointer.inMemory(inMemory), settings, new ArrayList<>());
            assertThat(result.bestStep().orElseThrow()).isLessThan(60);

            ModelWriter writer =
                    new ModelWriter(
                            network(manager),
                            Optional.empty(),
                            Optional.empty(),
                            TensorType.F32,
                            Optional.empty());
            assertThat(
                            train(
                                    manager,
                                    FolderCheckpointer.in(run, writer),
                                    settings,
                                    new ArrayList<>()))
                    .isEqualTo(result);
            SmallNetwork best = SmallNetwork.load(dir, manager);
            best.parameters()
                    .forEach(
                            (name, parameter) ->
                                    assertThat(
                                                    inMemory.parameters()
                                                            .get(name)
                                                            .getArray()
                                                            .toFloatArray())
                                            .as(name)
                                            .isEqualTo(parameter.getArray().toFloatArray()));
        }
    }

    @Test
    void theBestIsTheBestOfAllEvaluations() throws IOException {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            SmallNetwork network = network(manager);
            List<Double> losses = new ArrayList<>();
            TrainingResult result =
                    train(manager, Checkpointer.inMemory(network), settings(60, 0.02), losses);
            double best = losses.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
            assertThat(losses).hasSize(20);
            assertThat(result.bestLoss().orElseThrow()).isEqualTo(best);
            NDList all =
                    examples(manager, 20, 10)
                            .batch(manager, new int[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
            double sum = 0;
            for (float loss :
                    network.losses(new ParameterStore(manager, false), all.get(0), all.get(1))
                            .toFloatArray()) {
                sum += loss;
            }
            assertThat(sum / 10).isCloseTo(best, org.assertj.core.data.Offset.offset(1e-6));
        }
    }

    @Test
    void trainingsInMemoryLeaveNoArrayBehind() throws IOException {
        List<Integer> arrays = new ArrayList<>();
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            SmallNetwork network = network(manager);
            for (int i = 0; i < 3; i++) {
                try (NDManager data = manager.newSubManager()) {
                    train(
                            data,
                            Checkpointer.inMemory(network),
                            settings(9, 1e-3),
                            new ArrayList<>());
                }
                arrays.add(manager.getManagedArrays().size());
            }
        }
        assertThat(Set.copyOf(arrays)).hasSize(1);
    }

    @Test
    void metricsOfSquaredErrorsHaveNoPerplexity(@TempDir Path dir) throws IOException {
        try (NDManager manager = NDManager.newBaseManager("PyTorch");
                RunFolder run = RunFolder.open(dir)) {
            ModelWriter writer =
                    new ModelWriter(
                            network(manager),
                            Optional.empty(),
                            Optional.empty(),
                            TensorType.F32,
                            Optional.empty());
            train(
                    manager,
                    FolderCheckpointer.in(run, writer),
                    settings(3, 1e-3),
                    new ArrayList<>());
        }
        String[] last =
                java.nio.file.Files.readAllLines(dir.resolve("metrics.csv")).get(4).split(",", -1);
        assertThat(last[6]).isNotEmpty();
        assertThat(last[7]).isEmpty();
    }

    @Test
    void batchesAreTheRowsAskedForInTheirOrder() {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            ArrayExamples examples =
                    ArrayExamples.of(
                            manager,
                            new long[][] {{1, 2}, {3, 4}, {5, 6}},
                            new long[][] {{-100, 7}, {8, 9}, {-100, 10}});
            assertThat(examples.targets(1)).isEqualTo(2);
            assertThat(examples.targets(2)).isEqualTo(1);
            try (NDManager step = manager.newSubManager()) {
                manager.cap();
                assertThat(examples.batch(step, new int[] {2, 0}).get(0).toLongArray())
                        .containsExactly(5, 6, 1, 2);
                assertThat(examples.batch(step, new int[] {2, 0}).get(1).toLongArray())
                        .containsExactly(-100, 10, -100, 7);
                assertThat(examples.batch(step, new int[] {0, 1, 2}).get(0).toLongArray())
                        .containsExactly(1, 2, 3, 4, 5, 6);
                assertThat(examples.batch(step, new int[] {1, 0, 2}).get(0).toLongArray())
                        .containsExactly(3, 4, 1, 2, 5, 6);
            }
        }
    }

    @Test
    void rowsThatDoNotFitAreRefused() {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            assertThatThrownBy(
                            () ->
                                    ArrayExamples.of(
                                            manager,
                                            new long[][] {{1, 2}, {3}},
                                            new float[] {1, 2}))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("example 1 has 1");
            assertThatThrownBy(
                            () ->
                                    ArrayExamples.of(
                                            manager,
                                            new long[][] {{1, 2}},
                                            new long[][] {{-100, -100}}))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("no scored target");
        }
    }
}
