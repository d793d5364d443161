package org.diagonal.eval.measure.effect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.diagonal.eval.measure.ChangedScalings;
import org.diagonal.eval.measure.MeasuredModel;
import org.diagonal.eval.measure.perplexity.Evaluation;
import org.diagonal.eval.measure.perplexity.Part;
import org.diagonal.eval.measure.perplexity.Protocol;
import org.diagonal.eval.measure.perplexity.Provenance;
import org.diagonal.plugin.identity.Head;
import org.junit.jupiter.api.Test;

/** Measurements of a model with changed scalings say so, and are not compared with others. */
final class ChangedScalingsTest {

    private static final ChangedScalings HALF = new ChangedScalings(0.5, 1, List.of());

    private static Evaluation evaluation(MeasuredModel model) {
        List<Part> parts = List.of(new Part(3, 5), new Part(4, 7));
        return new Evaluation(
                Protocol.RUN_CLM,
                8,
                OptionalInt.empty(),
                20,
                new Provenance("text", "a", "b", model),
                1,
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                parts,
                parts);
    }

    @Test
    void measurementsOfOtherChangesAreNotCompared() {
        MeasuredModel model = MeasuredModel.of("m");
        Evaluation own = evaluation(model);
        Evaluation half = evaluation(model.changed(HALF));
        assertThatThrownBy(() -> Comparability.require(own, half))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "measurements with different changed_scalings cannot be compared: none and"
                                + " a times 0.5");
        Comparability.require(half, evaluation(MeasuredModel.of("other").changed(HALF)));
    }

    @Test
    void aChangeThatChangesNothingIsNone() {
        MeasuredModel model = MeasuredModel.of("m");
        assertThat(model.changed(new ChangedScalings(1, 1, List.of()))).isEqualTo(model);
        assertThat(model.changed(HALF).title()).isEqualTo("m, a times 0.5");
        assertThat(new ChangedScalings(0, -1.5, List.of(new Head(1, 3), new Head(0, 2))))
                .hasToString("a times 0, b times -1.5, without heads 0.2, 1.3");
        assertThatThrownBy(() -> new ChangedScalings(Double.NaN, 1, List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be finite");
    }

    @Test
    void aRecordComesBackFromItsFile() {
        MeasuredModel model = MeasuredModel.of("m").changed(HALF);
        assertThat(Evaluation.FORM.text(evaluation(model)))
                .contains("\"changed_scalings\": {\"scale_qk\":0.5,");
        assertThat(Evaluation.FORM.text(evaluation(MeasuredModel.of("m"))))
                .doesNotContain("changed_scalings");
    }
}
