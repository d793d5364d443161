package org.diagonal.eval.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.diagonal.eval.curve.Curve;
import org.diagonal.eval.curve.CurvePlan;
import org.diagonal.eval.task.NetworkKind;
import org.diagonal.eval.trial.FakeTrials;
import org.diagonal.eval.trial.TemplateTrials;
import org.diagonal.eval.trial.Trial;
import org.diagonal.eval.trial.TrialOrder;
import org.diagonal.plugin.identity.Arm;
import org.diagonal.plugin.kernels.Precision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SweepPlanTest {

    private static SweepPlan plan(String text) throws IOException {
        return SweepPlan.of(SweepReader.parse("my.yaml", text, SweepScale.FULL), null);
    }

    /** The same settings are the same trial, whichever command asks for it. */
    @Test
    void aSweepOverNHasTheTrialsOfACurve() throws IOException {
        SweepPlan sweep =
                plan(
                        """
                        base: {task: aba-abb, arms: [none, qk], trials: 2, seed: 7}
                        grid: {n: [16, 64]}
                        """);
        NetworkKind kind = NetworkKind.TEMPLATE_TRANSFORMER;
        double lr = kind.learningRate();
        Curve.Settings settings =
                new Curve.Settings(
                        TemplateTrials.task("aba-abb"),
                        FakeTrials.network(kind),
                        7,
                        new Trial.Training(
                                1000, 1024, lr, kind.scalingsLearningRate(lr), Precision.F32),
                        CurvePlan.Samples.PAPER,
                        Optional.empty());
        CurvePlan curve = new CurvePlan(settings, List.of(Arm.NONE, Arm.QK), List.of(16, 64), 2);
        assertThat(SweepPlan.reported(sweep.cells()))
                .extracting(Trial::hash)
                .containsExactlyInAnyOrderElementsOf(
                        curve.all().stream().map(Trial::hash).toList());
    }

    @Test
    void everyTrialOfRandomTemplatesHasTemplatesOfItsOwn() throws IOException {
        SweepPlan plan =
                plan(
                        """
                        base: {task: random-templates, n: 64, k: 6, wildcards: 3, tokens: 1, trials: 6}
                        grid: {r: [3]}
                        """);
        Set<String> texts = new HashSet<>();
        for (Trial trial : SweepPlan.reported(plan.cells())) {
            assertThat(trial.task().name())
                    .isEqualTo(
                            "random-templates:r=3,k=6,wildcards=3,tokens=1,seed=" + trial.seed());
            texts.add(trial.task().text().orElseThrow().replaceAll("name: .*", ""));
        }
        assertThat(texts).hasSize(6);
    }

    @Test
    void tiedSettingsFollowTheirVariables() throws IOException {
        SweepPlan plan =
                plan(
                        """
                        base: {task: copy, n: 8, network: attention, arms: ov, trials: 1}
                        grid: {lr: [3e-3, 1e-3], heads: [2, 4]}
                        tie:  {scalings-lr: 10 * lr, head-width: 64 / heads}
                        figure: {x: lr, line: heads}
                        """);
        assertThat(SweepPlan.reported(plan.cells()))
                .allSatisfy(
                        trial -> {
                            assertThat(trial.network().sizes().get("heads"))
                                    .isEqualTo(64 / trial.network().sizes().get("head_width"));
                            assertThat(trial.training().scalingsLr())
                                    .isEqualTo(trial.training().lr() == 3e-3 ? 0.03 : 0.01);
                        });
    }

    /** float32 is not written, so that older trials keep their names. */
    @Test
    void precisionIsAnAxis() throws IOException {
        SweepPlan plan =
                plan(
                        """
                        base: {task: aba-abb, trials: 1}
                        grid: {n: [8], precision: [f32, bf16]}
                        figure: {x: n, line: precision}
                        """);
        List<Trial> trials = SweepPlan.reported(plan.cells());
        assertThat(trials)
                .extracting(trial -> trial.json().toString().contains("\"precision\""))
                .containsExactly(false, true);
    }

    @Test
    void networksWithoutHeadsHaveNoScalings() throws IOException {
        SweepPlan plan =
                plan(
                        """
                        base: {task: aba-abb, trials: 1}
                        grid: {network: [template-transformer, mlp], arms: [none, qk, head], n: [8]}
                        """);
        assertThat(plan.cells())
                .extracting(cell -> SweepPlan.words(cell.at()))
                .containsExactly(
                        "network template-transformer, arms none, n 8",
                        "network template-transformer, arms qk, n 8",
                        "network template-transformer, arms head, n 8",
                        "network mlp, arms none, n 8",
                        "network mlp, arms head, n 8");
    }

    @Test
    void anOrderHoldsAllThatATrialNeeds() throws IOException {
        SweepPlan plan =
                plan(
                        """
                        base: {task: random-templates, init: mimetic, alpha: 0.5, beta: 0.25, trials: 1}
                        grid: {n: [8], r: [2, 3]}
                        figure: {x: n, line: r}
                        """);
        for (Trial trial : SweepPlan.reported(plan.cells())) {
            String line = TrialOrder.line(trial);
            assertThat(line).doesNotContain("\n");
            assertThat(TrialOrder.parse(line)).isEqualTo(trial);
            assertThat(TrialOrder.parse(line).hash()).isEqualTo(trial.hash());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "[[", "caf\uFFFD", "[]", "null", "{\"trial\": {\"version\": 3}}"})
    void whatIsNoOrderIsRefusedInALine(String line) {
        assertThatThrownBy(() -> TrialOrder.parse(line))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContainingAny("\n", "Optional[", "Stream");
    }

    @Test
    void aTrialThatIsNoObjectIsSaidToNeedOne() {
        assertThatThrownBy(() -> TrialOrder.parse("{\"trial\": 5}"))
                .hasMessageContaining("key trial: expected an object");
    }
}
