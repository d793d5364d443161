package org.diagonal.plugin.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.diagonal.plugin.checkpoint.TensorType;
import org.diagonal.plugin.finetune.FineTuner;
import org.diagonal.plugin.finetune.Schedule;
import org.diagonal.plugin.finetune.Stepper;
import org.diagonal.plugin.finetune.TrainingListener;
import org.diagonal.plugin.finetune.TrainingSettings;
import org.diagonal.plugin.finetune.TrainingStep;
import org.diagonal.plugin.gpt2.Gpt2;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.identity.IdentityScalings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StepperTest {

    private static final int STEPS = 5;
    private static final IdExamples TRAIN = IdExamples.counting(6, 12, 20);

    private static TrainingSettings settings(TrainingSettings.Trained trained) {
        return new TrainingSettings(
                2, 2, STEPS, 3e-3, 1e-2, Schedule.LINEAR, 2, 0.01, 1, 5, true, 0, 0, 1, 0, trained);
    }

    private static Gpt2 network(NDManager manager, IdentityScalings scalings) {
        Engine.getEngine("PyTorch").setRandomSeed(11);
        Gpt2 network = new Gpt2(Gpt2Config.fresh(20, 16, 16, 2, 2).withScalings(scalings));
        network.initialize(manager);
        return network;
    }

    @Test
    void stepsAloneAreTheStepsOfATraining(@TempDir Path dir) throws IOException {
        TrainingSettings settings = settings(TrainingSettings.Trained.ALL);
        IdentityScalings both = new IdentityScalings(1, 1, true);
        try (NDManager manager = NDManager.newBaseManager("PyTorch");
                RunFolder run = RunFolder.open(dir)) {
            Gpt2 trained = network(manager, both);
            List<TrainingStep> told = new ArrayList<>();
            new FineTuner(
                            FolderCheckpointer.in(
                                    run,
                                    new ModelWriter(
                                            trained,
                                            Optional.empty(),
                                            Optional.empty(),
                                            TensorType.F32,
                                            Optional.empty())),
                            TRAIN,
                            Optional.empty(),
                            settings,
                            new TrainingListener() {
                                @Override
                                public void stepped(TrainingStep step, long maxSteps) {
                                    told.add(step);
                                }
                            },
                            () -> false)
                    .train();

            Gpt2 stepped = network(manager, both);
            try (Stepper stepper = new Stepper(stepped, TRAIN, settings)) {
                for (int i = 0; i < STEPS; i++) {
                    Stepper.Outcome outcome = stepper.step(i);
                    assertThat(outcome.loss()).isEqualTo(told.get(i).loss());
                    assertThat(outcome.gradNorm()).isEqualTo(told.get(i).gradNorm());
                    assertThat(outcome.lr()).isEqualTo(told.get(i).lr());
                    assertThat(outcome.optimizerSeconds()).isBetween(0.0, outcome.seconds());
                }
            }
            trained.parameters()
                    .forEach(
                            (name, parameter) ->
                                    assertThat(
                                                    stepped.parameters()
                                                            .get(name)
                                                            .getArray()
                                                            .toFloatArray())
                                            .as(name)
                                            .isEqualTo(parameter.getArray().toFloatArray()));
        }
    }

    @Test
    void scalingsAloneNeedScalings() {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            Gpt2 plain = network(manager, IdentityScalings.NONE);
            assertThatThrownBy(
                            () ->
                                    new Stepper(
                                            plain,
                                            TRAIN,
                                            settings(TrainingSettings.Trained.SCALINGS)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("this network has none");
        }
    }
}
