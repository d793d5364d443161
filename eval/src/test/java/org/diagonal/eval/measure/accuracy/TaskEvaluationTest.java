package org.diagonal.eval.measure.accuracy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.diagonal.eval.measure.MeasuredModel;
import org.diagonal.eval.measure.NotFiniteException;
import org.diagonal.eval.measure.accuracy.TaskEvaluation.Subject;
import org.diagonal.eval.measure.accuracy.TaskEvaluation.Symbols;
import org.diagonal.eval.measure.statistics.Proportion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TaskEvaluationTest {

    private static final Subject SUBJECT =
            new Subject("aba-abb", "12ab", Symbols.UNSEEN, MeasuredModel.of("runs/x"));

    private static TaskEvaluation real() {
        RealTally tally = new RealTally(new TreeSet<>(List.of(-1.0, 1.0)));
        tally.add("Q R Q", 0.5, 1, 1); // 0.25, right
        tally.add("Q R R", 0.5, -1, -1); // 2.25, wrong
        tally.add("S T S", 0, 1, 1); // 1, as near to the other label: wrong
        tally.add("S T T", -3, -1.5, -1); // 2.25 with noise, right
        return tally.evaluation(SUBJECT);
    }

    private static TaskEvaluation symbolic() {
        SymbolicTally tally = new SymbolicTally();
        tally.add("Q R", new float[] {0, 0, (float) Math.log(2)}, 2, Set.of(1, 2)); // 2 of 4
        tally.add("R Q", new float[] {5, 0, 0.5f}, 2, Set.of(1, 2)); // right among its symbols
        tally.add("S S", new float[] {1, 1, 1}, 0, Set.of(0, 1)); // a tie is not right
        return tally.evaluation(SUBJECT);
    }

    @Test
    void realLabelsAreMeasuredAsByHand() {
        TaskEvaluation evaluation = real();
        assertThat(evaluation.loss()).isCloseTo((0.25 + 2.25 + 1 + 2.25) / 4, within(1e-15));
        assertThat(evaluation.accuracy().bits()).isEqualTo("1001");
        assertThat(evaluation.accuracy().proportion()).isEqualTo(new Proportion(2, 4));
        assertThat(evaluation.error()).isEqualTo(0.5);
        assertThat(evaluation.amongSymbols()).isEmpty();
    }

    @Test
    void symbolicLabelsAreMeasuredAsByHand() {
        TaskEvaluation evaluation = symbolic();
        double second = Math.log(Math.exp(5) + 1 + Math.exp(0.5)) - 0.5;
        assertThat(evaluation.loss())
                .isCloseTo((Math.log(2) + second + Math.log(3)) / 3, within(1e-7));
        assertThat(evaluation.accuracy().bits()).isEqualTo("100");
        assertThat(evaluation.amongSymbols().orElseThrow().bits()).isEqualTo("110");
    }

    @Test
    void largeLogitsDoNotOverflow() {
        SymbolicTally tally = new SymbolicTally();
        tally.add("Q", new float[] {1e30f, -1e30f}, 1, Set.of(1));
        assertThat(tally.evaluation(SUBJECT).loss()).isCloseTo(2e30, within(1e24));
    }

    @Test
    void whatCannotBeMeasuredIsRefused() {
        RealTally real = new RealTally(new TreeSet<>(List.of(-1.0, 1.0)));
        assertThatThrownBy(() -> real.add("Q R", Double.NaN, 1, 1))
                .isInstanceOf(NotFiniteException.class)
                .hasMessage("the model predicts NaN for 'Q R'");
        assertThatThrownBy(() -> real.add("Q R", 0, 2, 2))
                .hasMessage("label 2.0 of 'Q R' is not a label of the task: [-1.0, 1.0]");
        SymbolicTally symbolic = new SymbolicTally();
        assertThatThrownBy(() -> symbolic.add("Q", new float[] {0, Float.NaN}, 0, Set.of(0)))
                .isInstanceOf(NotFiniteException.class)
                .hasMessage("the model gives token 1 the logit NaN after 'Q'");
        assertThatThrownBy(() -> symbolic.add("Q", new float[] {0, 1}, 0, Set.of(1)))
                .hasMessage("target 0 of 'Q' is not one of its symbols: [1]");
        assertThatThrownBy(() -> symbolic.add("Q", new float[] {0, 1}, 2, Set.of(2)))
                .hasMessage("symbol 2 of 'Q' is outside the vocabulary of 2");
        assertThatThrownBy(() -> symbolic.evaluation(SUBJECT))
                .hasMessage("an accuracy needs at least one sample");
        assertThatThrownBy(() -> new RealTally(new TreeSet<>()))
                .hasMessageContaining("at least one");
    }

    @Test
    void theHashIsOfStringsAndLabelsAndNotOfAnswers() {
        String hash = of("a b", 0.3, 1).samplesSha256();
        assertThat(of("a b", -7, 1).samplesSha256()).isEqualTo(hash).hasSize(64);
        assertThat(of("a c", 0.3, 1).samplesSha256()).isNotEqualTo(hash);
        assertThat(of("a b", 0.3, -1).samplesSha256()).isNotEqualTo(hash);
    }

    private static TaskEvaluation of(String sample, double prediction, double label) {
        RealTally tally = new RealTally(new TreeSet<>(List.of(-1.0, 1.0)));
        tally.add(sample, prediction, label, label);
        return tally.evaluation(SUBJECT);
    }

    @Test
    void filesReadBackAsTheyWereWritten(@TempDir Path dir) throws IOException {
        for (TaskEvaluation evaluation : List.of(real(), symbolic())) {
            Path file =
                    Files.writeString(dir.resolve("x.json"), TaskEvaluation.FORM.text(evaluation));
            assertThat(TaskEvaluation.FORM.readFile(file)).isEqualTo(evaluation);
        }
        assertThat(TaskEvaluation.FORM.text(real()).lines())
                .startsWith("{", "  \"version\": 1,", "  \"task\": \"aba-abb\",")
                .contains("  \"accuracy\": 0.5,", "  \"accuracy_bits\": \"1001\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"version\": 1 | \"version\": 2 | key version: expected 1, found 2: a newer"
                        + " version of this program wrote it",
                "\"labels\": \"real\" | \"labels\": \"both\" | key labels: expected one of real,"
                        + " symbolic, found \"both\"",
                "\"labels\": \"real\" | \"labels\": \"symbolic\" | an accuracy among symbols belongs"
                        + " to symbolic labels: labels=symbolic",
                "\"unseen\" | \"some\" | key symbols: expected one of seen, unseen, found \"some\"",
                "\"1001\" | \"1x01\" | correct samples are ones and the others zeros: found 'x' at 1",
                "\"1001\" | \"1011\" | key accuracy: expected 0.75 by the bits, found 0.5",
                "\"samples\": 4 | \"samples\": 5 | key samples: expected 4, found 5",
                "\"loss\" | \"lost\" | key loss: is missing",
                "\"version\" | \"more\": 1, \"version\" | key more: is not known",
                "\"aba-abb\" | \"\" | task must not be blank: ''",
            })
    void whatContradictsItselfIsRefusedInOneLine(
            String part, String other, String message, @TempDir Path dir) throws IOException {
        String json = TaskEvaluation.FORM.text(real());
        assertThat(json).contains(part);
        Path file = Files.writeString(dir.resolve("x.json"), json.replace(part, other));
        assertThatThrownBy(() -> TaskEvaluation.FORM.readFile(file))
                .isInstanceOf(FileSystemException.class)
                .hasMessage(file + ": " + message);
    }

    @Test
    void aCutFileIsRefusedInOneLine(@TempDir Path dir) throws IOException {
        String json = TaskEvaluation.FORM.text(real());
        for (int end = 0; end < json.length() - 2; end += 7) {
            Path file = Files.writeString(dir.resolve("x.json"), json.substring(0, end));
            assertThatThrownBy(() -> TaskEvaluation.FORM.readFile(file))
                    .isInstanceOf(FileSystemException.class)
                    .hasMessageStartingWith(file + ": ")
                    .hasMessageNotContaining("\n");
        }
    }
}
