package org.diagonal.eval.curve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeSet;
import org.diagonal.eval.measure.MeasuredModel;
import org.diagonal.eval.measure.accuracy.Labels;
import org.diagonal.eval.measure.accuracy.RealTally;
import org.diagonal.eval.measure.accuracy.TaskEvaluation;
import org.diagonal.eval.measure.accuracy.TaskEvaluation.Subject;
import org.diagonal.eval.measure.accuracy.TaskEvaluation.Symbols;
import org.diagonal.eval.report.page.TextWriter;
import org.diagonal.eval.task.NetworkKind;
import org.diagonal.eval.trial.FakeTrials;
import org.diagonal.eval.trial.Trial;
import org.diagonal.eval.trial.TrialResult;
import org.diagonal.plugin.identity.Arm;
import org.diagonal.plugin.kernels.Precision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CurvePageTest {

    private static TaskEvaluation evaluation(Symbols symbols, double off) {
        RealTally tally = new RealTally(new TreeSet<>(List.of(-1.0, 1.0)));
        for (int i = 0; i < 100; i++) {
            tally.add("string " + i, 1 - off * (i % 4), 1, 1);
        }
        return tally.evaluation(new Subject("aba-abb", "abcd", symbols, MeasuredModel.of("fake")));
    }

    private static TrialResult trial(double off) {
        return new TrialResult(
                5,
                off,
                OptionalDouble.empty(),
                evaluation(Symbols.UNSEEN, off),
                evaluation(Symbols.SEEN, 0),
                12.5,
                Map.of());
    }

    private static String text(
            String task, NetworkKind kind, List<Arm> arms, int trials, int... n) {
        Curve.Settings settings =
                new Curve.Settings(
                        new Trial.Task(task, "abcd", Labels.REAL, Optional.empty()),
                        FakeTrials.network(kind),
                        42,
                        new Trial.Training(1000, 1024, 1e-3, 1e-2, Precision.F32),
                        CurvePlan.Samples.PAPER,
                        Optional.empty());
        List<Integer> sizes = java.util.Arrays.stream(n).boxed().toList();
        CurvePlan plan = new CurvePlan(settings, arms, sizes, trials);
        Map<Trial, TrialResult> results = new HashMap<>();
        for (int size : n) {
            for (Arm arm : arms) {
                for (int i = 0; i < trials; i++) {
                    results.put(
                            plan.trial(arm, size, i),
                            trial((arm.equals(Arm.NONE) ? 10.0 : 2.0) / size + 0.01 * i));
                }
            }
        }
        Curve curve = Curve.of(plan, results, ReferenceFigures.bundled());
        StringWriter text = new StringWriter();
        TextWriter.write(CurvePage.of(curve, "aba"), new PrintWriter(text));
        assertThat(text.toString().lines())
                .allSatisfy(line -> assertThat(line).hasSizeLessThan(81));
        return text.toString();
    }

    @Test
    void fourArmsAndThePapersStandBesideEachOtherWithTheirErrors() {
        String text =
                text("aba-abb", NetworkKind.TEMPLATE_TRANSFORMER, Arm.OF_PAPER, 3, 16, 64, 1024);
        assertThat(text)
                .startsWith(
                        """
                        template-transformer on aba-abb: qk, ov, both against none
                        With none, test loss falls below 0.1 at n = 64; with qk, ov and both it is below
                        0.1 at n = 16 already.
                        In the paper it gets there at n = 2048 with none, at n = 32 with qk, at n = 1024
                        with ov, at n = 64 with both.
                        At n = 1024, test loss less that of none: qk -0.001 (95 % interval -0.002 to
                        +0.000), ov -0.001 (-0.002 to +0.000), both -0.001 (-0.002 to +0.000).
                        Means of 3 trials, seeds 42 to 44.
                        """)
                .contains(
                        """
                        Test loss on unseen symbols, mean ± standard error
                        n           none       paper          qk       paper          ov       paper
                        ────────────────────────────────────────────────────────────────────────────
                        16    1.412±.026  1.032±.044  0.064±.005  0.631±.162  0.064±.005  0.969±.036
                        """)
                .contains(
                        """
                        Arm   First n, ours  First n, paper  Accuracy unseen    Low   High   Seen   Time
                        """)
                .contains(
                        """
                        Paper: Fig. 21 (diff_architectures_gotu) of arXiv 2310.09753, figs at commit
                        35a75ac.
                        """)
                .contains("Means of 3 trials, seeds 42 to 44.", "depth 2, head width 64, heads 16");
    }

    @Test
    void widerTablesAreBroken() {
        String text =
                text("aba-abb", NetworkKind.TEMPLATE_TRANSFORMER, Arm.OF_PAPER, 3, 16, 131072);
        assertThat(text.lines().filter(line -> line.startsWith("n  "))).hasSize(2);
    }

    @Test
    void whatThePaperDoesNotShowHasNoColumn() {
        String text = text("raven", NetworkKind.MLP, List.of(Arm.NONE), 1, 16, 64);
        assertThat(text)
                .contains("n    none\n")
                .contains("The paper has no such curve.\n", "One trial of each point, seed 42.")
                .doesNotContain("±", "paper\n");
    }

    /** What was written by this version is, read and written again, the same bytes. */
    @ParameterizedTest
    @ValueSource(strings = {"aba-abb", "copy-attention-64", "mlp", "mlp-xxt", "programs"})
    void committedCurvesAreTheRecord(String name) throws IOException {
        Path folder = Path.of(System.getProperty("diagonal.root"), "reports/curves", name);
        assertThat(Curve.FORM.text(Curve.FORM.read(folder)))
                .isEqualTo(Files.readString(folder.resolve("curve.json")));
    }
}
