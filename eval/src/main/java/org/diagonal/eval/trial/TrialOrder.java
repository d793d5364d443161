package org.diagonal.eval.trial;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.diagonal.eval.record.Records;

/**
 * A trial on its way to where it runs, as one line of JSON: the configuration that its hash is of,
 * and the texts of its tasks. Nothing else is needed there: no file, no folder, no option.
 *
 * @param trial {@link Trial#json}
 * @param taskText the task file of its task
 * @param testTaskText that of another task that it is measured on
 */
public record TrialOrder(
        ObjectNode trial, Optional<String> taskText, Optional<String> testTaskText) {

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /** The line, without a line break. */
    public static String line(Trial trial) {
        Optional<String> testText = trial.testTask().flatMap(Trial.Task::text);
        return Records.tree(new TrialOrder(trial.json(), trial.task().text(), testText)).toString();
    }

    /**
     * Reads a line.
     *
     * @throws IllegalArgumentException in one line, if it is no order of this version
     */
    public static Trial parse(String line) {
        try {
            if (!(JSON.readTree(line) instanceof ObjectNode root)) {
                throw new IllegalArgumentException("a trial is an object with the key trial");
            }
            TrialOrder order = Records.read(root, TrialOrder.class);
            return Trial.parse(order.trial, order.taskText, order.testTaskText);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a trial is one line of JSON: " + words(e), e);
        }
    }

    /** Without the parser's own account of where the text came from, and of its limits. */
    private static String words(JsonProcessingException e) {
        return e.getOriginalMessage()
                .lines()
                .findFirst()
                .orElse("")
                .replaceFirst(" \\(start marker at .*", "")
                .replaceFirst(", from `[^`]*`", "");
    }
}
