package org.diagonal.eval.curve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.diagonal.eval.measure.accuracy.Labels;
import org.diagonal.eval.measure.accuracy.RealTally;
import org.diagonal.eval.measure.accuracy.TaskEvaluation;
import org.diagonal.eval.measure.accuracy.TaskEvaluation.Subject;
import org.diagonal.eval.measure.accuracy.TaskEvaluation.Symbols;
import org.diagonal.eval.task.NetworkKind;
import org.diagonal.plugin.identity.Arm;
import org.junit.jupiter.api.Test;

final class CurveTextTest {

    private static TaskEvaluation evaluation(Symbols symbols, double off) {
        RealTally tally = new RealTally(new TreeSet<>(List.of(-1.0, 1.0)));
        for (int i = 0; i < 100; i++) {
            tally.add("string " + i, 1 - off * (i % 4), 1, 1);
        }
        return tally.evaluation(new Subject("aba-abb", "abcd", symbols, "fake"));
    }

    private static TrialResult trial(double off) {
        return new TrialResult(
                5,
                off,
                evaluation(Symbols.UNSEEN, off),
                evaluation(Symbols.SEEN, 0),
                12.5,
                Map.of());
    }

    private static String text(
            String task, NetworkKind kind, List<Arm> arms, int trials, int... n) {
        CurvePlan plan =
                new CurvePlan(
                        new Trial.Task(task, "abcd", Labels.REAL),
                        Trial.Network.of(kind),
                        arms,
                        java.util.Arrays.stream(n).boxed().toList(),
                        trials,
                        42,
                        new Trial.Training(1000, 1024, 1e-3, 1e-2),
                        CurvePlan.Samples.PAPER);
        List<CurveResult.Point> points = new ArrayList<>();
        for (int size : n) {
            for (Arm arm : arms) {
                List<TrialResult> results = new ArrayList<>();
                for (int i = 0; i < trials; i++) {
                    results.add(trial((arm == Arm.NONE ? 10.0 : 2.0) / size + 0.01 * i));
                }
                points.add(new CurveResult.Point(arm, size, results));
            }
        }
        StringWriter text = new StringWriter();
        CurveText.write(
                new CurveResult(plan, points),
                ReferenceFigures.bundled(),
                Path.of("runs/aba"),
                new PrintWriter(text));
        assertThat(text.toString().lines())
                .allSatisfy(line -> assertThat(line).hasSizeLessThan(81));
        return text.toString();
    }

    @Test
    void fourArmsAndThePapersStandBesideEachOtherWithTheirErrors() {
        String text =
                text(
                        "aba-abb",
                        NetworkKind.TEMPLATE_TRANSFORMER,
                        List.of(Arm.values()),
                        3,
                        16,
                        64,
                        1024);
        assertThat(text)
                .isEqualTo(
                        """
                        Test loss on aba-abb, unseen symbols, by training samples n

                        n           none       paper          qk       paper
                        ────────────────────────────────────────────────────
                          16  1.412±.026  1.032±.044  0.064±.005  0.631±.162
                          64  0.097±.007  1.004±.053  0.006±.002  0.038±.036
                        1024  0.002±.001  0.125±.060  0.001±.000  0.002±.001

                        n             ov       paper        both       paper
                        ────────────────────────────────────────────────────
                          16  0.064±.005  0.969±.036  0.064±.005  0.467±.180
                          64  0.006±.002  0.977±.056  0.006±.002  0.013±.006
                        1024  0.001±.000  0.002±.001  0.001±.000  0.025±.015

                        Arm   First n  Paper  Right unseen      95 % interval  Right seen   Time
                        ────────────────────────────────────────────────────────────────────────
                        none       64   2048       100.0 %  96.3 % to 100.0 %     100.0 %  113 s
                        qk         16     32       100.0 %  96.3 % to 100.0 %     100.0 %  113 s
                        ov         16   1024       100.0 %  96.3 % to 100.0 %     100.0 %  113 s
                        both       16     64       100.0 %  96.3 % to 100.0 %     100.0 %  113 s

                        Figures   mean ± standard error of 3 trials, seeds 42 to 44; the epoch that is
                                  best on validation counts
                        First n   the first whose mean is below 0.1
                        Right     answers nearest to the right label at n = 1024; mean of the trials,
                                  interval over trials and strings
                        Network   template-transformer: depth 2, head width 64, heads 16, mlp width 256,
                                  width 128
                        Training  Adam, 1000 epochs, batches of 1024, learning rate 0.001, of scalings
                                  0.01
                        Paper     Fig. 21 (diff_architectures_gotu) of arXiv 2310.09753, figs at commit
                                  35a75ac: four other runs of the same settings had 0.125, 0.081, 0.103
                                  and 0.196 at n = 1024
                        Results in runs/aba
                        """);
    }

    @Test
    void widerTablesAreBroken() {
        String text =
                text(
                        "aba-abb",
                        NetworkKind.TEMPLATE_TRANSFORMER,
                        List.of(Arm.values()),
                        3,
                        16,
                        131072);
        assertThat(text.lines().filter(line -> line.startsWith("n  "))).hasSize(2);
    }

    @Test
    void whatThePaperDoesNotShowHasNoColumn() {
        String text = text("raven", NetworkKind.MLP, List.of(Arm.NONE), 1, 16, 64);
        assertThat(text)
                .contains("n    none\n")
                .contains("Paper     has no such curve\n", "one trial, seed 42")
                .doesNotContain("±", "paper\n");
    }
}
