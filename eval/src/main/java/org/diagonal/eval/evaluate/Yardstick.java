package org.diagonal.eval.evaluate;

import java.util.Map;
import java.util.OptionalInt;
import org.diagonal.eval.measure.perplexity.Evaluation;
import org.diagonal.eval.measure.perplexity.Protocol;
import org.diagonal.eval.record.Records;

/**
 * All that a perplexity depends on beside the model: measurements with equal yardsticks may be
 * compared.
 *
 * @param protocol how the text becomes windows
 * @param blockSize the most ids in a window
 * @param stride of {@code hf-strided}
 * @param dataSha256 the text
 * @param tokenizerSha256 the tokenizer; {@code none} for a text of ids
 * @param changedScalings how the model's scalings were changed, in words; empty for models as they
 *     are, of which comparisons are made
 */
public record Yardstick(
        Protocol protocol,
        int blockSize,
        OptionalInt stride,
        String dataSha256,
        String tokenizerSha256,
        String changedScalings) {

    /** That of a measurement. */
    public static Yardstick of(Evaluation evaluation) {
        return new Yardstick(
                evaluation.protocol(),
                evaluation.blockSize(),
                evaluation.stride(),
                evaluation.provenance().dataSha256(),
                evaluation.provenance().tokenizerSha256(),
                evaluation.provenance().model().change());
    }

    /** The values by their keys in {@code compare.json}. */
    public Map<String, String> byKey() {
        return Records.words(this);
    }
}
