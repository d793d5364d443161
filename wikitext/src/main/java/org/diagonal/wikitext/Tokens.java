package org.diagonal.wikitext;

import java.nio.IntBuffer;
import java.util.Arrays;

/**
 * The token ids of one text in order, and where its rows and its articles begin.
 *
 * <p>Ids may lie in a mapped file; nothing here copies them. Immutable and safe for many threads.
 */
public final class Tokens {

    private final IntBuffer ids;
    private final int[] rowStarts;
    private final int[] articleStarts;

    /**
     * Tokens over a buffer that the caller no longer changes.
     *
     * @param ids the ids, from position 0 to the buffer's limit
     * @param rowStarts ascending positions of each row's first id; an empty row begins where the
     *     next one does
     * @param articleStarts ascending positions of each article's first id; the first is 0
     * @throws IllegalArgumentException if starts descend or lie outside the ids, or the first
     *     article begins after the first id
     */
    public Tokens(IntBuffer ids, int[] rowStarts, int[] articleStarts) {
        this.ids = ids.duplicate().rewind().slice();
        this.rowStarts = checked("rowStarts", rowStarts);
        this.articleStarts = checked("articleStarts", articleStarts);
        if (articleStarts.length > 0 && articleStarts[0] != 0) {
            throw new IllegalArgumentException(
                    "articleStarts must begin with 0: " + articleStarts[0]);
        }
    }

    private int[] checked(String name, int[] starts) {
        int last = 0;
        for (int start : starts) {
            if (start < last || start > ids.limit()) {
                throw new IllegalArgumentException(
                        name + " must ascend within the ids: " + start + " after " + last);
            }
            last = start;
        }
        return starts.clone();
    }

    /** The number of ids. */
    public int size() {
        return ids.limit();
    }

    /** The id at a position from 0 to {@link #size()} − 1. */
    public int id(int position) {
        return ids.get(position);
    }

    /** Copies ids from a position on into an array, filling it. */
    public void copy(int position, int[] into) {
        ids.get(position, into);
    }

    /**
     * Copies {@code count} ids from a position on to the front of an array.
     *
     * @throws IndexOutOfBoundsException if the ids or the array have fewer
     */
    public void copy(int position, int[] into, int count) {
        ids.get(position, into, 0, count);
    }

    /** The number of rows, empty ones included. */
    public int rows() {
        return rowStarts.length;
    }

    /** The position of a row's first id; {@link #size()} for {@code row == rows()}. */
    public int rowStart(int row) {
        return row == rowStarts.length ? size() : rowStarts[row];
    }

    /** The number of articles. */
    public int articles() {
        return articleStarts.length;
    }

    /** The position of an article's first id; {@link #size()} for {@code article == articles()}. */
    public int articleStart(int article) {
        return article == articleStarts.length ? size() : articleStarts[article];
    }

    /** The article that a position belongs to. */
    public int articleOf(int position) {
        int found = Arrays.binarySearch(articleStarts, position);
        if (found < 0) {
            return Math.max(0, -found - 2);
        }
        while (found + 1 < articleStarts.length && articleStarts[found + 1] == position) {
            found++; // an article without ids begins where the next one does
        }
        return found;
    }
}
