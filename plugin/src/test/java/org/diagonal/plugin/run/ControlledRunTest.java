package org.diagonal.plugin.run;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.diagonal.plugin.checkpoint.TensorType;
import org.diagonal.plugin.control.Controls;
import org.diagonal.plugin.finetune.ArrayExamples;
import org.diagonal.plugin.finetune.FineTuner;
import org.diagonal.plugin.finetune.TrainingListener;
import org.diagonal.plugin.finetune.TrainingResult;
import org.diagonal.plugin.finetune.TrainingSettings;
import org.diagonal.plugin.finetune.TrainingSettings.Trained;
import org.diagonal.plugin.identity.Arm;
import org.diagonal.plugin.identity.IdentityScalings;
import org.diagonal.plugin.network.Network;
import org.diagonal.plugin.small.SmallNetwork;
import org.diagonal.plugin.small.TemplateTransformer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A training with a control goes on to the same bytes, wherever it stopped. */
class ControlledRunTest {

    private static final int STEPS = 12;

    private static Network network(Arm arm, NDManager manager) {
        IdentityScalings scalings = IdentityScalings.of(arm, false);
        SmallNetwork network =
                SmallNetwork.fresh(
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
                                scalings.wkwqIdMult(),
                                scalings.wvwoIdMult(),
                                false,
                                scalings.permuteWkwq()),
                        7,
                        manager);
        return Controls.on(arm.control(), network, 7);
    }

    private static ArrayExamples examples(NDManager owner) {
        long[][] ids = new long[20][];
        float[] labels = new float[20];
        for (int i = 0; i < 20; i++) {
            ids[i] = new long[] {i, (i * 7) % 20};
            labels[i] = i % 3 - 1;
        }
        return ArrayExamples.of(owner, ids, labels);
    }

    private static TrainingResult.Outcome run(Arm arm, Trained trained, Path folder, int until)
            throws IOException {
        AtomicInteger done = new AtomicInteger();
        try (NDManager manager = NDManager.newBaseManager("PyTorch");
                RunFolder run = RunFolder.open(folder)) {
            if (!Files.exists(folder.resolve(RunFolder.RUN))) {
                run.begin("{}");
            }
            ModelWriter writer =
                    new ModelWriter(
                            network(arm, manager),
                            Optional.empty(),
                            Optional.empty(),
                            TensorType.F32,
                            Optional.empty());
            TrainingSettings settings =
                    TrainingSettings.DEFAULTS
                            .withMaxSteps(STEPS)
                            .withBatchSize(8)
                            .withLr(0.01)
                            .withScalingsLr(0.02)
                            .withEvalEvery(4)
                            .withTrained(trained)
                            .withSeed(5);
            return new FineTuner(
                            FolderCheckpointer.in(run, writer),
                            examples(manager),
                            Optional.of(examples(manager)),
                            settings,
                            new TrainingListener() {},
                            () -> done.incrementAndGet() > until)
                    .train()
                    .outcome();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "temperature, ALL",
        "temperature, SCALINGS",
        "lora-2, ALL",
        "lora-2, SCALINGS",
        "fixed-0.2, ALL",
        "permuted, SCALINGS",
        "head, ALL",
        "head, SCALINGS"
    })
    void anInterruptedTrainingEndsWithTheSameBytes(
            String name, Trained trained, @TempDir Path whole, @TempDir Path parts)
            throws IOException {
        Arm arm = Arm.named(name);
        assertThat(run(arm, trained, whole, Integer.MAX_VALUE))
                .isEqualTo(TrainingResult.Outcome.FINISHED);
        assertThat(run(arm, trained, parts, 9)).isEqualTo(TrainingResult.Outcome.INTERRUPTED);
        assertThat(run(arm, trained, parts, Integer.MAX_VALUE))
                .isEqualTo(TrainingResult.Outcome.FINISHED);
        assertThat(parts.resolve("model.safetensors"))
                .hasSameBinaryContentAs(whole.resolve("model.safetensors"));
        Path control = whole.resolve("control.safetensors");
        if (Files.exists(control)) {
            assertThat(parts.resolve("control.safetensors")).hasSameBinaryContentAs(control);
        }
        assertThat(Files.exists(control)).isEqualTo(name.startsWith("l") || name.startsWith("t"));
    }
}
