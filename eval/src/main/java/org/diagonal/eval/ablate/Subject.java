package org.diagonal.eval.ablate;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.diagonal.eval.ablate.Ablation.Change;
import org.diagonal.eval.ablate.Ablation.Model;
import org.diagonal.eval.ablate.Ablation.OnTask;
import org.diagonal.eval.ablate.Ablation.OnText;
import org.diagonal.eval.ablate.Ablation.Scores;
import org.diagonal.eval.evaluate.LoadedModel;
import org.diagonal.eval.source.Workplace;

/**
 * A model, and what it is measured on.
 *
 * @param <E> a measurement
 */
public sealed interface Subject<E> permits TextSubject, TaskScored {

    /** One model: its only seed, of which nothing is known. */
    List<Long> ONE = List.of(0L);

    /**
     * The model.
     *
     * @throws IllegalArgumentException if it has no scalings
     */
    Model model() throws IOException;

    /** Loads the model, to measure it as often as wanted. */
    <R> R with(Workplace place, LoadedModel.Use<E, R> use) throws IOException;

    /** The text, with what a measurement says of it; empty for a task. */
    default Optional<OnText> text(E measured) {
        return Optional.empty();
    }

    /** The task, with what a measurement says of it; empty for a text. */
    default Optional<OnTask> task(E measured) {
        return Optional.empty();
    }

    /** What a measurement gave. */
    Scores scores(E measured);

    /** What the second measurement changes against the first. */
    Change change(E first, E second);

    /** Whether a file is of the same text or task, measured in the same way. */
    boolean isSame(Workplace place, Ablation file) throws IOException;
}
