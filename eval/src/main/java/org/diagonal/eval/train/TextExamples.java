package org.diagonal.eval.train;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import org.diagonal.plugin.finetune.Examples;
import org.diagonal.wikitext.Blocks;

/**
 * Blocks of a text as examples: the target of a position is the next id, and the last position of a
 * block has none, as in Hugging Face's language modeling.
 */
final class TextExamples implements Examples {

    private static final long NOT_SCORED = -100;

    private final Blocks blocks;

    TextExamples(Blocks blocks) {
        this.blocks = blocks;
    }

    @Override
    public int count() {
        return blocks.count();
    }

    @Override
    public int length(int example) {
        return blocks.length(example);
    }

    @Override
    public int targets(int example) {
        return blocks.length(example) - 1;
    }

    @Override
    public NDList batch(NDManager manager, int[] examples) {
        int longest = 0;
        for (int example : examples) {
            longest = Math.max(longest, blocks.length(example));
        }
        long[][] inputIds = new long[examples.length][longest];
        long[][] targets = new long[examples.length][longest];
        int[] ids = new int[longest];
        for (int b = 0; b < examples.length; b++) {
            int length = blocks.length(examples[b]);
            blocks.copy(examples[b], ids);
            for (int t = 0; t < longest; t++) {
                inputIds[b][t] = t < length ? ids[t] : 0;
                targets[b][t] = t + 1 < length ? ids[t + 1] : NOT_SCORED;
            }
        }
        return new NDList(manager.create(inputIds), manager.create(targets)); // (B, T) each
    }
}
