package org.diagonal.eval.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.diagonal.eval.curve.Curve;
import org.diagonal.eval.curve.CurvePlan;
import org.diagonal.eval.task.NetworkKind;
import org.diagonal.plugin.identity.Arm;
import org.diagonal.plugin.kernels.Precision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trials of curves that were made before trials carried their task's text. */
final class OlderTrialTest {

    @TempDir Path work;

    private static Trial trial() throws IOException {
        Curve.Settings settings =
                new Curve.Settings(
                        TemplateTrials.task("aba-abb"),
                        FakeTrials.network(NetworkKind.TEMPLATE_TRANSFORMER),
                        1000,
                        new Trial.Training(1000, 1024, 3e-3, 3e-2, Precision.F32),
                        CurvePlan.Samples.PAPER,
                        Optional.empty());
        return new CurvePlan(settings, List.of(Arm.NONE, Arm.QK), List.of(64), 3)
                .trial(Arm.QK, 64, 1);
    }

    /** printf '%s' '{"version":2,…}' | sha256sum | cut -c1-16 */
    @Test
    void theTextOfATaskDoesNotChangeTheNameOfATrial() throws IOException {
        assertThat(trial().task().text()).isPresent();
        assertThat(trial().hash()).isEqualTo("572f6563b16b2cc9");
        assertThat(trial().json().toString()).doesNotContain("text");
    }

    @Test
    void aFileOfVersionOneIsRead() throws IOException {
        Trial trial = trial();
        TrialResult result = FakeTrials.result(trial);
        String text = TrialFile.text(trial, result);
        String older =
                text.replaceFirst("\"version\" : 2,", "\"version\" : 1,")
                        .replaceFirst(" *\"task_text\" : .*\n", "");
        assertThat(older).doesNotContain("task_text", "train_loss").contains("\"version\" : 1,");
        Files.writeString(TrialFile.of(work, trial), older);
        assertThat(TrialFile.read(work, trial)).contains(result);
    }

    @Test
    void aTextOfAnotherTaskIsRefused() throws IOException {
        Trial.Task task = TemplateTrials.task("aba-abb");
        Trial.Task other = task.withText(TemplateTrials.task("aabb-abab").text());
        assertThatThrownBy(() -> TemplateTrials.open(other))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "the text of task aba-abb is another task: expected SHA-256 ");
        assertThat(TemplateTrials.open(task).name()).isEqualTo("aba-abb");
    }
}
