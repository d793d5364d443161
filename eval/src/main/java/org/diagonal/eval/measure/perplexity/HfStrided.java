package org.diagonal.eval.measure.perplexity;

import java.util.Iterator;
import java.util.OptionalInt;
import java.util.stream.LongStream;
import org.diagonal.wikitext.Tokens;

/**
 * The protocol {@code hf-strided}: windows of N ids begin every {@code stride} ids of the joined
 * text and score what no window before scored. The last window ends with the text and may be
 * shorter. With a stride below N every id but the first is scored once; with a stride of N the
 * windows are disjoint and the first id of each has no context, so it is not scored.
 *
 * @param text the ids of the whole text, rows joined
 * @param blockSize N, at least 2
 * @param strideIds from 1 to N
 */
public record HfStrided(Tokens text, int blockSize, int strideIds) implements TokenWindows {

    /** Refuses settings out of range and a text without two ids, naming the values. */
    public HfStrided {
        Protocol.requireBlockSize(blockSize);
        Protocol.requireStride(strideIds, blockSize);
        if (text.size() < 2) {
            throw new TooShortException(
                    "the text is too short for hf-strided: ids=%d, needed=2"
                            .formatted(text.size()));
        }
    }

    @Override
    public Protocol protocol() {
        return Protocol.HF_STRIDED;
    }

    @Override
    public OptionalInt stride() {
        return OptionalInt.of(strideIds);
    }

    @Override
    public long count() {
        long last = lastWindow();
        return first(last) < text.size() ? last + 1 : last;
    }

    @Override
    public Iterator<Window> iterator() {
        return LongStream.range(0, count()).mapToObj(this::window).iterator();
    }

    private Window window(long index) {
        int begin = (int) (index * strideIds);
        int end = (int) Math.min((long) begin + blockSize, text.size());
        int labels = (int) (end - scoredBefore(index));
        return window(begin, (int) first(index), end, labels);
    }

    /** The first window that reaches the end of the text. */
    private long lastWindow() {
        long beyond = Math.max(0L, (long) text.size() - blockSize);
        return (beyond + strideIds - 1) / strideIds;
    }

    /** The first position that a window scores. */
    private long first(long index) {
        return Math.max(scoredBefore(index), index * strideIds + 1);
    }

    private long scoredBefore(long index) {
        return index == 0 ? 0 : (index - 1) * strideIds + blockSize;
    }
}
