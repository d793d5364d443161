package org.diagonal.eval.curve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.diagonal.eval.measure.accuracy.Labels;
import org.diagonal.eval.task.NetworkKind;
import org.diagonal.eval.trial.FakeTrials;
import org.diagonal.eval.trial.Trial;
import org.diagonal.plugin.identity.Arm;
import org.diagonal.templates.alphabet.SymbolKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ReferenceFiguresTest {

    private static final ReferenceFigures PAPER = ReferenceFigures.bundled();

    private static Optional<ReferenceFigures.Curve> find(
            String task, NetworkKind kind, int width, Arm arm) {
        TreeMap<String, Integer> sizes = new TreeMap<>(kind.sizes());
        sizes.put(NetworkKind.WIDTH, width);
        return PAPER.find(
                new Trial.Task(task, "0", Labels.REAL, Optional.empty()),
                new Trial.Network(kind, sizes, Optional.empty(), Optional.empty()),
                arm);
    }

    /** The headline figures: the first n below 0.1, or none. */
    @ParameterizedTest
    @CsvSource({
        "same-different, TEMPLATE_TRANSFORMER, 128, none, 2048",
        "same-different, TEMPLATE_TRANSFORMER, 128, qk, 64",
        "aba-abb, TEMPLATE_TRANSFORMER, 128, none, 2048",
        "aba-abb, TEMPLATE_TRANSFORMER, 128, qk, 32",
        "aba-abb, TEMPLATE_TRANSFORMER, 128, ov, 1024",
        "aba-abb, TEMPLATE_TRANSFORMER, 128, both, 64",
        "aba-abb, MLP, 256, none, 0",
        "aba-abb, MLP_XXT, 256, none, 2048",
        "aba-abb, RNN, 128, none, 0",
        "aba-abb, LSTM, 128, none, 0",
        "programs, TEMPLATE_TRANSFORMER, 128, none, 2048",
        "programs, TEMPLATE_TRANSFORMER, 128, qk, 64",
        "symbolic-programs, TEMPLATE_TRANSFORMER, 512, none, 0",
        "symbolic-programs, TEMPLATE_TRANSFORMER, 512, both, 8192",
        "majority-4, TEMPLATE_TRANSFORMER, 128, none, 8192",
        "majority-8, TEMPLATE_TRANSFORMER, 128, none, 0",
        "majority-2, TEMPLATE_TRANSFORMER, 128, both, 128",
        "majority-8, TEMPLATE_TRANSFORMER, 128, both, 8192",
        "copy, TEMPLATE_TRANSFORMER, 64, none, 64",
        "copy, TEMPLATE_TRANSFORMER, 1024, none, 1024",
        "copy, TEMPLATE_TRANSFORMER, 4096, none, 2048",
        "copy, TEMPLATE_TRANSFORMER, 1024, ov, 8",
        "copy, TEMPLATE_TRANSFORMER, 4096, ov, 16",
    })
    void headlinesFollowFromTheCurves(
            String task, NetworkKind kind, int width, Arm arm, int first) {
        assertThat(find(task, kind, width, arm).orElseThrow().firstBelow(0.1))
                .isEqualTo(first == 0 ? OptionalInt.empty() : OptionalInt.of(first));
    }

    @Test
    void whatThePaperDoesNotShowHasNoCurve() {
        assertThat(find("copy", NetworkKind.TEMPLATE_TRANSFORMER, 96, Arm.NONE)).isEmpty();
        assertThat(find("raven", NetworkKind.TEMPLATE_TRANSFORMER, 128, Arm.NONE)).isEmpty();
        assertThat(find("programs", NetworkKind.TEMPLATE_TRANSFORMER, 128, Arm.OV)).isEmpty();
    }

    @Test
    void attentionAloneStandsBesideThePapersTransformer() {
        ReferenceFigures.Curve curve =
                find("copy", NetworkKind.ATTENTION, 256, Arm.NONE).orElseThrow();
        Curve.Paper paper = Curve.Paper.of(curve);
        assertThat(paper.at(64).orElseThrow().mean()).isEqualTo(0.808);
        assertThat(
                        ReferenceFigures.others(
                                paper.sizes(), FakeTrials.network(NetworkKind.ATTENTION).sizes()))
                .isEqualTo("depth 2, mlp width 256, width 256");
    }

    @Test
    void otherSizesAreSaid() {
        Trial.Network ours = FakeTrials.network(NetworkKind.TEMPLATE_TRANSFORMER);
        ReferenceFigures.Curve curve =
                PAPER.find(
                                new Trial.Task(
                                        "symbolic-programs",
                                        "0",
                                        Labels.SYMBOLIC,
                                        Optional.empty()),
                                ours,
                                Arm.NONE)
                        .orElseThrow();
        assertThat(ReferenceFigures.others(curve.sizes(), ours.sizes()))
                .isEqualTo("depth 4, width 512");
        assertThat(curve.note().orElseThrow()).contains("32678");
        Curve.Paper paper = Curve.Paper.of(curve);
        assertThat(paper.at(32768).orElseThrow().n()).isEqualTo(32678);
        assertThat(paper.at(30000)).isEmpty();
    }

    @Test
    void aPretrainedGpt2IsToldFromOneFromScratch() {
        for (boolean pretrained : new boolean[] {true, false}) {
            Trial.Network gpt2 =
                    new Trial.Network(
                            NetworkKind.GPT2,
                            new TreeMap<>(),
                            Optional.of(
                                    new Trial.Weights("gpt2", "0", pretrained, SymbolKind.WORDS)),
                            Optional.empty());
            assertThat(
                            PAPER.find(FakeTrials.TASK, gpt2, Arm.NONE)
                                    .orElseThrow()
                                    .firstBelow(0.1)
                                    .isPresent())
                    .isEqualTo(pretrained);
        }
    }

    @Test
    void everyCurveRisesInNAndStaysInRange() {
        for (ReferenceFigures.Curve curve : PAPER.curves()) {
            assertThat(curve.points()).extracting(ReferenceFigures.Point::n).isSorted();
            assertThat(curve.points())
                    .allSatisfy(
                            point -> {
                                assertThat(point.value()).isBetween(0.0, 2.0);
                                assertThat(point.stderr()).isBetween(0.0, 1.0);
                            });
        }
    }

    /** Each curve is, number by number, one of the figure that it names. */
    @Test
    void pointsAreThoseOfTheFigures() throws IOException {
        Path file = Path.of(System.getProperty("diagonal.shared"), "paper/figures.json");
        assumeTrue(Files.exists(file), "no figures of the paper beside this checkout: " + file);
        JsonNode figures = new ObjectMapper().readTree(file.toFile()).path("figures");
        for (ReferenceFigures.Curve curve : PAPER.curves()) {
            List<List<ReferenceFigures.Point>> series =
                    StreamSupport.stream(
                                    figures.path(curve.figure()).path("series").spliterator(),
                                    false)
                            .map(ReferenceFiguresTest::points)
                            .toList();
            assertThat(series).as(curve.figure()).contains(curve.points());
        }
    }

    private static List<ReferenceFigures.Point> points(JsonNode series) {
        return StreamSupport.stream(series.path("points").spliterator(), false)
                .map(
                        point ->
                                new ReferenceFigures.Point(
                                        point.path(0).asInt(),
                                        point.path(1).asDouble(),
                                        point.path(2).asDouble()))
                .toList();
    }
}
