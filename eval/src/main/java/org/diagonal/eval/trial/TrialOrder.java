package org.diagonal.eval.trial;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * A trial on its way to where it runs, as one line of JSON: the configuration that its hash is of,
 * and the texts of its tasks. Nothing else is needed there: no file, no folder, no option.
 */
public final class TrialOrder {

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private static final String TRIAL = "trial";
    private static final String TEXT = "task_text";
    private static final String TEST_TEXT = "test_task_text";

    private TrialOrder() {}

    /** The line, without a line break. */
    public static String line(Trial trial) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.set(TRIAL, trial.json());
        trial.task().text().ifPresent(text -> root.put(TEXT, text));
        trial.testTask().flatMap(Trial.Task::text).ifPresent(text -> root.put(TEST_TEXT, text));
        return root.toString();
    }

    /**
     * Reads a line.
     *
     * @throws IllegalArgumentException in one line, if it is no order of this version
     */
    public static Trial parse(String line) {
        JsonNode root;
        try {
            root = JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a trial is one line of JSON: " + words(e), e);
        }
        if (!(root.path(TRIAL) instanceof ObjectNode trial)) {
            throw new IllegalArgumentException("a trial has the key " + TRIAL);
        }
        return Trial.parse(trial, text(root.path(TEXT)), text(root.path(TEST_TEXT)));
    }

    private static Optional<String> text(JsonNode node) {
        return node.isTextual() ? Optional.of(node.asText()) : Optional.empty();
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
