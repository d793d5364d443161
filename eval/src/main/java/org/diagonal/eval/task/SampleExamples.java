package org.diagonal.eval.task;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import org.diagonal.plugin.finetune.ArrayExamples;
import org.diagonal.plugin.finetune.Examples;
import org.diagonal.templates.alphabet.Samples;
import org.diagonal.templates.task.LabelKind;

/**
 * Strings of a template task as examples: real labels as numbers, symbolic ones as the target of
 * the last position (paper, Definitions 3.2 and J.1).
 */
public final class SampleExamples implements Examples {

    private static final long NOT_SCORED = -100;

    private final Samples samples;

    public SampleExamples(Samples samples) {
        this.samples = samples;
    }

    /**
     * The same in native memory.
     *
     * @param owner of the arrays
     */
    public static Examples inMemory(NDManager owner, Samples samples) {
        int[] all = new int[samples.count()];
        Arrays.setAll(all, i -> i);
        return isReal(samples)
                ? ArrayExamples.of(owner, ids(samples, all), labels(samples, all))
                : ArrayExamples.of(owner, ids(samples, all), targets(samples, all));
    }

    public static boolean isReal(Samples samples) {
        return samples.task().kind() == LabelKind.REAL;
    }

    @Override
    public int count() {
        return samples.count();
    }

    @Override
    public int length(int example) {
        return samples.length(example);
    }

    @Override
    public int targets(int example) {
        return 1;
    }

    @Override
    public NDList batch(NDManager manager, int[] examples) {
        return new NDList(
                manager.create(ids(samples, examples)), // (B, T)
                isReal(samples)
                        ? manager.create(labels(samples, examples)) // (B)
                        : manager.create(targets(samples, examples))); // (B, T)
    }

    /** The ids of some strings, all of one length: (B, T). */
    public static long[][] ids(Samples samples, int[] which) {
        long[][] rows = new long[which.length][];
        for (int b = 0; b < which.length; b++) {
            rows[b] = new long[samples.length(which[b])];
            samples.copyIds(which[b], rows[b], 0);
        }
        return rows;
    }

    private static float[] labels(Samples samples, int[] which) {
        float[] labels = new float[which.length];
        for (int b = 0; b < which.length; b++) {
            labels[b] = (float) samples.label(which[b]);
        }
        return labels;
    }

    private static long[][] targets(Samples samples, int[] which) {
        long[][] rows = new long[which.length][];
        for (int b = 0; b < which.length; b++) {
            rows[b] = new long[samples.length(which[b])];
            Arrays.fill(rows[b], NOT_SCORED);
            rows[b][rows[b].length - 1] = samples.labelId(which[b]);
        }
        return rows;
    }
}
