package org.diagonal.eval.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.diagonal.eval.Chromium;
import org.diagonal.eval.curve.CurveJob;
import org.diagonal.eval.report.page.HtmlWriter;
import org.diagonal.eval.trial.FakeTrials;
import org.diagonal.eval.trial.Shard;
import org.diagonal.eval.trial.Trial;
import org.diagonal.eval.trial.TrialRunner;
import org.diagonal.plugin.finetune.TrainingDivergedException;
import org.diagonal.plugin.identity.Arm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SweepJobTest {

    private static final String TEXT =
            """
            title: Rate and heads
            base:   {task: aba-abb, n: 16, trials: 3, seed: 0, test-n: 4}
            grid:   {arms: [none, qk], lr: [1e-3, 3e-3], heads: [1, 4]}
            select: {over: lr, per: arms, seeds: [7, 8]}
            figure: {x: heads, line: arms, paper: transformer_lr_numheads_1_n512}
            """;

    @TempDir Path work;

    private SweepJob job(String text, Shard shard) throws IOException {
        Path file = Files.writeString(work.resolve("my.yaml"), text);
        return SweepJob.of(
                file.toString(),
                SweepScale.FULL,
                (model, pretrained, symbols) -> {
                    throw new AssertionError("no GPT-2 is asked for");
                },
                shard,
                false);
    }

    private Optional<SweepJob.Outcome> run(String text, Shard shard, TrialRunner runner)
            throws IOException {
        Path out = work.resolve("out");
        FakeTrials.Quiet quiet = new FakeTrials.Quiet();
        return job(text, shard).run(out, batch -> batch.run(out, runner, quiet), quiet);
    }

    @Test
    void chosenValuesAloneAreReported() throws IOException {
        FakeTrials trials = new FakeTrials();
        Sweep sweep = run(TEXT, Shard.WHOLE, trials).orElseThrow().sweep().orElseThrow();
        assertThat(trials.run).hasSize(8 * 2 + 4 * 3);
        assertThat(sweep.points()).hasSize(4);
        assertThat(sweep.selection().orElseThrow().choices())
                .extracting(Sweep.Choice::best)
                .containsExactly("0.001", "0.001"); // a tie goes to the first
        assertThat(Sweep.FORM.read(work.resolve("out"))).isEqualTo(sweep);
        assertThat(Files.readAllLines(work.resolve("out/points.csv"))).hasSize(1 + 4);
        assertThat(Files.readAllLines(work.resolve("out/trials.csv"))).hasSize(1 + 16 + 12);
        assertThat(Files.readString(work.resolve("out/figures/test.svg")))
                .contains("xmlns=\"http://www.w3.org/2000/svg\"");
    }

    @Test
    void whatIsFinishedIsNotRunAgain() throws IOException {
        FakeTrials first = new FakeTrials();
        int[] left = {5};
        assertThat(
                        run(
                                TEXT,
                                Shard.WHOLE,
                                (trial, stop) ->
                                        left[0]-- > 0 ? first.run(trial, stop) : Optional.empty()))
                .isEmpty();
        FakeTrials second = new FakeTrials();
        assertThat(run(TEXT, Shard.WHOLE, second)).isPresent();
        assertThat(second.run).hasSize(28 - 5).doesNotContainAnyElementsOf(first.run);
        FakeTrials third = new FakeTrials();
        assertThat(run(TEXT.replace("trials: 3", "trials: 4"), Shard.WHOLE, third)).isPresent();
        assertThat(third.run).extracting(Trial::seed).containsOnly(3L).hasSize(4);
    }

    @Test
    void shardsChooseTogether() throws IOException {
        SweepJob.Outcome one = run(TEXT, new Shard(1, 2), new FakeTrials()).orElseThrow();
        assertThat(one).isEqualTo(new SweepJob.Outcome(16, 8, true, Optional.empty()));
        SweepJob.Outcome two = run(TEXT, new Shard(2, 2), new FakeTrials()).orElseThrow();
        assertThat(two).isEqualTo(new SweepJob.Outcome(12, 6, false, Optional.empty()));
        assertThat(run(TEXT, new Shard(1, 2), new FakeTrials()).orElseThrow().sweep()).isPresent();
    }

    @Test
    void aFolderWithSomethingElseIsRefusedAndStaysAsItIs() throws IOException {
        run(TEXT, Shard.WHOLE, new FakeTrials());
        for (String other :
                List.of(
                        TEXT.replace("n: 16,", "n: 17,"),
                        TEXT.replace("heads: [1, 4]", "depth: [1, 4]")
                                .replace("x: heads", "x: depth"))) {
            assertThatThrownBy(() -> run(other, Shard.WHOLE, new FakeTrials()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("holds another sweep, with")
                    .hasMessageNotContaining("\n");
        }
        Path curve = Files.createDirectories(work.resolve("curve"));
        Files.writeString(curve.resolve("curve.json"), "{}");
        assertThatThrownBy(() -> job(TEXT, Shard.WHOLE).check(curve))
                .hasMessage(
                        curve
                                + ": holds a curve.json, and cannot become a sweep; choose another"
                                + " folder");
        try (Stream<Path> files = Files.list(curve)) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void aSweepDoesNotBecomeACurve() throws IOException {
        run(TEXT, Shard.WHOLE, new FakeTrials());
        Path out = work.resolve("out");
        CurveJob curve =
                new CurveJob(
                        FakeTrials.plan(List.of(Arm.NONE, Arm.QK), List.of(4), 1),
                        Shard.WHOLE,
                        false);
        assertThatThrownBy(() -> curve.run(out, FakeTrials.here(out, new FakeTrials())))
                .hasMessage(
                        out
                                + ": holds a sweep.json, and cannot become a curve; choose another"
                                + " folder");
    }

    /** A seed has one loss, the mean over the combinations: these are no further trainings. */
    @Test
    void aChoiceHasALossForEachSeedAndAPlanKnowsIt() throws IOException {
        Sweep sweep = run(TEXT, Shard.WHOLE, new FakeTrials()).orElseThrow().sweep().orElseThrow();
        assertThat(sweep.selection().orElseThrow().choices())
                .flatExtracting(Sweep.Choice::tried)
                .allMatch(tried -> tried.valid().values().size() == 2);
        assertThat(job(TEXT, Shard.WHOLE).planned(Optional.of(work.resolve("out"))).phases())
                .allMatch(phase -> phase.finished() == phase.trials());
        String html = HtmlWriter.write(List.of(SweepPage.of(sweep, "sweep")));
        assertThat(html).contains("The figure shows the chosen values alone", "paired by seed");
    }

    /** Two rates, two arms: as many values as choices, and yet all are shown. */
    @Test
    void aFigureOverTheChosenAxisSaysThatItShowsAllValues() throws IOException {
        String text =
                TEXT.replace(", heads: [1, 4]", "")
                        .replace("x: heads, line: arms", "x: lr, line: arms");
        Sweep sweep = run(text, Shard.WHOLE, new FakeTrials()).orElseThrow().sweep().orElseThrow();
        assertThat(HtmlWriter.write(List.of(SweepPage.of(sweep, "sweep"))))
                .contains("The figure shows all values");
    }

    @Test
    void aTrialThatDivergesIsNamedAfterTheOthersWereTrained() {
        FakeTrials others = new FakeTrials();
        TrialRunner runner =
                (trial, stop) -> {
                    if (trial.training().lr() > 0.002 && trial.seed() == 7) {
                        throw new TrainingDivergedException(
                                        "the loss was not finite", "none is left")
                                .of(trial.words());
                    }
                    return others.run(trial, stop);
                };
        assertThatThrownBy(() -> run(TEXT, Shard.WHOLE, runner))
                .isInstanceOf(TrainingDivergedException.class)
                .hasMessageContaining("seed 7: the loss was not finite");
        assertThat(others.run).hasSize(8 * 2 - 4);
    }

    /** All values of the chosen axis are shown where it is the figure's own, and a map of both. */
    @Test
    void thePageHasItsChartsAndAsksNobody() throws Exception {
        String text =
                TEXT.replace("arms: [none, qk], ", "")
                        .replace("per: arms, ", "")
                        .replace("x: heads, line: arms", "x: lr, line: heads, y: [test, valid]");
        Sweep sweep = run(text, Shard.WHOLE, new FakeTrials()).orElseThrow().sweep().orElseThrow();
        assertThat(sweep.points()).hasSize(4);
        assertThat(work.resolve("out/figures/map.svg")).exists();
        assertThat(ImageIO.read(work.resolve("out/figures/valid.png").toFile())).isNotNull();
        Path page = work.resolve("page.html");
        String html = HtmlWriter.write(List.of(SweepPage.of(sweep, "sweep")));
        Files.writeString(page, html);
        assertThat(html).contains("Rate and heads", "The figure shows all values", "the paper");
        Chromium chromium = Chromium.required(work);
        assertThat(chromium.open(page).complaints()).isEmpty();
        assertThat(chromium.open(page).requests()).isEmpty();
        assertThat(chromium.widthOf(page, 360)).isLessThanOrEqualTo(360);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"heads\" : \"1\" | \"heads\" : null | points[0].at: heads: expected a whole number",
                "\"heads\" : \"1\" | \"heads\" : \"x\" | points[0].at: heads: expected a whole number",
                "\"heads\" : \"1\" | \"depth\" : \"1\" | points[0].at: heads: expected a whole number",
            })
    void aRecordThatItsFigureCannotShowIsRefused(String part, String other, String message)
            throws IOException {
        run(TEXT, Shard.WHOLE, new FakeTrials());
        Path file = work.resolve("out/sweep.json");
        String text = Files.readString(file);
        assertThat(text).contains(part);
        Files.writeString(file, text.replaceFirst(java.util.regex.Pattern.quote(part), other));
        assertThatThrownBy(() -> SweepPage.of(work.resolve("out"), "sweep"))
                .hasMessageContaining(file + ": ")
                .hasMessageContaining(message);
    }
}
