package org.diagonal.eval.measure.perplexity;

import java.util.Iterator;
import java.util.stream.IntStream;
import org.diagonal.wikitext.Tokens;

/**
 * The protocol {@code run-clm}: the ids of every 1,000 rows are cut into disjoint blocks of N ids,
 * the remainder is dropped, and a block predicts N − 1 of its ids.
 *
 * @param text the ids of the rows, tokenized one by one
 * @param blockSize N, at least 2
 */
public record RunClm(Tokens text, int blockSize) implements TokenWindows {

    private static final int ROWS = 1000; // what Hugging Face's Dataset.map hands over at once

    /** Refuses a block size out of range and a text without one full block, naming the values. */
    public RunClm {
        Protocol.requireBlockSize(blockSize);
        int longest = 0;
        for (int group = 0; group < groups(text); group++) {
            longest = Math.max(longest, groupStart(text, group + 1) - groupStart(text, group));
        }
        if (longest < blockSize) {
            throw new TooShortException(
                    ("the text is too short for one block of run-clm: block_size=%d, ids in the"
                                    + " longest group of %d rows=%d")
                            .formatted(blockSize, ROWS, longest));
        }
    }

    @Override
    public Protocol protocol() {
        return Protocol.RUN_CLM;
    }

    @Override
    public long count() {
        long blocks = 0;
        for (int group = 0; group < groups(text); group++) {
            blocks += blocks(group);
        }
        return blocks;
    }

    @Override
    public Iterator<Window> iterator() {
        return IntStream.range(0, groups(text))
                .flatMap(this::begins)
                .mapToObj(begin -> window(begin, begin + 1, begin + blockSize, blockSize))
                .iterator();
    }

    /** Where the blocks of a group begin. */
    private IntStream begins(int group) {
        int start = groupStart(text, group);
        return IntStream.range(0, blocks(group)).map(block -> start + block * blockSize);
    }

    private int blocks(int group) {
        return (groupStart(text, group + 1) - groupStart(text, group)) / blockSize;
    }

    private static int groups(Tokens text) {
        return (text.rows() + ROWS - 1) / ROWS;
    }

    private static int groupStart(Tokens text, int group) {
        return text.rowStart((int) Math.min((long) group * ROWS, text.rows()));
    }
}
