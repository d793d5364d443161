package org.diagonal.eval.measure.perplexity;

import java.util.Arrays;

/**
 * One forward pass: T input ids, the id to be predicted after each, and whose article that id is.
 */
public final class Window {

    /** The target of a position that is context only. */
    public static final int NOT_SCORED = -100;

    private final int[] inputIds; // (T)
    private final int[] targets; // (T)
    private final int[] articles; // (T)
    private final int labels;

    /**
     * A window over arrays of one length that the caller gives away.
     *
     * @param labels ids that Hugging Face's page calls valid: those that no earlier window held,
     *     even one at the beginning that nothing can predict
     */
    Window(int[] inputIds, int[] targets, int[] articles, int labels) {
        this.inputIds = inputIds;
        this.targets = targets;
        this.articles = articles;
        this.labels = labels;
    }

    /** The number T of input ids. */
    public int length() {
        return inputIds.length;
    }

    /** A copy of the T input ids. */
    public int[] inputIds() {
        return inputIds.clone();
    }

    /** A copy of the T targets, {@link #NOT_SCORED} where the position is context only. */
    public int[] targets() {
        return targets.clone();
    }

    /** The article of the target at a position from 0 to T − 1; meaningful where one is scored. */
    public int article(int position) {
        return articles[position];
    }

    /** Whether the target at a position from 0 to T − 1 is scored. */
    public boolean scores(int position) {
        return targets[position] != NOT_SCORED;
    }

    /** The number of targets that are scored. */
    public int scored() {
        return (int) Arrays.stream(targets).filter(target -> target != NOT_SCORED).count();
    }

    int labels() {
        return labels;
    }
}
