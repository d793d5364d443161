package org.diagonal.eval.train;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import org.diagonal.plugin.finetune.Examples;

/**
 * The first of some examples.
 *
 * @param all of them
 * @param count how many are left
 */
record FirstExamples(Examples all, int count) implements Examples {

    @Override
    public int length(int example) {
        return all.length(example);
    }

    @Override
    public int targets(int example) {
        return all.targets(example);
    }

    @Override
    public NDList batch(NDManager manager, int[] examples) {
        return all.batch(manager, examples);
    }
}
