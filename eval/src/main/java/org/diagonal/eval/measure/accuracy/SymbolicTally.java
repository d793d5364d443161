package org.diagonal.eval.measure.accuracy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.diagonal.eval.measure.NotFiniteException;
import org.diagonal.plugin.files.Sha256;

/** Adds up logits over a vocabulary for symbolic labels, sample by sample. */
public final class SymbolicTally {

    private final Sha256 hash = new Sha256();
    private final List<Boolean> correct = new ArrayList<>();
    private final List<Boolean> amongSymbols = new ArrayList<>();
    private double nats;

    /**
     * Adds one sample. It is right if no other token has as large a logit as the target: over the
     * whole vocabulary, and among the symbols that stand in the string.
     *
     * @param sample the string, as text: it decides which measurements can be paired
     * @param logits of the position that is read out, shape (V)
     * @param target the right token's id
     * @param symbols ids of the tokens that stand in the string, the target one of them
     * @throws NotFiniteException if a logit is no number
     * @throws IllegalArgumentException if an id is outside the vocabulary, or the target is no
     *     symbol of the string
     */
    public void add(String sample, float[] logits, int target, Collection<Integer> symbols) {
        if (!symbols.contains(target)) {
            throw new IllegalArgumentException(
                    "target %d of '%s' is not one of its symbols: %s"
                            .formatted(target, sample, symbols));
        }
        for (int id : symbols) {
            if (id < 0 || id >= logits.length) {
                throw new IllegalArgumentException(
                        "symbol %d of '%s' is outside the vocabulary of %d"
                                .formatted(id, sample, logits.length));
            }
        }
        float right = logits[target];
        float largest = Float.NEGATIVE_INFINITY;
        int rivals = 0;
        for (int id = 0; id < logits.length; id++) {
            if (!Float.isFinite(logits[id])) {
                throw new NotFiniteException(
                        "the model gives token %d the logit %s after '%s'"
                                .formatted(id, logits[id], sample));
            }
            largest = Math.max(largest, logits[id]);
            rivals += id != target && logits[id] >= right ? 1 : 0;
        }
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp((double) logit - largest);
        }
        nats += largest + Math.log(sum) - right;
        hash.add(sample).add(Integer.toString(target));
        correct.add(rivals == 0);
        amongSymbols.add(symbols.stream().allMatch(id -> id == target || logits[id] < right));
    }

    /** The measurement of all samples; the last call. */
    public TaskEvaluation evaluation(TaskEvaluation.Subject subject) {
        Accuracy accuracy = new Accuracy(correct);
        return new TaskEvaluation(
                subject,
                Labels.SYMBOLIC,
                hash.hex(),
                nats / correct.size(),
                accuracy,
                Optional.of(new Accuracy(amongSymbols)));
    }
}
