package org.diagonal.wikitext;

import java.util.Arrays;

/**
 * A text cut into examples for training. Within an example of n ids the target of position t is the
 * id at t + 1 and the last position has none, as in Hugging Face's {@code labels = input_ids}.
 *
 * <p>Immutable and safe for many threads.
 */
public final class Blocks {

    private final Tokens tokens;
    private final int[] starts;
    private final int[] lengths;

    private Blocks(Tokens tokens, IntList starts, IntList lengths) {
        this(tokens, starts.toArray(), lengths.toArray());
    }

    private Blocks(Tokens tokens, int[] starts, int[] lengths) {
        this.tokens = tokens;
        this.starts = starts;
        this.lengths = lengths;
    }

    /**
     * Examples as a corpus wants them: documents given as ids stay apart, any text is one stream.
     *
     * @param tokens the corpus' tokens
     * @param blockSize the most ids in an example, at least 2
     */
    public static Blocks of(Corpus corpus, Tokens tokens, int blockSize) {
        return corpus.layout() == Corpus.Layout.IDS
                ? perArticle(tokens, blockSize)
                : concatenated(tokens, blockSize);
    }

    /**
     * Disjoint blocks of {@code blockSize} ids in order, articles one after another. What is left
     * at the end is dropped, unless it is all there is and has a target.
     */
    public static Blocks concatenated(Tokens tokens, int blockSize) {
        checkSize(blockSize);
        IntList starts = new IntList();
        IntList lengths = new IntList();
        for (int at = 0; tokens.size() - at >= blockSize; at += blockSize) {
            starts.add(at);
            lengths.add(blockSize);
        }
        if (starts.size() == 0 && tokens.size() > 1) {
            starts.add(0);
            lengths.add(tokens.size());
        }
        return new Blocks(tokens, starts, lengths);
    }

    /**
     * Each article on its own, cut into pieces of {@code blockSize} ids and a shorter last one. A
     * piece of a single id is dropped, as it has no target.
     */
    public static Blocks perArticle(Tokens tokens, int blockSize) {
        checkSize(blockSize);
        IntList starts = new IntList();
        IntList lengths = new IntList();
        for (int article = 0; article < tokens.articles(); article++) {
            int end = tokens.articleStart(article + 1);
            int length;
            for (int at = tokens.articleStart(article); end - at > 1; at += length) {
                length = Math.min(blockSize, end - at);
                starts.add(at);
                lengths.add(length);
            }
        }
        return new Blocks(tokens, starts, lengths);
    }

    private static void checkSize(int blockSize) {
        if (blockSize < 2) {
            throw new IllegalArgumentException(
                    "block size must be at least 2, an id and its target: " + blockSize);
        }
    }

    /**
     * Some of the examples that follow each other.
     *
     * @param from the first
     * @param to the one behind the last
     */
    public Blocks range(int from, int to) {
        return new Blocks(
                tokens,
                Arrays.copyOfRange(starts, from, to),
                Arrays.copyOfRange(lengths, from, to));
    }

    /** The number of examples. */
    public int count() {
        return starts.length;
    }

    /** The number of ids in an example, from 2 to the block size. */
    public int length(int example) {
        return lengths[example];
    }

    /**
     * Copies an example's ids to the front of an array; what lies behind them stays.
     *
     * @throws IllegalArgumentException if the array is shorter than the example
     */
    public void copy(int example, int[] into) {
        int length = lengths[example];
        if (into.length < length) {
            throw new IllegalArgumentException(
                    "the example has " + length + " ids, the array room for " + into.length);
        }
        tokens.copy(starts[example], into, length);
    }

    /** The number of targets in all examples. */
    public long targets() {
        long targets = 0;
        for (int length : lengths) {
            targets += length - 1;
        }
        return targets;
    }

    /** The number of ids in all examples. */
    public long ids() {
        return targets() + count();
    }
}
