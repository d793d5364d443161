package org.diagonal.eval.measure.accuracy;

import java.util.Map;
import org.diagonal.eval.record.Form;

/**
 * A model on a template task: on fresh strings of the symbols that it was trained with, and on
 * strings of symbols that no training saw (paper, Definition 3.3).
 *
 * @param version of the file's form
 * @param seen strings of the training alphabet
 * @param unseen strings of the test alphabet
 */
public record TaskScores(int version, TaskEvaluation seen, TaskEvaluation unseen) {

    /** The form of a file, in lines. */
    public static final Form<TaskScores> FORM =
            Form.of("scores.json", TaskScores.class, 1, Map.of()).inLines();

    /** Scores of this version. */
    public TaskScores(TaskEvaluation seen, TaskEvaluation unseen) {
        this(FORM.version(), seen, unseen);
    }

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
}
