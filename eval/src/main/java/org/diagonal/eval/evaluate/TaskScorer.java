package org.diagonal.eval.evaluate;

import java.util.Arrays;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.ObjIntConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.diagonal.eval.measure.MeasuredModel;
import org.diagonal.eval.measure.NotFiniteException;
import org.diagonal.eval.measure.accuracy.RealTally;
import org.diagonal.eval.measure.accuracy.SymbolicTally;
import org.diagonal.eval.measure.accuracy.TaskEvaluation;
import org.diagonal.eval.measure.accuracy.TaskEvaluation.Symbols;
import org.diagonal.eval.measure.accuracy.TaskScores;
import org.diagonal.eval.task.SampleExamples;
import org.diagonal.eval.task.TaskHash;
import org.diagonal.templates.alphabet.Alphabets;
import org.diagonal.templates.alphabet.Role;
import org.diagonal.templates.alphabet.Samples;
import org.diagonal.templates.task.LabelledTemplate;
import org.diagonal.templates.task.Task;
import org.diagonal.templates.template.Real;

/**
 * Measures a network on strings of a template task.
 *
 * @param readout of what is measured
 * @param model which model it is of
 * @param task the task's name for people
 * @param learned the task that was learned, if its labels are among those that can be answered
 */
public record TaskScorer(
        Readout readout, MeasuredModel model, String task, Optional<Task> learned) {

    /** Strings in one pass: their logits over a vocabulary as large as GPT-2's are 13 MB. */
    private static final int AT_ONCE = 64;

    /** Makes the strings of seen symbols others than the training's, which have the same role. */
    private static final long FRESH = 0x5EE5_0000_0000L;

    /**
     * Measures on seen and on unseen symbols.
     *
     * @param count strings of each
     * @param seed of the strings
     */
    public TaskScores scores(Alphabets alphabets, int count, long seed) {
        Samples seen = Samples.draw(alphabets, Role.TRAINING, count, seed ^ FRESH);
        Samples unseen = Samples.draw(alphabets, Role.TEST, count, seed);
        try {
            return new TaskScores(measure(seen, Symbols.SEEN), measure(unseen, Symbols.UNSEEN));
        } catch (NotFiniteException e) {
            throw new IllegalStateException(model.title() + ": " + e.getMessage(), e);
        }
    }

    private TaskEvaluation measure(Samples samples, Symbols symbols) {
        TaskEvaluation.Subject subject =
                new TaskEvaluation.Subject(task, TaskHash.of(samples.task()), symbols, model);
        return SampleExamples.isReal(samples) ? real(samples, subject) : symbolic(samples, subject);
    }

    private static SortedSet<Double> labels(Task task) {
        return task.templates().stream()
                .map(LabelledTemplate::label)
                .map(label -> ((Real) label).value())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private TaskEvaluation real(Samples samples, TaskEvaluation.Subject subject) {
        SortedSet<Double> labels = labels(samples.task());
        learned.ifPresent(task -> labels.addAll(labels(task)));
        RealTally tally = new RealTally(labels);
        forEach(
                samples,
                (output, sample) ->
                        tally.add(
                                samples.text(sample),
                                output[0],
                                samples.label(sample),
                                samples.cleanLabel(sample)));
        return tally.evaluation(subject);
    }

    private TaskEvaluation symbolic(Samples samples, TaskEvaluation.Subject subject) {
        SymbolicTally tally = new SymbolicTally();
        forEach(
                samples,
                (output, sample) ->
                        tally.add(
                                samples.text(sample),
                                output,
                                samples.labelId(sample),
                                IntStream.of(samples.candidates(sample)).boxed().toList()));
        return tally.evaluation(subject);
    }

    /** Hands over the output for each sample, and which one it is. */
    private void forEach(Samples samples, ObjIntConsumer<float[]> taker) {
        for (int from = 0; from < samples.count(); from += AT_ONCE) {
            int to = Math.min(from + AT_ONCE, samples.count());
            int[] which = IntStream.range(from, to).toArray();
            float[] outputs = readout.outputs(SampleExamples.ids(samples, which));
            int size = outputs.length / which.length;
            for (int i = 0; i < which.length; i++) {
                taker.accept(Arrays.copyOfRange(outputs, i * size, (i + 1) * size), which[i]);
            }
        }
    }
}
