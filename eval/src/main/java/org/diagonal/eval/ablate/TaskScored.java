package org.diagonal.eval.ablate;

import java.util.List;
import java.util.OptionalDouble;
import org.diagonal.eval.ablate.Ablation.Change;
import org.diagonal.eval.ablate.Ablation.Scores;
import org.diagonal.eval.measure.accuracy.TaskScores;
import org.diagonal.eval.measure.effect.AccuracyDifference;

/** A model that is measured on strings of a task, of seen and of unseen symbols. */
sealed interface TaskScored extends Subject<TaskScores> permits TaskSubject, KeptSubject {

    @Override
    default Scores scores(TaskScores measured) {
        return new Scores(
                measured.unseen().loss(),
                OptionalDouble.empty(),
                OptionalDouble.of(measured.unseen().accuracy().proportion().value()),
                OptionalDouble.of(measured.seen().accuracy().proportion().value()));
    }

    @Override
    default Change change(TaskScores first, TaskScores second) {
        AccuracyDifference difference =
                AccuracyDifference.of(ONE, List.of(first.unseen()), List.of(second.unseen()));
        return new Change(difference.value(), difference.interval());
    }
}
