package org.diagonal.eval.bench;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.diagonal.eval.measure.perplexity.Window;
import org.diagonal.plugin.finetune.Examples;

/** Blocks of ids without sense, for steps whose speed alone is of interest; each has its seed. */
record RandomIds(int count, int length, int vocabulary) implements Examples {

    @Override
    public int length(int example) {
        return length;
    }

    @Override
    public int targets(int example) {
        return length - 1;
    }

    /** The ids of an example. */
    long[] row(int example) {
        return new SplittableRandom(example).longs(length, 0, vocabulary).toArray();
    }

    @Override
    public NDList batch(NDManager manager, int[] examples) {
        long[][] inputIds = new long[examples.length][];
        long[][] targets = new long[examples.length][];
        for (int b = 0; b < examples.length; b++) {
            inputIds[b] = row(examples[b]);
            targets[b] = Arrays.copyOfRange(inputIds[b], 1, length + 1);
            targets[b][length - 1] = Window.NOT_SCORED;
        }
        return new NDList(manager.create(inputIds), manager.create(targets)); // (B, T) each
    }
}
