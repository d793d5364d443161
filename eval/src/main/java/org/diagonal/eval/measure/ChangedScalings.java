package org.diagonal.eval.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.diagonal.plugin.identity.Circuit;
import org.diagonal.plugin.identity.Head;
import org.diagonal.plugin.identity.ScalingFactors;

/**
 * How the scalings of a model were changed for a measurement. Measurements of other changes are of
 * other models.
 *
 * @param scaleQk what every a was multiplied with
 * @param scaleOv what every b was multiplied with
 * @param withoutHeads heads whose a and b were set to zero, in order
 */
public record ChangedScalings(double scaleQk, double scaleOv, List<Head> withoutHeads) {

    /** A model as it is. */
    private static final ChangedScalings NONE = new ChangedScalings(1, 1, List.of());

    /** Sorts the heads; refuses factors that are not finite. */
    public ChangedScalings {
        if (!Double.isFinite(scaleQk) || !Double.isFinite(scaleOv)) {
            throw new IllegalArgumentException(
                    "factors of scalings must be finite: scale_qk=%s, scale_ov=%s"
                            .formatted(scaleQk, scaleOv));
        }
        withoutHeads = List.copyOf(new TreeSet<>(withoutHeads));
    }

    /** These changes, or nothing where they change nothing. */
    public Optional<ChangedScalings> ifAny() {
        return Optional.of(this).filter(change -> !change.equals(NONE));
    }

    /** What each scaling is multiplied with. */
    public ScalingFactors factors() {
        return ScalingFactors.of(scaleQk, scaleOv).without(withoutHeads);
    }

    /** What is changed, such as {@code a times 0.5, without heads 0.1, 1.3}. */
    @Override
    public String toString() {
        List<String> words = new ArrayList<>();
        words(words, Circuit.QK, scaleQk);
        words(words, Circuit.OV, scaleOv);
        if (!withoutHeads.isEmpty()) {
            words.add(
                    withoutHeads.stream()
                            .map(Head::toString)
                            .collect(
                                    Collectors.joining(
                                            ", ",
                                            withoutHeads.size() == 1
                                                    ? "without head "
                                                    : "without heads ",
                                            "")));
        }
        return words.isEmpty() ? "as trained" : String.join(", ", words);
    }

    private static void words(List<String> words, Circuit circuit, double factor) {
        if (factor != 1) {
            words.add(circuit.letter() + " times " + brief(factor));
        }
    }

    private static String brief(double factor) {
        return Double.toString(factor).replaceFirst("\\.0$", "");
    }
}
