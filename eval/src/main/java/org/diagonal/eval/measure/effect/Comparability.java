package org.diagonal.eval.measure.effect;

import org.diagonal.eval.measure.MeasuredModel;
import org.diagonal.eval.measure.perplexity.Evaluation;

/** Which measurements may be compared: those that differ in the model alone. */
public final class Comparability {

    private Comparability() {}

    /**
     * Refuses two measurements of different things.
     *
     * @throws IllegalArgumentException with one line that names the field and both values
     */
    public static void require(Evaluation a, Evaluation b) {
        equal("protocol", a.protocol(), b.protocol());
        equal("block_size", a.blockSize(), b.blockSize());
        if (a.stride().isPresent()) { // else neither has one: the protocols are equal
            equal("stride", a.stride().getAsInt(), b.stride().getAsInt());
        }
        equal("data_sha256", a.provenance().dataSha256(), b.provenance().dataSha256());
        equal(
                "tokenizer_sha256",
                a.provenance().tokenizerSha256(),
                b.provenance().tokenizerSha256());
        MeasuredModel first = a.provenance().model();
        MeasuredModel second = b.provenance().model();
        equal("precision", first.precision(), second.precision());
        equal("changed_scalings", change(first), change(second));
        equal("targets", a.targets(), b.targets());
        equal("documents", a.documents(), b.documents());
    }

    /** How a model's scalings were changed, for messages. */
    static String change(MeasuredModel model) {
        String words = model.change();
        return words.isEmpty() ? "none" : words;
    }

    private static void equal(String field, Object a, Object b) {
        if (!a.equals(b)) {
            throw new IllegalArgumentException(
                    "measurements with different %s cannot be compared: %s and %s"
                            .formatted(field, a, b));
        }
    }
}
