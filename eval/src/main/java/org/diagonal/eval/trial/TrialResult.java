package org.diagonal.eval.trial;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.diagonal.eval.measure.accuracy.Labels;
import org.diagonal.eval.measure.accuracy.TaskEvaluation;
import org.diagonal.eval.measure.accuracy.TaskEvaluation.Symbols;

/**
 * What a trial ended with: the epoch with the least validation loss, measured on strings.
 *
 * @param bestEpoch that epoch, from 1
 * @param validLoss its loss on the validation samples
 * @param trainLoss that on the training samples; absent in files of earlier versions
 * @param unseen the test samples, with symbols of the third alphabet
 * @param seen test samples with symbols of the training alphabet
 * @param seconds of the whole trial
 * @param versions what was loaded
 */
public record TrialResult(
        int bestEpoch,
        double validLoss,
        OptionalDouble trainLoss,
        TaskEvaluation unseen,
        TaskEvaluation seen,
        double seconds,
        Map<String, String> versions) {

    /** Copies the versions, and refuses measurements of something else. */
    public TrialResult {
        versions = java.util.Collections.unmodifiableMap(new TreeMap<>(versions));
        if (bestEpoch < 1) {
            throw new IllegalArgumentException("best_epoch must be 1 or more: " + bestEpoch);
        }
        if (!Double.isFinite(validLoss) || !Double.isFinite(seconds) || seconds < 0) {
            throw new IllegalArgumentException(
                    "valid_loss and seconds must be finite: valid_loss=%s, seconds=%s"
                            .formatted(validLoss, seconds));
        }
        requireSymbols(unseen, Symbols.UNSEEN);
        requireSymbols(seen, Symbols.SEEN);
    }

    /** The commit that trained it; empty where that is not known. */
    public String commit() {
        return versions.getOrDefault("commit", "");
    }

    /** The commits that trained several trials, in alphabetical order. */
    public static List<String> commits(Collection<TrialResult> results) {
        return results.stream().map(TrialResult::commit).distinct().sorted().toList();
    }

    private static void requireSymbols(TaskEvaluation evaluation, Symbols expected) {
        if (evaluation.subject().symbols() != expected) {
            throw new IllegalArgumentException(
                    "expected a measurement on %s symbols, found %s"
                            .formatted(expected, evaluation.subject().symbols()));
        }
    }

    /** The figure of the paper's curves: test loss of real labels, test error of symbolic ones. */
    public double figure() {
        return unseen.labels() == Labels.REAL ? unseen.loss() : unseen.error();
    }
}
