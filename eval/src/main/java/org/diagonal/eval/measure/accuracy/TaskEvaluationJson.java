package org.diagonal.eval.measure.accuracy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.diagonal.eval.measure.MeasuredModel;
import org.diagonal.eval.measure.accuracy.TaskEvaluation.Subject;
import org.diagonal.eval.measure.accuracy.TaskEvaluation.Symbols;
import org.diagonal.eval.measure.statistics.Proportion;
import org.diagonal.eval.record.JsonKeys;

/** The JSON form of a {@link TaskEvaluation}. */
final class TaskEvaluationJson {

    private static final String AMONG = "among_symbols";

    private TaskEvaluationJson() {}

    static ObjectNode write(TaskEvaluation evaluation) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("version", TaskEvaluation.VERSION);
        root.put("task", evaluation.subject().task());
        root.put("task_sha256", evaluation.subject().taskSha256());
        root.put("symbols", evaluation.subject().symbols().toString());
        evaluation.subject().model().write(root);
        root.put("labels", evaluation.labels().toString());
        root.put("samples", evaluation.samples());
        root.put("samples_sha256", evaluation.samplesSha256());
        root.put("loss", evaluation.loss());
        put(root, "accuracy", evaluation.accuracy());
        evaluation.amongSymbols().ifPresent(among -> put(root, AMONG, among));
        return root;
    }

    private static void put(ObjectNode root, String key, Accuracy accuracy) {
        Proportion share = accuracy.proportion();
        root.put(key, share.value());
        root.putArray(key + "_ci95").add(share.low()).add(share.high());
        root.put(key + "_bits", accuracy.bits());
    }

    static TaskEvaluation read(JsonKeys keys) {
        keys.require("version", TaskEvaluation.VERSION);
        Subject subject =
                new Subject(
                        keys.text("task"),
                        keys.text("task_sha256"),
                        symbols(keys.text("symbols")),
                        MeasuredModel.read(keys));
        TaskEvaluation evaluation =
                new TaskEvaluation(
                        subject,
                        Labels.parse(keys.text("labels")),
                        keys.text("samples_sha256"),
                        keys.number("loss"),
                        accuracy(keys, "accuracy"),
                        keys.has(AMONG) ? Optional.of(accuracy(keys, AMONG)) : Optional.empty());
        keys.require("samples", evaluation.samples());
        keys.requireNoOthers();
        return evaluation;
    }

    private static Symbols symbols(String word) {
        for (Symbols symbols : Symbols.values()) {
            if (symbols.toString().equals(word)) {
                return symbols;
            }
        }
        throw new IllegalArgumentException("key symbols: expected seen or unseen, found " + word);
    }

    /** The bits; share and interval follow from them. */
    private static Accuracy accuracy(JsonKeys keys, String key) {
        keys.value(key + "_ci95");
        Accuracy accuracy = Accuracy.ofBits(keys.text(key + "_bits"));
        double found = keys.number(key);
        double expected = accuracy.proportion().value();
        if (Math.abs(found - expected) > 1e-9) {
            throw new IllegalArgumentException(
                    "key %s: expected %s by the bits, found %s".formatted(key, expected, found));
        }
        return accuracy;
    }
}
