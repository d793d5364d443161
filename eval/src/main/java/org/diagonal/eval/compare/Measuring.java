package org.diagonal.eval.compare;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.diagonal.eval.measure.effect.Effect;
import org.diagonal.eval.record.Form;
import org.diagonal.eval.source.ModelSource;
import org.diagonal.eval.source.Workplace;
import org.diagonal.eval.train.Start;
import org.diagonal.eval.train.TrainingJob;

/**
 * How the models of a comparison are measured: perplexity on a text, or accuracy on a task.
 *
 * @param <E> one model's measurement
 */
public sealed interface Measuring<E extends Record> permits TextMeasuring, TaskMeasuring {

    /**
     * What two comparisons must share beside arms and seeds, by the keys of {@code compare.json}.
     *
     * @throws IllegalArgumentException if the model cannot be measured like that; before anything
     *     long begins
     */
    Map<String, String> byKey(Workplace place, Start start) throws IOException;

    /**
     * The same measuring, fit for two finished models.
     *
     * @throws IllegalArgumentException if these two cannot be compared
     */
    Measuring<E> forPair(Workplace place, ModelSource first, ModelSource second) throws IOException;

    /** Measures a model. */
    E measure(Workplace place, ModelSource model) throws IOException;

    /** Measures what a training begins with, a head that is drawn for it included. */
    E measureBefore(Workplace place, TrainingJob training) throws IOException;

    /** The file of a measurement. */
    Form<E> form();

    /** Whether a measurement was made in this way. */
    boolean isSame(E measurement, Map<String, String> byKey);

    /** On what was measured, and how. */
    Comparison.Measured measured(E measurement);

    /** What the trainings of an arm reached. */
    Comparison.Scores scores(List<E> trainings);

    /** The step after which the measured model was saved, if a training did. */
    OptionalLong step(E measurement);

    /** The steps of several, as far as they are known. */
    default List<Long> steps(List<E> measurements) {
        return measurements.stream().flatMapToLong(one -> step(one).stream()).boxed().toList();
    }

    /** What the second arm changes against the first, seeds in the same order. */
    Effect effect(List<Long> seeds, List<E> first, List<E> second);
}
