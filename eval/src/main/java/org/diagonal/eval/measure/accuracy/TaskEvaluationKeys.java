package org.diagonal.eval.measure.accuracy;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.diagonal.eval.measure.ChangedScalings;
import org.diagonal.eval.measure.MeasuredModel;
import org.diagonal.eval.measure.accuracy.TaskEvaluation.Subject;
import org.diagonal.eval.measure.accuracy.TaskEvaluation.Symbols;
import org.diagonal.eval.measure.statistics.Interval;
import org.diagonal.plugin.kernels.Precision;

/**
 * A {@link TaskEvaluation} as files hold it: shares and intervals beside the bits they follow from.
 */
record TaskEvaluationKeys(
        int version,
        String task,
        @JsonProperty("task_sha256") String taskSha256,
        Symbols symbols,
        String model,
        Optional<String> adapter,
        OptionalLong step,
        Optional<Precision> precision,
        Optional<String> products,
        Optional<ChangedScalings> changedScalings,
        Labels labels,
        int samples,
        @JsonProperty("samples_sha256") String samplesSha256,
        double loss,
        double accuracy,
        Interval accuracyCi95,
        String accuracyBits,
        OptionalDouble amongSymbols,
        Optional<Interval> amongSymbolsCi95,
        Optional<String> amongSymbolsBits) {

    static TaskEvaluationKeys of(TaskEvaluation evaluation) {
        Subject subject = evaluation.subject();
        Optional<Accuracy> among = evaluation.amongSymbols();
        return new TaskEvaluationKeys(
                TaskEvaluation.FORM.version(),
                subject.task(),
                subject.taskSha256(),
                subject.symbols(),
                subject.model().name(),
                subject.model().adapter(),
                subject.model().step(),
                Optional.of(subject.model().precision()),
                subject.model().products(),
                subject.model().changedScalings(),
                evaluation.labels(),
                evaluation.samples(),
                evaluation.samplesSha256(),
                evaluation.loss(),
                evaluation.accuracy().proportion().value(),
                evaluation.accuracy().proportion().ci95(),
                evaluation.accuracy().bits(),
                among.map(one -> OptionalDouble.of(one.proportion().value()))
                        .orElseGet(OptionalDouble::empty),
                among.map(one -> one.proportion().ci95()),
                among.map(Accuracy::bits));
    }

    /**
     * The evaluation.
     *
     * @throws IllegalArgumentException if a share is not that of the bits
     */
    TaskEvaluation evaluation() {
        TaskEvaluation evaluation =
                new TaskEvaluation(
                        new Subject(
                                task,
                                taskSha256,
                                symbols,
                                new MeasuredModel(
                                        model,
                                        adapter,
                                        step,
                                        precision.orElse(Precision.F32),
                                        products,
                                        changedScalings)),
                        labels,
                        samplesSha256,
                        loss,
                        accuracy("accuracy", accuracyBits, accuracy),
                        amongSymbolsBits.map(
                                bits ->
                                        accuracy(
                                                "among_symbols",
                                                bits,
                                                amongSymbols.orElse(Double.NaN))));
        if (samples != evaluation.samples()) {
            throw new IllegalArgumentException(
                    "key samples: expected %d, found %d".formatted(evaluation.samples(), samples));
        }
        return evaluation;
    }

    private static Accuracy accuracy(String key, String bits, double found) {
        Accuracy accuracy = Accuracy.ofBits(bits);
        double expected = accuracy.proportion().value();
        if (!(Math.abs(found - expected) <= 1e-9)) {
            throw new IllegalArgumentException(
                    "key %s: expected %s by the bits, found %s".formatted(key, expected, found));
        }
        return accuracy;
    }
}
