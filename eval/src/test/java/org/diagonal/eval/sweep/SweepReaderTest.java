package org.diagonal.eval.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class SweepReaderTest {

    static final String EXAMPLE =
            """
            base:   {task: aba-abb, n: 512, arms: [none], trials: 5, seed: 1000}
            grid:   {lr: [3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2], heads: [1, 4, 16, 64]}
            tie:    {scalings-lr: 10 * lr}
            select: {over: lr, by: valid, per: arm, seeds: 2000..2002}
            figure: {x: lr, line: heads, y: [test, train], paper: transformer_lr_numheads_1_n512}
            """;

    private static SweepFile parse(String text) throws IOException {
        return SweepReader.parse("my.yaml", text, SweepScale.FULL);
    }

    @Test
    void aFileSaysWhatIsTrainedAndWhatIsDrawn() throws IOException {
        SweepFile file = parse(EXAMPLE);
        assertThat(file.grid().get(Axis.LR))
                .containsExactly("3e-5", "1e-4", "3e-4", "0.001", "0.003", "0.01");
        assertThat(file.seeds()).containsExactly(1000L, 1001L, 1002L, 1003L, 1004L);
        assertThat(file.select().orElseThrow().seeds()).containsExactly(2000L, 2001L, 2002L);
        assertThat(file.figure().logarithmic()).isTrue();
        SweepPlan plan = SweepPlan.of(file, null);
        assertThat(plan.cells()).hasSize(24);
        assertThat(plan.search()).hasSize(72);
        assertThat(SweepPlan.reported(plan.cells())).hasSize(120);
    }

    private static final String LESS =
            EXAMPLE.replaceFirst("select.*\n", "")
                    + "except: [{lr: [3e-5, 1e-4], heads: [64, 16]}, {heads: 1}]\n";

    @Test
    void combinationsThatAreExceptedAreNotTrained() throws IOException {
        SweepPlan plan = SweepPlan.of(parse(LESS), null);
        assertThat(plan.cells()).hasSize(24 - 4 - 6);
        assertThat(plan.cells())
                .noneMatch(cell -> cell.at().get(Axis.HEADS).equals("1"))
                .filteredOn(cell -> cell.at().get(Axis.LR).equals("3e-5"))
                .extracting(cell -> cell.at().get(Axis.HEADS))
                .containsExactly("4");
    }

    @Test
    void aSelectionCountsTheCombinationsThatAreLeft() throws IOException {
        String text = (EXAMPLE + "except: {heads: 1}\n").replace("x: lr, line: heads", "x: heads");
        assertThat(SweepPlan.of(parse(text), null).reportedCount()).isEqualTo(3 * 5);
    }

    /** Else a value that was trained in easier combinations alone would be chosen. */
    @Test
    void valuesThatWereTrainedInOtherCombinationsAreNotChosenFrom() {
        String text =
                (EXAMPLE + LESS.substring(LESS.indexOf("except")))
                        .replace("x: lr, line: heads", "x: heads");
        assertThatThrownBy(() -> SweepPlan.of(parse(text), null))
                .hasMessage(
                        "my.yaml: except: lr 3e-5 and 3e-4 are trained in different combinations,"
                                + " so that none of them can be chosen");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{heads: 1} | {heads: 2} | except.heads: 2 is not in grid, which has 1, 4, 16, 64",
                "{heads: 1} | {n: 512} | except: n is not in grid, which has lr, heads",
                "{heads: 1} | {hads: 1} | except: unknown axis \"hads\"; did you mean heads?",
                "{heads: 1} | heads | except: expected axes with values",
                "{heads: 1} | {} | except: expected axes with values",
                "{heads: 1} | {heads: []} | except.heads: has no values",
                "{heads: 1} | {heads: [1, 4, 16, 64]} | except: leaves no combination of the grid",
            })
    void whatIsWrongWithExceptIsSaidInALine(String right, String wrong, String message) {
        assertThatThrownBy(() -> SweepPlan.of(parse(LESS.replace(right, wrong)), null))
                .isInstanceOf(FileSystemException.class)
                .hasMessageStartingWith("my.yaml: " + message)
                .message()
                .doesNotContain("\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "grid: | grids: | unknown key \"grids\"; did you mean grid?",
                "heads: | haeds: | grid: unknown axis \"haeds\"; did you mean heads?",
                "n: 512 | nn: 512 | base: unknown axis \"nn\"",
                "over: lr | ovr: lr | select: unknown key \"ovr\"; did you mean over?",
                "heads: [1, 4, 16, 64] | heads: [] | grid.heads: has no values",
                "heads: [1, 4, 16, 64] | heads: [0] | grid.heads: expected a whole number, 1 or more",
                "heads: [1, 4, 16, 64] | heads: [4, 4] | grid.heads: has a value twice: 4, 4",
                "n: 512 | n: 0.5 | base.n: expected a whole number, 1 or more, found '0.5'",
                "[none] | [nine] | base.arms: 'nine' is not one of: none, qk, ov, both, temperature, fixed, fixed-A, permuted, head, lora-R; did you mean none?",
                "10 * lr | 10 * depth | tie.scalings-lr: '10 * depth' needs depth, which is neither in base nor in grid",
                "10 * lr | 0.1 | tie.scalings-lr: has no variable",
                "{scalings-lr: | {heads: | tie.heads: has values in another place, too",
                "over: lr | over: depth | select.over: depth is not in grid, which has lr, heads",
                "over: lr | over: arms | select.over: arms is not in grid",
                "line: heads | line: [heads, heads] | figure.line: heads is given twice",
                "by: valid | by: test | select.by: expected valid, the validation loss, found test",
                "2000..2002 | 1004..1006 | select.seeds: 1004 is a seed of the reported trials, 1000..1004",
                "2000..2002 | 2002..2000 | select.seeds: a range goes up",
                "line: heads | line: width | figure.line: width is not in grid",
                "x: lr | x: n | figure.x: n is not in grid",
                "y: [test | y: [tst | figure.y: unknown measure \"tst\"; did you mean test?",
                "numheads_1_n512 | numhead_1_n512 | figure.paper: unknown figure",
                "trials: 5 | trials: 0 | base.trials: must be from 1 to",
                "seed: 1000 | seed: x | base.seed: expected a whole number",
                "task: aba-abb | task: *x | line 1: *x is an alias, which is not read: write the value",
                "grid:   {lr: | grid:   {*x : | line 2: not YAML: a key is an alias, which is not read",
                "grid:   {lr: | grid:   {[lr]: | line 2: not YAML: a key is a list or a map",
                "2000..2002 | [99999999999999999999] | select.seeds: expected seeds as in",
                "[1, 4, 16, 64] | [４] | grid.heads: expected a whole number, 1 or more, found '４'",
            })
    void whatIsWrongIsOneLineWithFileAndKey(String words, String others, String message) {
        String text = EXAMPLE.replace(words, others);
        assertThat(text).isNotEqualTo(EXAMPLE);
        assertThatThrownBy(() -> SweepPlan.of(parse(text), null))
                .isInstanceOf(FileSystemException.class)
                .hasMessageStartingWith("my.yaml: " + message)
                .hasMessageNotContaining("\n");
    }

    @Test
    void aSecondDocumentIsRefused() {
        assertThatThrownBy(() -> parse(EXAMPLE + "---\n" + EXAMPLE))
                .hasMessage("my.yaml: has a second document, expected one");
    }

    @Test
    void endlessExpressionsAndValuesCostALine() {
        String deep = "(".repeat(100_000) + "lr" + ")".repeat(100_000);
        assertThatThrownBy(() -> parse(EXAMPLE.replace("10 * lr", deep)))
                .isInstanceOf(FileSystemException.class)
                .hasMessageStartingWith("my.yaml: tie.scalings-lr: an expression has at most");
        assertThatThrownBy(() -> parse(EXAMPLE.replace("n: 512", "n: " + "9".repeat(900))))
                .hasMessageEndingWith("found '" + "9".repeat(40) + "…'");
        assertThatThrownBy(() -> parse("a: " + "b".repeat(4_000_000)))
                .hasMessage("my.yaml: is too long to be written by hand: more than 3 MiB");
    }

    /** Refused before anything is made of it, which would take all memory. */
    @Test
    void moreCombinationsThanAnybodyTrainsAreCounted() throws IOException {
        StringBuilder grid = new StringBuilder("grid: {");
        String values =
                java.util.stream.IntStream.rangeClosed(1, 100)
                        .mapToObj(Integer::toString)
                        .collect(java.util.stream.Collectors.joining(", ", ": [", "], "));
        for (String axis : List.of("n", "depth", "width", "heads", "epochs", "batch-size")) {
            grid.append(axis).append(values);
        }
        SweepFile file = parse("base: {task: aba-abb, trials: 1}\n" + grid + "lr: [1]}\n");
        assertThatThrownBy(() -> SweepPlan.of(file, null))
                .hasMessageStartingWith("my.yaml: grid: has 1,000,000,000,000 trials");
    }

    @Test
    void emptyGridsAreRefused() {
        String base = "base: {task: aba-abb, n: 8}\n";
        for (String grid : List.of("", "grid: {}\n", "grid:\n")) {
            assertThatThrownBy(() -> parse(base + grid))
                    .hasMessageStartingWith("my.yaml: grid: is empty");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{task: majority-4, n: 1} | {lr: [1e-3]} | lr 0.001: majority-4: an injective map needs at least 2 symbols",
                "{task: abba-abb, n: 8} | {lr: [1e-3]} | lr 0.001: unknown task \"abba-abb\"",
                "{n: 8} | {lr: [1e-3]} | lr 0.001: task is neither in base nor in grid",
                "{task: aba-abb} | {lr: [1e-3]} | lr 0.001: n is neither in base nor in grid",
                "{task: aba-abb, n: 8, r: 3} | {lr: [1e-3]} | lr 0.001: r is for the task random-templates",
                "{task: aba-abb, n: 8, network: mlp} | {heads: [1]} | heads 1: mlp has no heads",
                "{task: aba-abb, n: 8, network: mlp, arms: qk} | {lr: [1]} | lr 1: mlp has no heads for identity scalings",
                "{task: aba-abb, n: 8, network: attention} | {lr: [1]} | lr 1: attention reads out symbols",
                "{n: 8} | {task: [aba-abb, copy], lr: [1]} | task: some have real labels and some symbolic ones",
                "{task: random-templates, n: 64, k: 2} | {r: [2, 9]} | r 9: random-templates",
            })
    void combinationsThatNobodyCanTrainAreNamed(String base, String grid, String message)
            throws IOException {
        SweepFile file = parse("base: " + base + "\ngrid: " + grid + "\n");
        assertThatThrownBy(() -> SweepPlan.of(file, null))
                .isInstanceOf(FileSystemException.class)
                .hasMessageStartingWith("my.yaml: " + message)
                .hasMessageNotContaining("\n");
    }

    static List<String> catalogue() throws IOException {
        return SweepCatalogue.entries().stream().map(SweepCatalogue.Entry::name).toList();
    }

    /** Every figure of the catalogue has both forms, the paper's points, and trials. */
    @ParameterizedTest
    @MethodSource("catalogue")
    void theCatalogueIsWhole(String name) throws IOException {
        SweepFile full = SweepFile.read(name, SweepScale.FULL);
        SweepFile small = SweepFile.read(name, SweepScale.SMALL);
        assertThat(full.title()).hasSizeLessThan(64);
        assertThat(full.reduced()).isFalse();
        assertThat(small.reduced()).isTrue();
        assertThat(full.figure().paper()).isNotEmpty();
        SweepPlan plan = SweepPlan.of(small, null);
        SweepCost cost = new SweepCost();
        double hours =
                (plan.search().stream().mapToDouble(cost::seconds).sum()
                                + SweepPlan.reported(plan.cells()).stream()
                                                .mapToDouble(cost::seconds)
                                                .sum()
                                        * plan.reportedCount()
                                        / SweepPlan.reported(plan.cells()).size())
                        / 3600;
        assertThat(hours).isBetween(0.01, 4.0); // core-hours
    }
}
