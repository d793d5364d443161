package org.diagonal.eval.measure.accuracy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import org.diagonal.eval.record.JsonKeys;

/**
 * A model on a template task: on fresh strings of the symbols that it was trained with, and on
 * strings of symbols that no training saw (paper, Definition 3.3).
 *
 * @param seen strings of the training alphabet
 * @param unseen strings of the test alphabet
 */
public record TaskScores(TaskEvaluation seen, TaskEvaluation unseen) {

    /** The version of the JSON form. */
    public static final int VERSION = 1;

    /** Refuses measurements that do not belong together. */
    public TaskScores {
        if (seen.subject().symbols() != TaskEvaluation.Symbols.SEEN
                || unseen.subject().symbols() != TaskEvaluation.Symbols.UNSEEN) {
            throw new IllegalArgumentException(
                    "scores are of seen, then of unseen symbols: %s, %s"
                            .formatted(seen.subject().symbols(), unseen.subject().symbols()));
        }
        if (!seen.subject().taskSha256().equals(unseen.subject().taskSha256())
                || !seen.subject().model().equals(unseen.subject().model())) {
            throw new IllegalArgumentException(
                    "scores are of one task and one model: %s and %s"
                            .formatted(seen.subject(), unseen.subject()));
        }
    }

    /** Both measurements as JSON. */
    public String toJson() {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("version", VERSION);
        root.set("seen", seen.toTree());
        root.set("unseen", unseen.toTree());
        return JsonKeys.lines(root);
    }

    /**
     * Reads a file that holds what {@link #toJson()} wrote.
     *
     * @throws java.nio.file.FileSystemException that names the file, if it holds anything else
     */
    public static TaskScores read(Path file) throws IOException {
        return JsonKeys.read(file, TaskScores::fromJson);
    }

    private static TaskScores fromJson(String json) {
        JsonKeys keys = new JsonKeys(JsonKeys.parse(json, "scores"), "scores");
        keys.require("version", VERSION);
        TaskScores scores =
                new TaskScores(
                        TaskEvaluation.fromTree(keys.value("seen")),
                        TaskEvaluation.fromTree(keys.value("unseen")));
        keys.requireNoOthers();
        return scores;
    }
}
